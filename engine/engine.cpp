// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <new>
#include <random>

#include "engine/base/clock.h"
#include "engine/engine_stream.h"
#include "engine/execution/kv_columns.h"
#include "engine/sampling/counter_rng.h"

namespace vitrine::engine {

namespace {

std::uint64_t randomSeed()
{
    std::random_device random;
    return (std::uint64_t{random()} << 32) | random();
}

KvCacheOptions cacheOptions(const PreparedModel& prepared)
{
    KvCacheOptions options;
    options.blocks = prepared.kv.blocks;
    options.blockSize = prepared.kv.blockSize;
    options.shape = kvColumns(prepared.model->config()).shape;
    options.prefixCache = prepared.options.prefixCache;
    options.hostBlocks = prepared.options.hostBlocks;
    options.modelKey = std::hash<std::string>{}(prepared.model->path());
    options.seed = prepared.options.cacheSeed != 0 ? prepared.options.cacheSeed : randomSeed();
    return options;
}

/// How far back any layer looks; 0 when one sees everything.
std::uint32_t widestWindow(const ModelConfig& config)
{
    std::uint32_t widest = 0;
    for (const LayerConfig& layer : config.layers) {
        if (layer.slidingWindow == 0)
            return 0;
        widest = std::max(widest, layer.slidingWindow);
    }
    return widest;
}

SchedulerOptions schedulerOptions(const PreparedModel& prepared)
{
    SchedulerOptions options = prepared.options.scheduler;
    const std::uint32_t trained = prepared.model->config().contextLength;
    options.contextLength = options.contextLength == 0 ? trained : std::min(options.contextLength, trained);
    options.kvBytesPerToken = prepared.executor->kvBytesPerToken();
    options.slidingWindow = widestWindow(prepared.model->config());
    return options;
}

} // namespace

Engine::Engine() = default;
Engine::~Engine()
{
    m_executor.reset(); // first: it may be computing what the other members hold
}

void Engine::install(PreparedModel prepared)
{
    VT_CHECK(prepared.model && prepared.executor);
    nameNvtxThread("engine");
    const NvtxRange range(NvtxName::InstallModel);
    unload();
    m_cache = std::make_unique<KvCache>(cacheOptions(prepared));
    m_scheduler = std::make_unique<Scheduler>(schedulerOptions(prepared), *m_cache);
    m_model = std::move(prepared.model);
    m_executor = std::move(prepared.executor);
    m_kvPlan = prepared.kv;
    m_options = prepared.options;
    m_encoder = std::make_shared<const PromptEncoder>(m_model);
    beginRecording();
}

void Engine::unload()
{
    settle();
    m_executor.reset(); // a client that hears of its request's end can submit no other
    endAll(FinishReason::Cancelled, "");
    m_streams.clear();
    m_encoder.reset();
    m_scheduler.reset();
    m_cache.reset();
    m_model.reset();
    m_kvPlan = {};
    m_samplers.clear(); // some vocabularies of memory each
}

std::optional<ModelSummary> Engine::model() const
{
    if (!hasModel())
        return std::nullopt;
    const ModelConfig& config = m_model->config();
    ModelSummary summary;
    summary.path = m_model->path();
    summary.name = config.name;
    summary.architecture = config.architecture;
    summary.fileType = config.fileType;
    summary.contextLength = config.contextLength;
    summary.parameters = config.parameters;
    summary.experts = config.experts;
    summary.fileBytes = m_model->file().fileBytes();
    summary.executor = m_executor->info();
    summary.kv = m_kvPlan;
    summary.kvFormat = m_options.executor.kvFormat;
    summary.hasChatTemplate = m_model->chatTemplate() != nullptr;
    summary.templateError = m_model->templateError();
    return summary;
}

/// Reply tokens asked for, or as many as context and pool take after the prompt; at least 1, so that a prompt
/// that is too long is refused by the scheduler with its sizes. An endless reply goes on past the context,
/// but not without end: one context's length.
void Engine::chooseLength(const GenerationRequest& request, RequestSpec& spec) const
{
    const std::uint64_t pool = m_cache->mostTokens();
    const std::uint64_t context = m_scheduler->options().contextLength;
    const std::uint64_t limit = context == 0 ? pool : std::min(pool, context);
    const std::uint64_t prompt = request.endless.enabled() ? 0 : spec.prompt.size();
    const auto room = static_cast<std::uint32_t>(limit > prompt ? limit - prompt : 1);
    const bool fits = request.maxTokens != 0 && request.maxTokens <= room;
    const bool asked = request.maxTokens != 0 && (request.endless.enabled() || !request.fitReply);
    spec.maxTokens = fits || asked ? request.maxTokens : room;
    spec.fillsContext = !fits && !asked && !request.endless.enabled();
}

Result<ContinuedPrompt> Engine::encodePrompt(const GenerationRequest& request) const
{
    const NvtxRange range(NvtxName::EncodePrompt);
    if (request.continues)
        return m_encoder->encodeContinued(request.prompt, request.continuationTokens);
    Result<std::vector<TokenId>> tokens = m_encoder->encode(request.prompt);
    if (!tokens)
        return tokens.error();
    return ContinuedPrompt{std::move(*tokens), 0};
}

/// From what a client asks to what the scheduler takes.
Result<RequestSpec> Engine::makeSpec(GenerationRequest request) const
{
    if (const Result<void> valid = validate(request.sampling); !valid)
        return valid.error();
    Result<ContinuedPrompt> prompt = encodePrompt(request);
    if (!prompt)
        return prompt.error();
    if (prompt->tokens.empty())
        return invalidArgument("the prompt is empty");
    RequestSpec spec;
    spec.prompt = std::move(prompt->tokens);
    spec.continued = prompt->continued;
    spec.endless = request.endless;
    chooseLength(request, spec);
    spec.sampling = std::move(request.sampling);
    if (!request.ignoreEndOfGeneration)
        spec.stopTokens = m_model->tokenizer().special().endOfGeneration;
    spec.priority = request.priority;
    spec.client = std::move(request.client);
    spec.scope.salt = request.cacheSalt;
    spec.sampleKey = request.sampleKey;
    spec.keepTokens = request.keepTokens;
    return spec;
}

Result<RequestId> Engine::submit(GenerationRequest request)
{
    Result<std::vector<RequestId>> ids = submitSamples(std::move(request), 1);
    if (!ids)
        return ids.error();
    return ids->front();
}

Result<std::vector<RequestId>> Engine::submitSamples(GenerationRequest request, std::uint32_t samples)
{
    constexpr std::uint32_t kMostSamples = 256;
    if (!hasModel())
        return invalidArgument("no model is loaded");
    if (samples < 1 || samples > kMostSamples)
        return invalidArgument("ask for 1 to " + std::to_string(kMostSamples) + " samples of a prompt, not " +
                               std::to_string(samples));
    if (request.keepTokens > 0 && !m_executor->measuresAttention())
        return invalidArgument(
            "dropping what is least attended to is not available on a GPU yet: ask without "
            "a number of tokens to keep");
    try {
        Result<RequestSpec> spec = makeSpec(std::move(request));
        if (!spec)
            return spec.error();
        std::vector<std::uint64_t> keys;
        for (std::uint32_t i = 0; i < samples; ++i)
            keys.push_back(i == 0 ? spec->sampleKey : mixBits(spec->sampleKey + i));
        Result<std::vector<RequestId>> ids = m_scheduler->submitSamples(std::move(*spec), keys);
        if (!ids)
            return ids;
        for (const RequestId id : *ids) {
            const Request& queued = *m_scheduler->find(id);
            noteArrival(queued);
            auto stream = std::make_unique<Stream>(m_model->tokenizer(), queued.times.arrivalNs);
            stream->life.start(NvtxName::Request, id.value);
            for (const TokenId said : std::span(queued.spec.prompt).last(queued.spec.continued))
                stream->decoder.push(said); // its text is known
            m_streams.emplace(id, std::move(stream));
        }
        return ids;
    } catch (const std::bad_alloc&) {
        return outOfResources("not enough memory for this prompt");
    } catch (const std::exception& failure) {
        return internalError(std::string("the prompt could not be taken: ") + failure.what());
    }
}

void Engine::cancel(RequestId id)
{
    tellLanded(); // what it has said already is told, be it the last word
    if (!m_streams.contains(id))
        return;
    m_scheduler->cancel(id);
    endRequest(id, FinishReason::Cancelled, "");
}

bool Engine::hasWork() const
{
    return m_flight != nullptr || (m_scheduler != nullptr && m_scheduler->hasWork());
}

Result<void> Engine::configure(const SchedulerOptions& options)
{
    if (!hasModel())
        return invalidArgument("no model is loaded");
    SchedulerOptions wanted = options;
    const SchedulerOptions& now = m_scheduler->options();
    wanted.contextLength = now.contextLength;
    wanted.slidingWindow = now.slidingWindow;
    wanted.kvBytesPerToken = now.kvBytesPerToken;
    return m_scheduler->configure(withinRoom(wanted));
}

Result<void> Engine::resizeKv(std::uint32_t blocks)
{
    if (!hasModel())
        return invalidArgument("no model is loaded");
    const KvCacheOptions& pool = m_cache->options(); // a token's slot in the pages is an int32
    const std::uint32_t most = std::min(kMostKvBlocks, std::numeric_limits<std::int32_t>::max() /
                                                           (pool.blockSize * pool.shape.blockPages()));
    if (blocks < 1 || blocks > most)
        return invalidArgument("the KV pool may have 1 to " + std::to_string(most) + " blocks, not " +
                               std::to_string(blocks));
    settle();
    const NvtxRange range(NvtxName::ResizeKv);
    const bool grows = blocks > m_kvPlan.blocks;
    if (grows)
        if (Result<void> grown = m_executor->resizeKv(blocks); !grown)
            return grown;
    std::vector<PreemptionEvent> preemptions;
    std::vector<RequestId> ended;
    VT_CHECK(m_scheduler->resizePool(blocks, preemptions, ended));
    const std::vector<KvTransfer> moves = m_cache->takeTransfers();
    // Neither a process that has failed nor memory that the system does not take back is a reason to keep
    // quiet about who had to go.
    Result<void> shrunk = m_executor->transfer(moves);
    if (shrunk && !grows)
        shrunk = m_executor->resizeKv(blocks);
    m_kvPlan.blocks = blocks;
    clockPreemptions(preemptions, nowNs());
    for (const PreemptionEvent& event : preemptions) {
        markNvtx(NvtxName::Preempted, event.victim.value);
        send(RequestPreempted{event.victim, event});
    }
    for (const PreemptionEvent& event : preemptions)
        note(event);
    for (const RequestId id : ended)
        endRequest(id, FinishReason::Error, "the KV cache was made smaller than this conversation needs");
    return shrunk;
}

std::uint32_t Engine::prefetch(const Prompt& prompt, std::uint64_t cacheSalt)
{
    const Result<std::vector<TokenId>> tokens =
        hasModel() ? m_encoder->encode(prompt) : std::vector<TokenId>();
    if (!tokens || m_options.hostBlocks == 0)
        return 0;
    CacheScope scope;
    scope.salt = cacheSalt;
    // Half of what is free at most: who runs needs the rest.
    const std::uint32_t brought = m_cache->prefetch(*tokens, scope, m_cache->usageInBlocks().free / 2);
    if (brought > 0 && m_flight == nullptr) { // else before the next step
        const std::vector<KvTransfer> transfers = m_cache->takeTransfers();
        if (!m_executor->transfer(transfers))
            m_cache->dropPrefixes(); // nothing may be found that was not brought
    }
    return brought;
}

/// Ends every request the engine still streams.
void Engine::endAll(FinishReason reason, const std::string& message)
{
    if (m_scheduler == nullptr)
        return;
    m_scheduler->cancelAll(reason);
    std::vector<RequestId> ids;
    for (const auto& entry : m_streams)
        ids.push_back(entry.first);
    std::sort(ids.begin(), ids.end());
    for (RequestId id : ids)
        endRequest(id, reason, message);
}

/// Requests whose end was decided in a step that failed before it could be told.
void Engine::endWhoHasFinished(const std::string& message)
{
    std::vector<RequestId> ids;
    for (const auto& entry : m_streams)
        if (m_scheduler->find(entry.first)->state == RequestState::Finished)
            ids.push_back(entry.first);
    std::sort(ids.begin(), ids.end());
    for (const RequestId id : ids) {
        const Request* request = m_scheduler->find(id);
        if (request == nullptr)
            continue; // a client cancelled it
        const FinishReason reason = request->finish;
        endRequest(id, reason, reason == FinishReason::Error ? message : std::string());
    }
}

/// The last event of a request that the scheduler has already let go; drops both records.
void Engine::endRequest(RequestId id, FinishReason reason, const std::string& error)
{
    const auto stream = m_streams.find(id);
    if (stream == m_streams.end())
        return;
    RequestFinished event{id, stream->second->decoder.finish(), reason, error, {}};
    if (const Request* request = m_scheduler->find(id)) {
        event.stats.promptTokens = static_cast<std::uint32_t>(request->spec.prompt.size());
        event.stats.cachedTokens = request->cachedTokens;
        event.stats.replyTokens = static_cast<std::uint32_t>(request->reply.size());
        if (reason == FinishReason::Stop && event.stats.replyTokens > 0)
            --event.stats.replyTokens; // the token that ended it is no part of the reply
        event.stats.preemptions = request->preemptions;
        event.stats.predictedTokens = request->predictedTokens;
        event.stats.droppedMass = request->droppedMass;
        event.stats.contextFull = reason == FinishReason::Length && request->spec.fillsContext;
        event.stats.times = request->times;
        event.stats.latency = clockFinish(*stream->second, *request);
        event.path = pathOf(*request);
    }
    note(RecordedEnd{id, reason, nowNs()});
    markNvtx(NvtxName::Finished, id.value);
    m_streams.erase(stream);
    m_scheduler->forget(id);
    send(event);
}

void Engine::send(const EngineEvent& event)
{
    if (m_sink)
        m_sink(event);
}

} // namespace vitrine::engine
