// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a recording at any time because it is followed step by step: preemptions, anomalies and
// metrics. Costs a few microseconds a step; bounded. Owner: a recording's thread.
#pragma once

#include <span>
#include <string>

#include "engine/analysis/anomaly_log.h"
#include "engine/analysis/preemption.h"
#include "engine/telemetry/metric_history.h"

namespace vitrine::ui {

class RunningAnalyses
{
public:
    RunningAnalyses() = default;
    RunningAnalyses(const engine::RecordingStart& pool, const std::string& model)
        : m_preemptions(pool), m_metrics(model)
    {}

    /// In the order of the recording.
    void add(std::span<const engine::RecordedStep> steps)
    {
        for (const engine::RecordedStep& step : steps) {
            m_preemptions.add(step);
            m_anomalies.add(step);
            m_metrics.add(step);
        }
    }
    /// Steps that are kept no more; metrics go on counting from the beginning.
    void forgetBefore(std::int64_t ns)
    {
        m_preemptions.forgetBefore(ns);
        m_anomalies.forgetBefore(ns);
    }
    void setModel(const std::string& model) { m_metrics.setModel(model); }

    const engine::PreemptionLog& preemptions() const { return m_preemptions; }
    const engine::AnomalyLog& anomalies() const { return m_anomalies; }
    const engine::MetricHistory& metrics() const { return m_metrics; }

private:
    engine::PreemptionLog m_preemptions;
    engine::AnomalyLog m_anomalies;
    engine::MetricHistory m_metrics;
};

} // namespace vitrine::ui
