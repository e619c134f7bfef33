// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine tells a recorder. Without one this costs a comparison a step.
#include <utility>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/engine_stream.h"
#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

namespace {

StepRow rowRecord(const ScheduledRow& row, const KvCache& cache)
{
    StepRow record;
    record.request = row.request;
    record.decodeTokens = row.decode ? 1 : 0;
    record.prefillTokens = row.decode ? 0 : row.tokens;
    record.contextLength = row.firstToken + row.tokens;
    record.blocks = static_cast<std::uint32_t>(cache.table(row.request).size());
    return record;
}

} // namespace

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

void Engine::noteRanks(RankEvent event)
{
    if (event.kind == RankEventKind::Refused || !event.reason.empty())
        markNvtx(NvtxName::RanksFailed, event.ranksBefore);
    if (event.kind != RankEventKind::Refused)
        markNvtx(NvtxName::RanksCompute, event.ranksNow);
    if (m_recorder == nullptr)
        return;
    m_recorded.rankEvents.push_back(std::move(event));
    if (hasWork())
        return; // it goes out with the next step
    RecordedStep between;
    takeRecorded(between);
    m_recorder->push(std::move(between));
}

void Engine::noteRecovery(const RankRecovery& recovery)
{
    RankEventKind kind = recovery.replaced.empty() ? RankEventKind::Renewed : RankEventKind::Replaced;
    if (recovery.ranksNow < recovery.ranksBefore)
        kind = RankEventKind::Fewer;
    noteRanks({kind, recovery.failedNs, recovery.recoveredNs, recovery.ranksBefore, recovery.ranksNow,
               recovery.replaced, recovery.reason});
}

void Engine::noteRefusal(const std::string& reason)
{
    const std::int64_t now = nowNs();
    const auto ranks = static_cast<std::uint32_t>(m_executor->info().parts.size());
    noteRanks({RankEventKind::Refused, now, now, ranks, ranks, {}, reason});
}

void Engine::noteArrival(const Request& request)
{
    if (m_recorder == nullptr)
        return;
    const std::vector<TokenId>& prompt = request.spec.prompt;
    note(RecordedArrival{request.id, request.times.arrivalNs, static_cast<std::uint32_t>(prompt.size()),
                         request.spec.maxTokens, prompt});
}

/// As many rows as the record holds, and for a recorder every one. Who ended before the step was waited for
/// (engine_ahead.cpp) is not in it.
void Engine::recordRows(Step& step) const
{
    StepRecord& record = step.record;
    for (const ScheduledRow& row : step.batch.rows) {
        if (m_scheduler->find(row.request)->state != RequestState::Running)
            continue;
        const bool fits = record.rowCount < StepRecord::kMaxRows;
        record.rowsOmitted += fits ? 0 : 1;
        if (!fits && m_recorder == nullptr)
            continue;
        const StepRow entry = rowRecord(row, *m_cache);
        if (fits)
            record.rows[record.rowCount++] = entry;
        if (m_recorder != nullptr)
            step.rows.push_back(entry);
    }
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
    recorded.ranks = std::move(step.ranks);
    takeRecorded(recorded);
    m_recorder->push(std::move(recorded));
}

/// Into a step, or into what came between two.
void Engine::takeRecorded(RecordedStep& into)
{
    if (into.record.step == 0 && !m_recorded.rankEvents.empty())
        into.record.startNs = into.record.endNs = m_recorded.rankEvents.back().endNs;
    into.events = std::exchange(m_recorded.events, {});
    into.rankEvents = std::exchange(m_recorded.rankEvents, {});
    into.blocks.swap(m_recorded.blocks); // the cache goes on writing to the same vector
}

} // namespace vitrine::engine
