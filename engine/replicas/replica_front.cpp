// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/replicas/replica_front.h"

#include <algorithm>
#include <exception>
#include <new>
#include <random>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/sampling/sampling_params.h"

namespace vitrine::engine {

namespace {

constexpr std::uint32_t kMostSamples = 256; // as an engine has it

RouterOptions routerOptions(const std::vector<PreparedModel>& replicas)
{
    VT_CHECK(!replicas.empty());
    const PreparedModel& first = replicas.front();
    std::random_device random;
    RouterOptions options;
    options.replicas = static_cast<std::uint32_t>(replicas.size());
    options.blockSize = first.kv.blockSize;
    options.cachedBlocks =
        first.options.prefixCache ? std::uint64_t{first.kv.blocks} + first.options.hostBlocks : 0;
    options.seed = (std::uint64_t{random()} << 32U) | random();
    return options;
}

} // namespace

ReplicaFront::ReplicaFront(std::vector<PreparedModel> replicas)
    : m_encoder(replicas.front().model), m_router(routerOptions(replicas)), m_figures(replicas.size()),
      m_errors(replicas.size())
{
    for (const PreparedModel& prepared : replicas)
        m_infos.push_back(prepared.executor->info());
    for (PreparedModel& prepared : replicas)
        m_replicas.push_back(std::make_unique<Replica>(static_cast<std::uint32_t>(m_replicas.size()),
                                                       std::move(prepared), m_outbox));
}

ReplicaFront::~ReplicaFront() = default;

/// The router's view of the prompt; it then goes on as tokens, so that no engine reads the text again.
Result<std::vector<TokenId>> ReplicaFront::tokensOf(GenerationRequest& request) const
{
    if (request.continues) {
        Result<ContinuedPrompt> prompt =
            m_encoder.encodeContinued(request.prompt, request.continuationTokens);
        if (!prompt)
            return prompt.error();
        return std::move(prompt->tokens); // the engine has to know where the reply begins
    }
    Result<std::vector<TokenId>> tokens = m_encoder.encode(request.prompt);
    if (tokens)
        request.prompt = *tokens;
    return tokens;
}

/// What libraries throw at a prompt ends the request, not the load.
Result<std::vector<TokenId>> ReplicaFront::guardedTokensOf(GenerationRequest& request) const
{
    try {
        return tokensOf(request);
    } catch (const std::bad_alloc&) {
        return outOfResources("not enough memory for this prompt");
    } catch (const std::exception& failure) {
        return internalError(std::string("the prompt could not be taken: ") + failure.what());
    }
}

Result<std::vector<RequestId>> ReplicaFront::submitSamples(GenerationRequest request, std::uint32_t samples)
{
    if (samples < 1 || samples > kMostSamples)
        return invalidArgument("ask for 1 to " + std::to_string(kMostSamples) + " samples of a prompt, not " +
                               std::to_string(samples));
    if (const Result<void> valid = validate(request.sampling); !valid)
        return valid.error();
    const Result<std::vector<TokenId>> tokens = guardedTokensOf(request);
    if (!tokens)
        return tokens.error();
    if (tokens->empty())
        return invalidArgument("the prompt is empty");
    CacheScope scope;
    scope.salt = request.cacheSalt;
    const RequestId first{m_lastId + 1};
    m_lastId += samples;
    const std::uint32_t replica = m_router.route({first, samples, *tokens, scope, request.maxTokens});
    std::vector<RequestId> ids;
    for (std::uint32_t i = 0; i < samples; ++i) {
        ids.push_back({first.value + i});
        m_running.emplace(ids.back(), Running{replica, scope});
    }
    m_replicas[replica]->submit(first, std::move(request), samples);
    return ids;
}

void ReplicaFront::cancel(RequestId id)
{
    if (const auto running = m_running.find(id); running != m_running.end())
        m_replicas[running->second.replica]->cancel(id);
}

PredictionErrors ReplicaFront::predictionErrors() const
{
    PredictionErrors mean;
    double weight = 0.0;
    for (const PredictionErrors& errors : m_errors) {
        const auto replies = static_cast<double>(errors.length.replies);
        mean.stepTime += errors.stepTime / static_cast<double>(m_errors.size());
        mean.length.replies += errors.length.replies;
        mean.length.meanAbsolute += errors.length.meanAbsolute * replies;
        mean.length.meanSigned += errors.length.meanSigned * replies;
        weight += replies;
    }
    mean.length.meanAbsolute /= std::max(weight, 1.0);
    mean.length.meanSigned /= std::max(weight, 1.0);
    return mean;
}

bool ReplicaFront::deliver(std::int64_t nanoseconds)
{
    const std::vector<ReplicaNews> all = m_outbox.take(nanoseconds);
    for (const ReplicaNews& news : all) {
        m_errors[news.replica] = news.errors;
        m_recoveries.insert(m_recoveries.end(), news.recoveries.begin(), news.recoveries.end());
        if (news.failed)
            m_router.takeOut(news.replica);
        for (const EngineEvent& event : news.events)
            take(news.replica, event);
        for (const StepFigures& step : news.steps)
            take(news.replica, step);
    }
    return !all.empty();
}

void ReplicaFront::take(std::uint32_t replica, const EngineEvent& event)
{
    if (const auto* progress = std::get_if<PrefillProgress>(&event))
        m_router.computed(progress->request,
                          progress->promptTokens - std::min(progress->promptTokens, progress->computed));
    if (const auto* token = std::get_if<TokenGenerated>(&event)) {
        ++m_figures[replica].replyTokens;
        m_router.said(token->request);
    }
    if (const auto* last = std::get_if<RequestFinished>(&event))
        finish(replica, *last);
    if (m_sink)
        m_sink(event);
}

void ReplicaFront::finish(std::uint32_t replica, const RequestFinished& event)
{
    const auto running = m_running.find(event.request);
    VT_CHECK(running != m_running.end());
    m_router.finished(event.request, event.path, running->second.scope);
    m_running.erase(running);
    m_figures[replica].cachedTokens += event.stats.cachedTokens;
}

void ReplicaFront::take(std::uint32_t replica, const StepFigures& step)
{
    ReplicaFigures& figures = m_figures[replica];
    ++figures.steps;
    figures.peakBlocks = std::max(figures.peakBlocks, step.blocksReferencedPeak);
    figures.peakRunning = std::max(figures.peakRunning, step.running);
    figures.totalBlocks = step.blocksTotal();
    if (m_onStep)
        m_onStep(replica, step);
}

ReplicaFigures ReplicaFront::figures(std::uint32_t replica) const
{
    ReplicaFigures figures = m_figures[replica];
    figures.requests = m_router.requests(replica);
    figures.failed = m_router.isOut(replica);
    figures.expectedHits = m_router.expectedHits(replica);
    return figures;
}

} // namespace vitrine::engine
