// SPDX-License-Identifier: GPL-3.0-or-later
// score: log-probabilities of a token sequence at every position.
#include "app/cli/command.h"
#include "app/cli/lines.h"
#include "engine/scoring/scorer.h"

namespace vitrine::cli {

using engine::Result;
using engine::TokenId;

namespace {

Result<std::vector<TokenId>> readTokens(const std::string& path, const engine::ModelConfig& config)
{
    const Result<std::string> text = readInput(path, std::size_t{1} << 27);
    const std::string name = inputName(path);
    if (!text)
        return text.error();
    std::string error;
    const std::optional<Json> document = parseJson(*text, error);
    const Result<std::vector<TokenId>> ids =
        document ? tokenIds(*document, config.vocab) : Result<std::vector<TokenId>>(engine::badInput(error));
    if (!ids)
        return engine::badInput(name + ": " + ids.error().message);
    if (ids->empty())
        return engine::badInput(path + ": the list of tokens is empty");
    if (ids->size() > config.contextLength)
        return engine::badInput(name + ": " + std::to_string(ids->size()) +
                                " tokens, but the model's context is " +
                                std::to_string(config.contextLength));
    return ids;
}

Json report(const std::vector<TokenId>& tokens, const engine::TokenScores& scores)
{
    Json top = Json::object();
    for (std::size_t position = 0; position < scores.top.size(); ++position) {
        Json row = Json::array();
        for (const engine::TokenProbability& entry : scores.top[position])
            row.push_back(Json::array({entry.id, rounded(double{entry.logprob})}));
        top[std::to_string(position)] = std::move(row);
    }
    Json next = Json::array();
    for (double logprob : scores.nextLogprob)
        next.push_back(rounded(logprob));
    const Json mean = tokens.size() > 1 ? Json(rounded(scores.meanNll)) : Json(nullptr);
    return {
        {"tokens", tokens}, {"top", std::move(top)}, {"next_logprob", std::move(next)}, {"mean_nll", mean}};
}

/// The tokens come first, so that a bad file is refused before a model is packed.
Result<engine::PreparedModel> prepareFor(const Arguments& arguments, std::size_t tokens)
{
    engine::EngineOptions options = engineOptions(arguments);
    if (options.kvBlocks == 0)
        options.kvBlocks = static_cast<std::uint32_t>((tokens + options.blockSize - 1) / options.blockSize);
    options.executor.precise = arguments.has("--precise");
    if (options.executor.precise)
        options.executor.kvFormat = engine::KvFormat::F32;
    return prepare(arguments, options);
}

} // namespace

Command scoreCommand()
{
    Flag tokens = textFlag("--tokens", "FILE", "one JSON array of token ids; - is stdin");
    tokens.required = true;
    return {.name = "score",
            .usage = "[-m MODEL] --tokens FILE [--top K] [--precise]",
            .summary = "Log-probabilities of a token sequence at every position.",
            .details = "stdout: {\"tokens\": [...], \"top\": {\"0\": [[id, logprob], ...], ...},\n"
                       "\"next_logprob\": [...], \"mean_nll\": x}; mean_nll is null for a single token.",
            .flags =
                modelFlags() +
                std::vector<Flag>{
                    tokens, integerFlag("--top", "K", 0, 1000, "best tokens at each position; 10 without it"),
                    switchFlag("--precise", "float32 activations, KV and arithmetic throughout")},
            .positionals = {}};
}

int runScore(const Arguments& arguments)
{
    if (arguments.has("--precise") && arguments.has("--kv-format") && arguments.text("--kv-format") != "f32")
        return fail(engine::invalidArgument("score: --precise keeps the KV cache in f32"));
    const Result<std::string> path = modelPath(arguments);
    if (!path)
        return fail(path.error());
    const Result<std::shared_ptr<const engine::Model>> model = engine::Model::load(*path);
    if (!model)
        return fail(model.error());
    const Result<std::vector<TokenId>> tokens = readTokens(arguments.text("--tokens"), (*model)->config());
    if (!tokens)
        return fail(tokens.error());
    const Result<engine::PreparedModel> prepared = prepareFor(arguments, tokens->size());
    if (!prepared)
        return fail(prepared.error());
    const Result<engine::TokenScores> scores = engine::scoreTokens(
        *prepared->executor, prepared->kv, (*model)->config().vocab, *tokens,
        static_cast<std::uint32_t>(arguments.integer("--top", 10)), [] { return !g_stopRequested.load(); });
    if (!scores)
        return fail(scores.error());
    printLine(report(*tokens, *scores));
    return kExitOk;
}

} // namespace vitrine::cli
