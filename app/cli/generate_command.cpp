// SPDX-License-Identifier: GPL-3.0-or-later
// generate: completes one prompt, streaming the text or printing one JSON document at the end.
#include <cstdio>

#include "app/cli/command.h"
#include "app/cli/load_follower.h"
#include "app/cli/memory_report.h"
#include "engine/base/clock.h"

namespace vitrine::cli {

using engine::Result;

namespace {

/// What came back, gathered from the engine's events.
struct Reply
{
    bool stream = false; ///< write text to stdout as it comes
    bool finished = false;
    std::string text;
    std::vector<engine::SampledToken> tokens;
    engine::RequestFinished end;

    void append(const std::string& piece)
    {
        text += piece;
        if (!stream || piece.empty())
            return;
        std::fwrite(piece.data(), 1, piece.size(), stdout);
        std::fflush(stdout);
    }

    void take(const engine::EngineEvent& event)
    {
        if (const auto* token = std::get_if<engine::TokenGenerated>(&event)) {
            append(token->text);
            tokens.push_back(token->token);
        } else if (const auto* last = std::get_if<engine::RequestFinished>(&event)) {
            append(last->text);
            end = *last;
            finished = true;
        }
    }
};

engine::GenerationRequest requestFrom(const Arguments& arguments, std::string prompt)
{
    engine::GenerationRequest request;
    if (arguments.has("--chat"))
        request.prompt = std::vector<engine::ChatMessage>{{"user", std::move(prompt)}};
    else
        request.prompt = std::move(prompt);
    request.maxTokens = static_cast<std::uint32_t>(arguments.integer("--max-tokens", 256));
    request.sampling.temperature = static_cast<float>(arguments.number("--temp", 0.0));
    request.sampling.topK = static_cast<std::uint32_t>(arguments.integer("--top-k", 0));
    request.sampling.topP = static_cast<float>(arguments.number("--top-p", 1.0));
    request.sampling.minP = static_cast<float>(arguments.number("--min-p", 0.0));
    request.sampling.seed = arguments.integer("--seed", 0);
    request.sampling.logprobs = static_cast<std::uint32_t>(arguments.integer("--logprobs", 0));
    return request;
}

/// A reply length that nobody asked for shrinks to what fits.
Result<engine::RequestId> submit(engine::Engine& engine, engine::GenerationRequest request, bool anyLength)
{
    Result<engine::RequestId> id = engine.submit(request);
    if (!id && id.error().code == engine::ErrorCode::OutOfResources && anyLength) {
        request.maxTokens = 0;
        id = engine.submit(std::move(request));
    }
    return id;
}

Json logprobsOf(const engine::SampledToken& token)
{
    Json top = Json::array();
    for (const engine::TokenProbability& entry : token.top)
        top.push_back(Json::array({entry.id, rounded(double{entry.logprob})}));
    return {{"id", token.id}, {"logprob", rounded(double{token.logprob})}, {"top", std::move(top)}};
}

Json timings(const engine::RequestStats& stats, double loadSeconds)
{
    const double queue = static_cast<double>(stats.times.admittedNs - stats.times.arrivalNs) * 1e-9;
    const double first = stats.timeToFirstToken();
    const double computed = stats.promptTokens - stats.cachedTokens;
    return {{"load_s", rounded(loadSeconds)},
            {"queue_s", rounded(stats.times.admittedNs != 0 ? queue : 0.0)},
            {"ttft_s", rounded(first)},
            {"e2e_s", rounded(stats.endToEnd())},
            {"prompt_tokens", stats.promptTokens},
            {"cached_tokens", stats.cachedTokens},
            {"prefill_tokens_per_s", rounded(first > 0.0 ? computed / first : 0.0)},
            {"decode_tokens_per_s", rounded(stats.tokensPerSecond())}};
}

Json report(const Reply& reply, bool withLogprobs, double loadSeconds, const engine::ExecutorInfo& info)
{
    Json tokens = Json::array(), logprobs = Json::array();
    for (const engine::SampledToken& token : reply.tokens) {
        tokens.push_back(token.id);
        if (withLogprobs)
            logprobs.push_back(logprobsOf(token));
    }
    return {{"text", reply.text},
            {"tokens", std::move(tokens)},
            {"finish_reason", engine::finishReasonName(reply.end.reason)},
            {"logprobs", std::move(logprobs)},
            {"timings", timings(reply.end.stats, loadSeconds)},
            {"memory", memoryReport(info)},
            {"devices", devicesOf(info)}};
}

/// Steps until the reply is there; Ctrl-C ends it with what there is.
void drive(engine::Engine& engine, LoadFollower& follower, engine::RequestId id, const Reply& reply)
{
    while (!reply.finished && engine.step()) {
        tellRecoveries(engine.takeRecoveries());
        follower.takeSteps(engine);
        follower.act(engine);
        if (g_stopRequested && !reply.finished)
            engine.cancel(id);
    }
}

int finish(const Reply& reply, const Arguments& arguments, double loadSeconds,
           const engine::ExecutorInfo& info)
{
    if (!reply.finished)
        return fail(engine::internalError("the engine stopped before the reply was complete"));
    if (reply.end.reason == engine::FinishReason::Error)
        return fail(engine::internalError(reply.end.error));
    if (arguments.has("--json"))
        printLine(report(reply, arguments.has("--logprobs"), loadSeconds, info));
    else
        std::fputc('\n', stdout);
    return kExitOk;
}

} // namespace

Command generateCommand()
{
    Flag prompt = textFlag("--prompt", "TEXT", "what to complete; - reads it from stdin");
    prompt.alias = "-p";
    prompt.required = true;
    Flag count =
        integerFlag("--max-tokens", "N", 0, 1e9, "reply tokens at most; 256 without it, 0: as many as fit");
    count.alias = "-n";
    return {.name = "generate",
            .usage = "[-m MODEL] -p TEXT [--chat] [-n N] [sampling flags] [--json]",
            .summary = "Completes a prompt.",
            .details =
                "The text is streamed to stdout. --json prints one document at the end instead: {\"text\",\n"
                "\"tokens\": [...], \"finish_reason\", \"logprobs\": [{\"id\", \"logprob\", \"top\": [[id,\n"
                "logprob], ...]}, ...], \"timings\": {...}, \"memory\": {...}, \"devices\": [{\"device\",\n"
                "\"first_layer\", \"layers\", \"memory\": {...}}, ...]}, memory in bytes.",
            .flags =
                withAutomaticRanks(modelFlags()) +
                std::vector<Flag>{
                    prompt,
                    switchFlag("--chat", "send the text as a user's message through the chat template"),
                    count, numberFlag("--temp", "T", 0, 100, "temperature; 0 (greedy) without it"),
                    integerFlag("--top-k", "K", 0, 1e9, "sample from the K best; 0: off"),
                    numberFlag("--top-p", "P", 0, 1, "sample from the best that reach P together; 1: off"),
                    numberFlag("--min-p", "P", 0, 1, "drop what is below P times the best; 0: off"),
                    integerFlag("--seed", "S", 0, 0x1p64, "same seed, same reply; 0 without it"),
                    integerFlag("--logprobs", "K", 0, 100, "with --json: the K best at each token"),
                    switchFlag("--json", "one JSON document instead of text")},
            .positionals = {}};
}

int runGenerate(const Arguments& arguments)
{
    if (arguments.has("--logprobs") && !arguments.has("--json"))
        return fail(engine::invalidArgument("generate: --logprobs needs --json"));
    if (const Result<void> possible = checkAutomaticRanks(arguments); !possible)
        return fail(possible.error());
    Result<std::string> prompt = arguments.text("--prompt");
    if (*prompt == "-")
        prompt = readInput("-", std::size_t{1} << 26);
    if (!prompt)
        return fail(prompt.error());
    const std::int64_t start = engine::nowNs();
    Result<engine::PreparedModel> prepared = prepare(arguments, engineOptions(arguments));
    if (!prepared)
        return fail(prepared.error());
    const double loadSeconds = static_cast<double>(engine::nowNs() - start) * 1e-9;
    LoadFollower follower(*prepared);
    engine::Engine engine;
    Reply reply;
    reply.stream = !arguments.has("--json");
    engine.subscribe([&](const engine::EngineEvent& event) { reply.take(event); });
    engine.install(std::move(*prepared));
    const Result<engine::RequestId> id =
        submit(engine, requestFrom(arguments, std::move(*prompt)), !arguments.has("--max-tokens"));
    if (!id)
        return fail(id.error());
    drive(engine, follower, *id, reply);
    return finish(reply, arguments, loadSeconds, engine.model()->executor);
}

} // namespace vitrine::cli
