// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine tells a recorder. Without one this costs a comparison a step.
#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/engine_stream.h"

namespace vitrine::engine {

void Engine::record(Recorder* recorder)
{
    settle();
    endAll(FinishReason::Cancelled, "");
    m_recorder = recorder;
    beginRecording();
}

void Engine::beginRecording()
{
    m_recorded = {};
    if (m_cache == nullptr)
        return;
    m_cache->setLog(m_recorder != nullptr ? &m_recorded.blocks : nullptr);
    if (m_recorder == nullptr)
        return;
    m_cache->dropPrefixes(); // of requests that the recording does not know
    m_recorded.blocks.clear();
    const KvCacheOptions& pool = m_cache->options();
    m_recorder->begin({pool.blocks, pool.hostBlocks, pool.blockSize, pool.shape});
}

void Engine::note(RecordedEvent event)
{
    if (m_recorder != nullptr)
        m_recorded.events.push_back(std::move(event));
}

void Engine::noteArrival(const Request& request)
{
    if (m_recorder == nullptr)
        return;
    const std::vector<TokenId>& prompt = request.spec.prompt;
    note(RecordedArrival{request.id, request.times.arrivalNs, static_cast<std::uint32_t>(prompt.size()),
                         request.spec.maxTokens, prompt});
}

/// The plan of a step: who runs, who came and who had to go.
void Engine::noteStep(const Step& step)
{
    if (m_recorder == nullptr)
        return;
    for (const PreemptionEvent& event : step.batch.preemptions)
        note(event);
    for (const AdmissionEvent& event : step.batch.admissions)
        note(event);
}

void Engine::notePhase(Step& step, StepPhase phase, std::int64_t startNs, std::int64_t endNs) const
{
    if (m_recorder != nullptr)
        step.phases.push_back({phase, startNs, endNs});
}

/// Everything noted since the last step goes out with this one. While steps overlap, blocks of the next one
/// may be among it: their order is kept, which is what counts.
void Engine::pushRecorded(Step& step)
{
    if (m_recorder == nullptr)
        return;
    RecordedStep recorded;
    recorded.record = step.record;
    recorded.rows = std::move(step.rows);
    recorded.phases = std::move(step.phases);
    recorded.events = std::move(m_recorded.events);
    recorded.blocks.swap(m_recorded.blocks); // the cache goes on writing to the same vector
    m_recorded.events.clear();
    m_recorder->push(std::move(recorded));
}

} // namespace vitrine::engine
