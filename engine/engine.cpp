// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <new>
#include <random>

#include "engine/engine_stream.h"

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
    options.prefixCache = prepared.options.prefixCache;
    options.modelKey = std::hash<std::string>{}(prepared.model->path());
    options.seed = prepared.options.cacheSeed != 0 ? prepared.options.cacheSeed : randomSeed();
    return options;
}

SchedulerOptions schedulerOptions(const PreparedModel& prepared)
{
    SchedulerOptions options = prepared.options.scheduler;
    const std::uint32_t trained = prepared.model->config().contextLength;
    options.contextLength = options.contextLength == 0 ? trained : std::min(options.contextLength, trained);
    return options;
}

} // namespace

Engine::Engine() = default;
Engine::~Engine() = default;

void Engine::install(PreparedModel prepared)
{
    VT_CHECK(prepared.model && prepared.executor);
    unload();
    m_model = std::move(prepared.model);
    m_executor = std::move(prepared.executor);
    m_kvPlan = prepared.kv;
    m_options = prepared.options;
    prepared.model = m_model;
    m_cache = std::make_unique<KvCache>(cacheOptions(prepared));
    m_scheduler = std::make_unique<Scheduler>(schedulerOptions(prepared), *m_cache);
    m_encoder = std::make_unique<PromptEncoder>(*m_model);
}

void Engine::unload()
{
    endAll(FinishReason::Cancelled, "");
    m_streams.clear();
    m_encoder.reset();
    m_scheduler.reset();
    m_cache.reset();
    m_executor.reset();
    m_model.reset();
    m_kvPlan = {};
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
    summary.fileBytes = m_model->file().fileBytes();
    summary.executor = m_executor->info();
    summary.kv = m_kvPlan;
    summary.hasChatTemplate = m_model->chatTemplate() != nullptr;
    return summary;
}

/// Reply tokens asked for, or as many as context and pool take after the prompt; at least 1, so that a prompt
/// that is too long is refused by the scheduler with its sizes.
std::uint32_t Engine::replyRoom(const GenerationRequest& request, std::size_t promptTokens) const
{
    if (request.maxTokens != 0)
        return request.maxTokens;
    const std::uint64_t pool = std::uint64_t{m_kvPlan.blocks} * m_kvPlan.blockSize;
    const std::uint64_t context = m_scheduler->options().contextLength;
    const std::uint64_t limit = context == 0 ? pool : std::min(pool, context);
    return limit > promptTokens ? static_cast<std::uint32_t>(limit - promptTokens) : 1;
}

Result<RequestId> Engine::submit(GenerationRequest request)
{
    if (!hasModel())
        return invalidArgument("no model is loaded");
    try {
        if (const Result<void> valid = validate(request.sampling); !valid)
            return valid.error();
        Result<std::vector<TokenId>> prompt = m_encoder->encode(request.prompt);
        if (!prompt)
            return prompt.error();
        if (prompt->empty())
            return invalidArgument("the prompt is empty");
        RequestSpec spec;
        spec.maxTokens = replyRoom(request, prompt->size());
        spec.prompt = std::move(*prompt);
        spec.sampling = std::move(request.sampling);
        if (!request.ignoreEndOfGeneration)
            spec.stopTokens = m_model->tokenizer().special().endOfGeneration;
        spec.priority = request.priority;
        spec.client = std::move(request.client);
        spec.cacheSalt = request.cacheSalt;
        spec.sampleKey = request.sampleKey;
        Result<RequestId> id = m_scheduler->submit(std::move(spec));
        if (id)
            m_streams.emplace(*id, std::make_unique<Stream>(m_model->tokenizer()));
        return id;
    } catch (const std::bad_alloc&) {
        return outOfResources("not enough memory for this prompt");
    } catch (const std::exception& failure) {
        return internalError(std::string("the prompt could not be taken: ") + failure.what());
    }
}

void Engine::cancel(RequestId id)
{
    if (!m_streams.contains(id))
        return;
    m_scheduler->cancel(id);
    endRequest(id, FinishReason::Cancelled, "");
}

bool Engine::hasWork() const
{
    return m_scheduler != nullptr && m_scheduler->hasWork();
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
        event.stats.times = request->times;
    }
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
