// SPDX-License-Identifier: GPL-3.0-or-later
// score: log-probabilities of a token sequence at every position.
#include <cstring>
#include <thread>
#include <utility>

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

engine::EngineOptions scoreOptions(const Arguments& arguments, std::size_t tokens)
{
    engine::EngineOptions options = engineOptions(arguments);
    if (options.kvBlocks == 0)
        options.kvBlocks = static_cast<std::uint32_t>((tokens + options.blockSize - 1) / options.blockSize);
    options.executor.precise = arguments.has("--precise");
    if (options.executor.precise)
        options.executor.kvFormat = engine::KvFormat::F32;
    return options;
}

Result<std::vector<engine::PreparedModel>> prepareFor(const Arguments& arguments, std::size_t tokens)
{
    const Result<std::string> path = modelPath(arguments);
    if (!path)
        return path.error();
    const engine::EngineOptions options = scoreOptions(arguments, tokens);
    if (const std::uint32_t replicas = replicasOf(arguments); replicas > 1)
        return prepareAll(*path, options, replicas);
    Result<engine::PreparedModel> prepared = prepare(*path, options);
    if (!prepared)
        return prepared.error();
    std::vector<engine::PreparedModel> one;
    one.push_back(std::move(*prepared));
    return one;
}

/// Every replica scores the tokens, all at the same time.
std::vector<Result<engine::TokenScores>> scoreAll(const std::vector<engine::PreparedModel>& replicas,
                                                  const std::vector<TokenId>& tokens, std::uint32_t top)
{
    std::vector<Result<engine::TokenScores>> scores(replicas.size(), engine::cancelled(""));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < replicas.size(); ++i)
        threads.emplace_back([&, i] {
            const engine::PreparedModel& replica = replicas[i];
            scores[i] = engine::scoreTokens(*replica.executor, replica.kv, replica.model->config().vocab,
                                            tokens, top, [] { return !g_stopRequested.load(); });
        });
    for (std::thread& thread : threads)
        thread.join();
    return scores;
}

bool isSame(const std::vector<double>& a, const std::vector<double>& b)
{
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof a[0]) == 0);
}

/// To the bit, also where a number is none.
bool isSame(const engine::TokenScores& a, const engine::TokenScores& b)
{
    return isSame(a.nextLogprob, b.nextLogprob);
}

/// Those of the first; replicas that differ are an error of ours.
Result<engine::TokenScores> agreed(std::vector<Result<engine::TokenScores>> scores)
{
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (!scores[i])
            return scores[i].error();
        if (i > 0 && !isSame(*scores[i], *scores.front()))
            return engine::internalError("replica " + std::to_string(i) +
                                         " computes other probabilities than replica 0");
    }
    return std::move(scores.front());
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
                       "\"next_logprob\": [...], \"mean_nll\": x}; mean_nll is null for a single token.\n"
                       "With --replicas each of them scores all tokens, and must find the same.",
            .flags = modelFlags() +
                     std::vector<Flag>{
                         tokens, replicasFlag(),
                         integerFlag("--top", "K", 0, 1000, "best tokens at each position; 10 without it"),
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
    const Result<std::vector<engine::PreparedModel>> replicas = prepareFor(arguments, tokens->size());
    if (!replicas)
        return fail(replicas.error());
    const Result<engine::TokenScores> scores =
        agreed(scoreAll(*replicas, *tokens, static_cast<std::uint32_t>(arguments.integer("--top", 10))));
    if (!scores)
        return fail(scores.error());
    printLine(report(*tokens, *scores));
    return kExitOk;
}

} // namespace vitrine::cli
