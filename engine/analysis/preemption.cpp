// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/preemption.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <variant>

#include "engine/analysis/block_tracker.h"
#include "engine/analysis/step_moments.h"

namespace vitrine::engine {

namespace {

class PreemptionReader
{
public:
    explicit PreemptionReader(const RecordingStart& pool)
        : m_tracker(pool.blocks), m_blockSize(pool.blockSize)
    {}

    void add(const RecordedStep& step)
    {
        m_clock.enter(step);
        const std::size_t first = m_details.size();
        for (const RecordedEvent& event : step.events)
            if (const auto* preemption = std::get_if<PreemptionEvent>(&event))
                begin(*preemption, step);
        play(step, first);
        for (const RecordedEvent& event : step.events)
            if (const auto* admission = std::get_if<AdmissionEvent>(&event))
                comeBack(admission->request);
        for (const StepRow& row : step.rows)
            compute(row, step.record);
        for (const RecordedEvent& event : step.events) {
            if (const auto* token = std::get_if<RecordedToken>(&event))
                take(token->request);
            if (const auto* end = std::get_if<RecordedEnd>(&event))
                m_requests.erase(end->request);
        }
    }

    std::vector<PreemptionDetail> finish() { return std::move(m_details); }

private:
    static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

    using Given = std::unordered_map<BlockId, std::size_t>; ///< back, in which preemption

    struct State
    {
        std::size_t detail = kNone; ///< the preemption that it has not got over yet
        std::uint32_t preemptions = 0;
        bool spoke = false;           ///< it has said a token
        std::int64_t lastTokenNs = 0; ///< when
    };

    void begin(const PreemptionEvent& event, const RecordedStep& step)
    {
        PreemptionDetail detail;
        detail.step = step.record.step;
        detail.timeNs = m_clock.startNs();
        detail.victim = event.victim;
        detail.beneficiary = event.beneficiary;
        detail.reason = event.reason;
        detail.action = event.action;
        detail.blocks = event.blocks;
        detail.freed = event.blocksFreed;
        detail.lostTokens = event.recomputeTokens;
        detail.predictedSeconds = event.seconds;
        detail.price = event.price;
        detail.considered = event.considered;
        const std::size_t others = std::min<std::size_t>(event.alternatives, event.others.size());
        for (std::size_t i = 0; i < others; ++i)
            detail.alternatives.push_back({event.others[i].request, event.others[i].price});
        for (const StepRow& row : step.rows)
            detail.forPrompt =
                detail.forPrompt || (row.request == event.beneficiary && row.decodeTokens == 0);
        if (event.action == PreemptionAction::Swap && step.record.preemptionsBySwap > 0)
            detail.costSeconds = secondsBetween(0, step.record.transferNs) /
                                 static_cast<double>(step.record.preemptionsBySwap);
        State& state = m_requests[event.victim];
        detail.before = state.preemptions++;
        state.detail = m_details.size();
        m_details.push_back(std::move(detail));
    }

    /// The blocks of a step; `next` is its first preemption. Each begins where its victim gives blocks back.
    void play(const RecordedStep& step, std::size_t next)
    {
        const std::size_t first = next;
        Given given;
        bool planned = false; // what comes then is of the next step
        for (const BlockEvent& event : step.blocks) {
            planned = planned || (event.kind == BlockEventKind::Fill && next == m_details.size());
            if (next < m_details.size() && event.request == m_details[next].victim && startsGoing(event.kind))
                note(m_details[next]);
            if (next < m_details.size() && event.request == m_details[next].victim) {
                if (event.kind == BlockEventKind::Release)
                    given[event.block] = next;
                next += event.kind == BlockEventKind::Close ? 1 : 0;
            }
            m_tracker.apply(event, m_clock.startNs());
            const bool taken =
                event.kind == BlockEventKind::Take || event.kind == BlockEventKind::CopyOnWrite;
            if (taken)
                given.erase(event.block);
            for (std::size_t i = first; taken && !planned && i < next; ++i)
                m_details[i].needed += event.request == m_details[i].beneficiary ? 1 : 0;
        }
        for (std::size_t i = next; i < m_details.size(); ++i)
            note(m_details[i]); // of which no block is recorded
        settle(given);
    }

    static bool startsGoing(BlockEventKind kind)
    {
        return kind == BlockEventKind::Release || kind == BlockEventKind::SwapOut ||
               kind == BlockEventKind::Close;
    }

    void note(PreemptionDetail& detail) const
    {
        if (detail.pool != 0)
            return;
        detail.pool = m_tracker.pool();
        detail.referenced = m_tracker.referenced();
        detail.cached = m_tracker.cached();
        detail.free = m_tracker.free();
    }

    /// What nobody took again in the step may still be found.
    void settle(const Given& given)
    {
        for (const auto& [id, place] : given) {
            PreemptionDetail& detail = m_details[place];
            const TrackedBlock* block = m_tracker.find(id);
            if (block == nullptr || !block->findable)
                continue;
            ++detail.stillCached;
            const std::uint32_t kept = std::min(detail.lostTokens, m_blockSize);
            detail.keptTokens += kept;
            detail.lostTokens -= kept;
        }
    }

    PreemptionDetail* open(RequestId request)
    {
        const auto found = m_requests.find(request);
        return found == m_requests.end() || found->second.detail == kNone ? nullptr
                                                                          : &m_details[found->second.detail];
    }

    void comeBack(RequestId request)
    {
        PreemptionDetail* detail = open(request);
        if (detail == nullptr || detail->returnedNs)
            return;
        detail->returnedNs = m_clock.startNs();
        detail->waitSeconds = secondsBetween(detail->timeNs, m_clock.startNs());
    }

    void compute(const StepRow& row, const StepFigures& record)
    {
        PreemptionDetail* detail = open(row.request);
        if (detail == nullptr || record.step == detail->step)
            return;
        comeBack(row.request);
        if (record.swappedIn > 0 && *detail->returnedNs == m_clock.startNs())
            detail->costSeconds += secondsBetween(0, record.transferNs);
        if (row.prefillTokens == 0)
            return;
        const double all = static_cast<double>(record.prefillTokens) + record.decodeTokens;
        const double share = all > 0.0 ? std::min(1.0, row.prefillTokens / all) : 1.0;
        detail->costSeconds += share * m_clock.seconds();
        const std::uint64_t sum = std::uint64_t{detail->recomputedTokens} + row.prefillTokens;
        detail->recomputedTokens = static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, UINT32_MAX));
    }

    /// With the next token of its reply it has got over the preemption.
    void take(RequestId request)
    {
        State& state = m_requests[request];
        if (state.detail != kNone && m_details[state.detail].returnedNs) {
            if (state.spoke)
                m_details[state.detail].pauseSeconds = secondsBetween(state.lastTokenNs, m_clock.landedNs());
            state.detail = kNone;
        }
        state.spoke = true;
        state.lastTokenNs = m_clock.landedNs();
    }

    BlockTracker m_tracker;
    std::uint32_t m_blockSize;
    StepMoments m_clock;
    std::vector<PreemptionDetail> m_details;
    std::unordered_map<RequestId, State> m_requests;
};

} // namespace

std::vector<PreemptionDetail> preemptions(const RecordingStart& pool, std::span<const RecordedStep> steps)
{
    PreemptionReader reader(pool);
    for (const RecordedStep& step : steps)
        reader.add(step);
    return reader.finish();
}

} // namespace vitrine::engine
