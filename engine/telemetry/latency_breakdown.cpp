// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/latency_breakdown.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

/// `part` of the time, rounded so that what is left of it is not negative either.
std::int64_t partOf(std::int64_t timeNs, double part)
{
    const auto ns = static_cast<std::int64_t>(static_cast<double>(timeNs) * part);
    return std::clamp<std::int64_t>(ns, 0, timeNs);
}

bool addedMore(const LatencyBreakdown::Neighbour& a, const LatencyBreakdown::Neighbour& b)
{
    return a.addedNs != b.addedNs ? a.addedNs > b.addedNs : a.sharedSteps > b.sharedSteps;
}

} // namespace

/// The time from where the clock stands to `timeNs`, never negative.
std::int64_t LatencyClock::advance(std::int64_t timeNs)
{
    const std::int64_t passed = std::max<std::int64_t>(timeNs - m_nowNs, 0);
    m_nowNs += passed;
    return passed;
}

/// Time in which none of its tokens were computed.
void LatencyClock::wait(std::int64_t timeNs, std::int64_t busyNs)
{
    const std::int64_t passed = advance(timeNs);
    if (m_state == State::Queued) {
        m_parts.queuedNs += passed;
    } else if (m_state == State::Preempted) {
        m_parts.preemptedNs += passed;
    } else { // steps that had no room for it belong to those who had their tokens in them
        const std::int64_t others = std::clamp<std::int64_t>(busyNs - m_busySeen, 0, passed);
        m_parts.interferenceNs += others;
        m_parts.overheadNs += passed - others;
    }
    m_busySeen = busyNs;
}

void LatencyClock::launched(std::int64_t plannedNs, std::int64_t launchedNs, std::int64_t busyNs,
                            const StepShare& share)
{
    if (m_state != State::Idle)
        wait(plannedNs, busyNs);
    m_state = State::Idle;
    wait(launchedNs, busyNs);
    m_state = State::InStep;
    m_share = share;
    const std::size_t named = std::min(share.others.size(), m_others.size());
    std::copy_n(share.others.begin(), named, m_others.begin());
    m_share.others = {};
    std::fill(m_others.begin() + static_cast<std::ptrdiff_t>(named), m_others.end(), StepShare::Other{});
    ++m_parts.steps;
    m_parts.sharedSteps += share.shared ? 1 : 0;
}

/// Computing until `timeNs`, of the step under way.
void LatencyClock::compute(std::int64_t timeNs)
{
    const std::int64_t passed = advance(timeNs);
    const std::int64_t own = m_share.shared ? partOf(passed, m_share.own) : passed;
    (m_share.decode ? m_parts.decodeNs : m_parts.prefillNs) += own;
    const std::uint32_t end = m_share.firstToken + m_share.tokens;
    const std::uint32_t again = std::min(end, m_computed);
    if (!m_share.decode && again > m_share.firstToken)
        m_parts.recomputeNs += partOf(own, double(again - m_share.firstToken) / m_share.tokens);
    m_computed = std::max(m_computed, end);
    if (m_share.shared)
        blame(passed - own);
}

void LatencyClock::landed(std::int64_t computedNs, std::int64_t sampledNs, std::int64_t busyNs,
                          std::uint32_t samplers)
{
    if (m_state != State::InStep)
        return;
    compute(computedNs);
    const std::int64_t passed = advance(sampledNs);
    const bool alone = !m_share.shared && samplers <= 1;
    const std::int64_t own = m_share.samples ? passed / std::max(samplers, 1U) : 0;
    m_parts.samplingNs += own;
    (alone ? m_parts.overheadNs : m_parts.interferenceNs) += passed - own;
    m_busySeen = busyNs;
    m_state = State::Idle;
}

void LatencyClock::preempted(std::int64_t timeNs, std::int64_t busyNs)
{
    if (m_state == State::InStep)
        compute(timeNs);
    else
        wait(timeNs, busyNs);
    m_busySeen = busyNs;
    if (m_state != State::Queued)
        m_state = State::Preempted;
}

void LatencyClock::follow(const LatencyClock& leader)
{
    const std::int64_t arrivalNs = m_arrivalNs;
    *this = leader;
    m_arrivalNs = arrivalNs;
    std::int64_t late = std::max<std::int64_t>(arrivalNs - leader.m_arrivalNs, 0);
    for (std::int64_t* part : {&m_parts.queuedNs, &m_parts.overheadNs, &m_parts.interferenceNs,
                               &m_parts.prefillNs, &m_parts.preemptedNs, &m_parts.samplingNs}) {
        const std::int64_t taken = std::min(*part, late);
        *part -= taken;
        late -= taken;
    }
    m_parts.recomputeNs = std::min(m_parts.recomputeNs, m_parts.prefillNs);
}

LatencyBreakdown LatencyClock::finish(std::int64_t finishedNs, std::int64_t busyNs)
{
    if (m_state == State::InStep)
        compute(finishedNs);
    else
        wait(finishedNs, busyNs);
    std::sort(m_parts.neighbours.begin(), m_parts.neighbours.end(), addedMore);
    return m_parts;
}

void LatencyClock::blame(std::int64_t addedNs)
{
    m_parts.interferenceNs += addedNs;
    for (const StepShare::Other& other : m_others)
        if (other.request.value != 0)
            blame(other.request, partOf(addedNs, other.part));
}

/// Few are remembered: a newcomer takes the place of who added least.
void LatencyClock::blame(RequestId request, std::int64_t addedNs)
{
    auto& known = m_parts.neighbours;
    auto entry = std::find_if(known.begin(), known.end(),
                              [&](const auto& neighbour) { return neighbour.request == request; });
    if (entry == known.end()) {
        entry = std::max_element(known.begin(), known.end(), addedMore); // the last in that order
        *entry = {request, 0, 0};
    }
    ++entry->sharedSteps;
    entry->addedNs += addedNs;
}

} // namespace vitrine::engine
