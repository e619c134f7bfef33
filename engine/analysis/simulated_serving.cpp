// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/simulated_serving.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace vitrine::engine {
namespace {

class Serving
{
public:
    Serving(const SimulationSetup& setup, const std::vector<SimulatedRequest>& requests)
        : m_setup(setup), m_requests(requests), m_cache(setup.pool), m_scheduler(setup.scheduler, m_cache)
    {
        m_cache.setLog(&m_blocks);
    }

    Simulation run()
    {
        Simulation result;
        result.start = {m_setup.pool.blocks, m_setup.pool.hostBlocks, m_setup.pool.blockSize,
                        m_setup.pool.shape};
        while (result.steps.size() < m_setup.mostSteps) {
            arrive();
            if (!m_scheduler.hasWork()) {
                if (!jump())
                    break;
                continue;
            }
            const ScheduledBatch batch = m_scheduler.schedule();
            if (!batch.idle())
                result.steps.push_back(step(batch));
            else if (!jump())
                break; // nothing can run and nobody comes
        }
        result.complete = m_next == m_requests.size() && !m_scheduler.hasWork();
        return result;
    }

private:
    /// Everybody who has come by now.
    void arrive()
    {
        for (; m_next < m_requests.size() && m_requests[m_next].arrivalNs <= m_nowNs; ++m_next) {
            const SimulatedRequest& request = m_requests[m_next];
            RequestSpec spec;
            spec.prompt = request.prompt;
            spec.maxTokens = std::max(request.replyTokens, 1U);
            spec.client = request.client;
            const Result<RequestId> id = m_scheduler.submit(std::move(spec));
            if (!id)
                continue;
            m_sources[*id] = m_next;
            m_events.emplace_back(RecordedArrival{*id, request.arrivalNs,
                                                  static_cast<std::uint32_t>(request.prompt.size()),
                                                  std::max(request.replyTokens, 1U), request.prompt});
        }
    }

    /// To the next arrival; false when there is none.
    bool jump()
    {
        if (m_next >= m_requests.size())
            return false;
        m_nowNs = std::max(m_nowNs, m_requests[m_next].arrivalNs);
        return true;
    }

    RecordedStep step(const ScheduledBatch& batch)
    {
        const SimulatedCost cost = m_setup.cost(batch, m_nowNs);
        RecordedStep recorded;
        describe(batch, cost, recorded);
        m_scheduler.observeStep(batch, static_cast<double>(cost.forwardNs) * 1e-9);
        const std::uint32_t moved = recorded.record.swappedIn + recorded.record.swappedOut;
        m_scheduler.observeMoves(moved, static_cast<double>(cost.transferNs) * 1e-9);
        spend(cost, recorded);
        for (const PreemptionEvent& event : batch.preemptions)
            m_events.emplace_back(event);
        for (const AdmissionEvent& event : batch.admissions)
            m_events.emplace_back(event);
        land(batch);
        const BlockUsage usage = m_cache.usageInBlocks();
        StepFigures& record = recorded.record;
        record.blocksReferenced = usage.referenced;
        record.blocksCached = usage.cached;
        record.blocksFree = usage.free;
        record.hostBlocksUsed = usage.hostPinned + usage.hostPrefix;
        record.running = m_scheduler.running();
        record.waiting = m_scheduler.waiting();
        recorded.events = std::exchange(m_events, {});
        recorded.blocks = std::exchange(m_blocks, {});
        return recorded;
    }

    void describe(const ScheduledBatch& batch, const SimulatedCost& cost, RecordedStep& recorded)
    {
        StepFigures& record = recorded.record;
        record.step = ++m_steps;
        record.scheduleNs = cost.scheduleNs;
        record.transferNs = cost.transferNs;
        record.forwardNs = cost.forwardNs;
        record.sampleNs = cost.sampleNs;
        record.emitNs = cost.emitNs;
        record.predictedNs = static_cast<std::int64_t>(batch.predictedSeconds * 1e9);
        record.tokenBudget = batch.tokenBudget;
        record.prefillTokens = batch.prefillTokens;
        record.decodeTokens = batch.decodeTokens;
        record.recomputedTokens = batch.recomputedTokens;
        record.lookedUpTokens = batch.lookedUpTokens;
        record.cachedTokens = batch.cachedTokens;
        record.preemptions = static_cast<std::uint32_t>(batch.preemptions.size());
        for (const PreemptionEvent& event : batch.preemptions)
            record.preemptionsBySwap += event.action == PreemptionAction::Swap ? 1 : 0;
        for (const KvTransfer& transfer : batch.transfers) {
            record.copiedBlocks += transfer.kind == KvTransfer::Kind::Copy ? 1 : 0;
            record.swappedOut += transfer.kind == KvTransfer::Kind::SwapOut ? 1 : 0;
            record.swappedIn += transfer.kind == KvTransfer::Kind::SwapIn ? 1 : 0;
        }
        record.blocksReferencedPeak = m_cache.usageInBlocks().referenced;
        for (const ScheduledRow& row : batch.rows)
            recorded.rows.push_back({row.request, row.decode ? 0 : row.tokens, row.decode ? 1U : 0U,
                                     row.firstToken + row.tokens,
                                     static_cast<std::uint32_t>(m_cache.table(row.request).size())});
    }

    /// The clock goes on over the step and the gap behind it.
    void spend(const SimulatedCost& cost, RecordedStep& recorded)
    {
        recorded.record.startNs = m_nowNs;
        const auto spendOn = [&](StepPhase phase, std::int64_t ns) {
            const std::int64_t start = m_nowNs;
            pass(ns);
            if (ns > 0)
                recorded.phases.push_back({phase, start, m_nowNs});
        };
        spendOn(StepPhase::Schedule, cost.scheduleNs);
        spendOn(StepPhase::Transfer, cost.transferNs);
        spendOn(StepPhase::Forward, cost.forwardNs);
        spendOn(StepPhase::Sample, cost.sampleNs);
        m_sampledNs = m_nowNs;
        spendOn(StepPhase::Emit, cost.emitNs);
        recorded.record.endNs = m_nowNs;
        pass(cost.gapNs);
    }

    /// Within a range in which no sum overflows.
    void pass(std::int64_t ns)
    {
        constexpr std::int64_t kLongest = std::int64_t{1} << 60;
        m_nowNs = std::min(m_nowNs + std::clamp<std::int64_t>(ns, 0, kLongest), 2 * kLongest);
    }

    void land(const ScheduledBatch& batch)
    {
        for (const RequestId id : batch.ended)
            end(id, FinishReason::Length);
        std::vector<StepToken> tokens;
        for (const ScheduledRow& row : batch.rows)
            if (row.samples)
                tokens.push_back({row.request, nextToken(row.request)});
        for (const StepOutcome& outcome : m_scheduler.update(batch, tokens)) {
            m_events.emplace_back(RecordedToken{outcome.request, outcome.token});
            if (outcome.finish != FinishReason::None)
                end(outcome.request, outcome.finish);
        }
    }

    TokenId nextToken(RequestId id) const
    {
        const std::size_t index = m_scheduler.find(id)->reply.size();
        const SimulatedRequest& source = m_requests[m_sources.at(id)];
        if (index < source.reply.size())
            return source.reply[index];
        const std::uint64_t mixed = (id.value * 0x9E3779B97F4A7C15U) ^ (index * 0xBF58476D1CE4E5B9U);
        return static_cast<TokenId>((mixed >> 40) % 30000);
    }

    void end(RequestId id, FinishReason reason)
    {
        m_events.emplace_back(RecordedEnd{id, reason, m_sampledNs});
        m_sources.erase(id);
        m_scheduler.forget(id);
    }

    const SimulationSetup& m_setup;
    const std::vector<SimulatedRequest>& m_requests;
    KvCache m_cache;
    Scheduler m_scheduler;
    std::size_t m_next = 0; ///< request that comes next
    std::int64_t m_nowNs = 0, m_sampledNs = 0;
    std::uint64_t m_steps = 0;
    BlockLog m_blocks;
    std::vector<RecordedEvent> m_events;
    std::unordered_map<RequestId, std::size_t> m_sources;
};

} // namespace

Simulation simulateServing(const SimulationSetup& setup, const std::vector<SimulatedRequest>& requests)
{
    return Serving(setup, requests).run();
}

} // namespace vitrine::engine
