// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/step_clock.h"

#include <algorithm>
#include <unordered_set>
#include <variant>

namespace vitrine::engine {
namespace {

constexpr std::int64_t kLastNs = std::int64_t{1} << 60; // 36 years of a machine's uptime

std::int64_t after(std::int64_t from, std::int64_t ns)
{
    return std::min(from + std::clamp<std::int64_t>(ns, 0, kLastNs), kLastNs);
}

} // namespace

std::int64_t soundTime(std::int64_t ns)
{
    return std::clamp<std::int64_t>(ns, 0, kLastNs);
}

/// By the phases, which are exact; without them by the lengths that the step's figures have.
StepTimes StepClock::next(const RecordedStep& step)
{
    const StepFigures& record = step.record;
    StepTimes times;
    times.plannedNs = std::max(soundTime(record.startNs), m_sampledNs);
    times.launchedNs = after(after(times.plannedNs, record.scheduleNs), record.transferNs);
    times.computedNs = after(times.launchedNs, record.forwardNs);
    times.sampledNs = after(times.computedNs, record.sampleNs);
    for (const PhaseSpan& span : step.phases) {
        if (span.phase == StepPhase::Forward) {
            times.launchedNs = soundTime(span.startNs);
            times.computedNs = soundTime(span.endNs);
        } else if (span.phase == StepPhase::Sample) {
            times.sampledNs = soundTime(span.endNs);
        }
    }
    times.launchedNs = std::max(times.launchedNs, times.plannedNs);
    times.computedNs = std::max(times.computedNs, times.launchedNs);
    times.sampledNs = std::max(times.sampledNs, times.computedNs);
    times.endNs = std::max(soundTime(record.endNs), times.sampledNs);
    m_sampledNs = times.sampledNs;
    return times;
}

std::vector<RowWork> workOf(const RecordedStep& step)
{
    std::unordered_set<RequestId> sampled;
    for (const RecordedEvent& event : step.events)
        if (const auto* token = std::get_if<RecordedToken>(&event))
            sampled.insert(token->request);
    std::vector<RowWork> rows;
    rows.reserve(step.rows.size());
    for (const StepRow& row : step.rows) {
        const bool decode = row.decodeTokens > 0;
        const std::uint32_t tokens =
            std::min(decode ? row.decodeTokens : row.prefillTokens, row.contextLength);
        if (tokens > 0)
            rows.push_back(
                {row.request, row.contextLength - tokens, tokens, decode, sampled.contains(row.request)});
    }
    return rows;
}

StepLoad loadOf(const RecordedStep& step)
{
    StepLoad load;
    for (const RowWork& row : workOf(step)) {
        const StepLoad one = loadOf(row);
        load.prefillTokens += one.prefillTokens;
        load.decodeRows += one.decodeRows;
        load.attendedKeys += one.attendedKeys;
    }
    return load;
}

} // namespace vitrine::engine
