// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/run_metrics.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <variant>

#include "engine/analysis/diagnosis.h"
#include "engine/analysis/step_clock.h"

namespace vitrine::engine {
namespace {

class Meter
{
public:
    void add(const RecordedStep& step)
    {
        if (step.record.step != 0) {
            const StepTimes times = m_clock.next(step);
            if (m_working && m_sampledNs > 0)
                m_activeNs += static_cast<double>(times.plannedNs - m_sampledNs);
            m_activeNs += static_cast<double>(times.sampledNs - times.plannedNs);
            m_sampledNs = times.sampledNs;
            m_working = step.record.running > 0 || step.record.waiting > 0;
            m_metrics.preemptions += step.record.preemptions;
        }
        for (const RecordedEvent& event : step.events) {
            if (const auto* arrival = std::get_if<RecordedArrival>(&event))
                m_replies[arrival->request] = {soundTime(arrival->timeNs), 0};
            else if (const auto* token = std::get_if<RecordedToken>(&event))
                take(token->request);
            else if (const auto* end = std::get_if<RecordedEnd>(&event))
                finish(*end);
        }
    }

    RunMetrics result()
    {
        m_metrics.firstTokenP50 = quantile(m_first, 0.5);
        m_metrics.firstTokenP95 = quantile(m_first, 0.95);
        m_metrics.betweenP50 = quantile(m_between, 0.5);
        m_metrics.betweenP95 = quantile(m_between, 0.95);
        m_metrics.betweenWorst = quantile(m_between, 0.995);
        m_metrics.wholeMean = m_ended > 0 ? m_wholeNs / static_cast<double>(m_ended) : 0.0;
        m_metrics.tokensPerSecond =
            m_activeNs > 0.0 ? static_cast<double>(m_metrics.tokens) / m_activeNs * 1e9 : 0.0;
        return m_metrics;
    }

private:
    struct Reply
    {
        std::int64_t arrivalNs = 0, lastNs = 0;
    };

    void take(RequestId request)
    {
        ++m_metrics.tokens;
        const auto found = m_replies.find(request);
        if (found == m_replies.end())
            return; // its arrival is not among the steps
        Reply& reply = found->second;
        if (reply.lastNs == 0) {
            ++m_metrics.requests;
            m_first.push_back(static_cast<double>(std::max<std::int64_t>(m_sampledNs - reply.arrivalNs, 0)));
        } else {
            m_between.push_back(static_cast<double>(m_sampledNs - reply.lastNs));
        }
        reply.lastNs = m_sampledNs;
    }

    void finish(const RecordedEnd& end)
    {
        const auto found = m_replies.find(end.request);
        if (found == m_replies.end())
            return;
        if (found->second.lastNs > 0) {
            ++m_ended;
            m_wholeNs += static_cast<double>(
                std::max<std::int64_t>(found->second.lastNs - found->second.arrivalNs, 0));
        }
        m_replies.erase(found);
    }

    RunMetrics m_metrics;
    StepClock m_clock;
    std::int64_t m_sampledNs = 0;
    double m_activeNs = 0.0, m_wholeNs = 0.0;
    std::uint64_t m_ended = 0;
    bool m_working = false;
    std::vector<double> m_first, m_between;
    std::unordered_map<RequestId, Reply> m_replies;
};

} // namespace

double quantile(std::vector<double>& values, double share)
{
    if (values.empty())
        return 0.0;
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(values.size() - 1);
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::lround(place));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

RunMetrics measureRun(std::span<const RecordedStep> steps)
{
    Meter meter;
    for (const RecordedStep& step : steps)
        meter.add(step);
    return meter.result();
}

double valueOf(const RunMetrics& metrics, GainMetric metric)
{
    switch (metric) {
    case GainMetric::FirstTokenP95:
        return metrics.firstTokenP95;
    case GainMetric::BetweenTokensP95:
        return metrics.betweenP95;
    case GainMetric::BetweenTokensWorst:
        return metrics.betweenWorst;
    case GainMetric::WholeMean:
        return metrics.wholeMean;
    case GainMetric::TokensPerSecond:
        return metrics.tokensPerSecond;
    case GainMetric::Preemptions:
        return static_cast<double>(metrics.preemptions);
    }
    return 0.0;
}

} // namespace vitrine::engine
