// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/preemption.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace vitrine::engine {

namespace {

bool startsGoing(BlockEventKind kind)
{
    return kind == BlockEventKind::Release || kind == BlockEventKind::SwapOut ||
           kind == BlockEventKind::Close;
}

PreemptionDetail detailOf(const PreemptionEvent& event, const RecordedStep& step)
{
    PreemptionDetail detail;
    detail.step = step.record.step;
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
        detail.forPrompt = detail.forPrompt || (row.request == event.beneficiary && row.decodeTokens == 0);
    if (event.action == PreemptionAction::Swap && step.record.preemptionsBySwap > 0)
        detail.costSeconds =
            secondsBetween(0, step.record.transferNs) / static_cast<double>(step.record.preemptionsBySwap);
    return detail;
}

} // namespace

PreemptionLog::PreemptionLog(const RecordingStart& pool) : m_tracker(pool.blocks), m_blockSize(pool.blockSize)
{}

void PreemptionLog::add(const RecordedStep& step)
{
    m_clock.enter(step);
    const bool between = step.record.step == 0 && std::exchange(m_any, true);
    m_any = true;
    m_startNs = std::max(m_startNs, between ? m_endNs : saneNs(step.record.startNs));
    m_endNs = std::max({m_endNs, m_startNs, between ? m_endNs : saneNs(step.record.endNs)});
    const std::size_t first = count();
    for (const RecordedEvent& event : step.events) {
        if (const auto* arrival = std::get_if<RecordedArrival>(&event)) {
            State& state = m_requests[arrival->request];
            state.tokens = arrival->promptTokens;
            wait(state);
        } else if (const auto* preemption = std::get_if<PreemptionEvent>(&event)) {
            begin(*preemption, step);
        }
    }
    play(step, first);
    follow(step);
}

/// What comes after the blocks have changed hands.
void PreemptionLog::follow(const RecordedStep& step)
{
    for (const RecordedEvent& event : step.events)
        if (const auto* admission = std::get_if<AdmissionEvent>(&event)) {
            if (const auto known = m_requests.find(admission->request); known != m_requests.end())
                admit(known->second);
            comeBack(admission->request);
        }
    for (const StepRow& row : step.rows)
        compute(row, step.record);
    for (const RecordedEvent& event : step.events) {
        if (const auto* token = std::get_if<RecordedToken>(&event))
            say(token->request);
        if (const auto* ended = std::get_if<RecordedEnd>(&event))
            end(ended->request);
    }
}

void PreemptionLog::begin(const PreemptionEvent& event, const RecordedStep& step)
{
    PreemptionDetail detail = detailOf(event, step);
    detail.timeNs = m_startNs;
    detail.waiting = m_waiting;
    detail.waitingBlocks = m_waitingBlocks;
    State& state = m_requests[event.victim];
    detail.before = state.preemptions++;
    state.detail = count();
    wait(state);
    m_details.push_back(std::move(detail));
}

void PreemptionLog::wait(State& state)
{
    admit(state);
    state.waits = true;
    state.waitsFor = m_blockSize > 0 ? state.tokens / m_blockSize + (state.tokens % m_blockSize != 0) : 0;
    ++m_waiting;
    m_waitingBlocks += state.waitsFor;
}

void PreemptionLog::admit(State& state)
{
    if (!std::exchange(state.waits, false))
        return;
    --m_waiting;
    m_waitingBlocks -= state.waitsFor;
}

void PreemptionLog::end(RequestId request)
{
    const auto known = m_requests.find(request);
    if (known == m_requests.end())
        return;
    admit(known->second);
    m_requests.erase(known);
}

/// The blocks of a step; `next` is its first preemption. Each begins where its victim gives blocks back.
void PreemptionLog::play(const RecordedStep& step, std::size_t next)
{
    const std::size_t first = next;
    Given given;
    bool planned = false; // what comes then is of the next step
    for (const BlockEvent& event : step.blocks) {
        planned = planned || (event.kind == BlockEventKind::Fill && next == count());
        if (next < count() && event.request == at(next).victim && startsGoing(event.kind))
            note(at(next));
        if (next < count() && event.request == at(next).victim) {
            if (event.kind == BlockEventKind::Release)
                given[event.block] = next;
            next += event.kind == BlockEventKind::Close ? 1 : 0;
        }
        m_tracker.apply(event, m_clock.startNs());
        const bool taken = event.kind == BlockEventKind::Take || event.kind == BlockEventKind::CopyOnWrite;
        if (taken)
            given.erase(event.block);
        for (std::size_t i = first; taken && !planned && i < next; ++i)
            at(i).needed += event.request == at(i).beneficiary ? 1 : 0;
    }
    for (std::size_t i = next; i < count(); ++i)
        note(at(i)); // of which no block is recorded
    settle(given);
}

void PreemptionLog::note(PreemptionDetail& detail) const
{
    if (detail.pool != 0)
        return;
    detail.pool = m_tracker.pool();
    detail.referenced = m_tracker.referenced();
    detail.cached = m_tracker.cached();
    detail.free = m_tracker.free();
}

/// What nobody took again in the step may still be found.
void PreemptionLog::settle(const Given& given)
{
    for (const auto& [id, number] : given) {
        PreemptionDetail& detail = at(number);
        const TrackedBlock* block = m_tracker.find(id);
        if (block == nullptr || !block->findable)
            continue;
        ++detail.stillCached;
        const std::uint32_t kept = std::min(detail.lostTokens, m_blockSize);
        detail.keptTokens += kept;
        detail.lostTokens -= kept;
    }
}

PreemptionDetail* PreemptionLog::open(RequestId request)
{
    const auto found = m_requests.find(request);
    if (found == m_requests.end() || !found->second.detail || *found->second.detail < m_first)
        return nullptr;
    return &at(*found->second.detail);
}

void PreemptionLog::comeBack(RequestId request)
{
    PreemptionDetail* detail = open(request);
    if (detail == nullptr || detail->returnedNs)
        return;
    detail->returnedNs = m_clock.startNs();
    detail->waitSeconds = secondsBetween(detail->timeNs, m_clock.startNs());
}

void PreemptionLog::compute(const StepRow& row, const StepFigures& record)
{
    PreemptionDetail* detail = open(row.request);
    if (detail == nullptr || record.step == detail->step)
        return;
    admit(m_requests[row.request]);
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
void PreemptionLog::say(RequestId request)
{
    State& state = m_requests[request];
    ++state.tokens;
    if (PreemptionDetail* detail = open(request); detail != nullptr && detail->returnedNs) {
        if (state.spoke)
            detail->pauseSeconds = secondsBetween(state.lastTokenNs, m_clock.landedNs());
        state.detail.reset();
    }
    state.spoke = true;
    state.lastTokenNs = m_clock.landedNs();
}

void PreemptionLog::forgetBefore(std::int64_t ns)
{
    while (!m_details.empty() && m_details.front().timeNs < ns) {
        m_details.pop_front();
        ++m_first;
    }
}

Relief reliefBy(const PreemptionDetail& detail, std::uint64_t blocks)
{
    const std::uint64_t least = detail.reason == PreemptionReason::NoBlock ? 1 : 0;
    const std::uint64_t now =
        std::uint64_t{detail.referenced} + std::max<std::uint64_t>(detail.needed, least);
    if (now > blocks)
        return Relief::None;
    return detail.waitingBlocks > blocks - now ? Relief::ForNow : Relief::Lasting;
}

VictimReason victimReason(const PreemptionDetail& detail)
{
    if (detail.considered <= 1)
        return VictimReason::Only;
    if (detail.alternatives.empty())
        return VictimReason::Newest;
    const bool cheapest =
        std::none_of(detail.alternatives.begin(), detail.alternatives.end(),
                     [&](const PreemptionDetail::Alternative& other) { return other.price < detail.price; });
    if (cheapest)
        return VictimReason::Cheapest;
    const bool suffices = std::uint64_t{detail.freed} + detail.usable() >= detail.needed;
    return suffices ? VictimReason::Suffices : VictimReason::PerBlock;
}

std::vector<PreemptionDetail> preemptions(const RecordingStart& pool, std::span<const RecordedStep> steps)
{
    PreemptionLog log(pool);
    for (const RecordedStep& step : steps)
        log.add(step);
    return {log.all().begin(), log.all().end()};
}

} // namespace vitrine::engine
