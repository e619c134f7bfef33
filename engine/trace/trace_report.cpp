// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace_report.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

#include "engine/analysis/advisor.h"
#include "engine/analysis/anomaly_log.h"
#include "engine/analysis/compare.h"
#include "engine/analysis/pool_what_if.h"
#include "engine/report/advice_section.h"
#include "engine/report/comparison_section.h"
#include "engine/report/insight_sections.h"
#include "engine/report/recording_report.h"
#include "engine/report/report_file.h"
#include "engine/telemetry/metrics.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostAnalysed = 100'000; // steps: a few seconds of work

using Steps = std::span<const RecordedStep>;

Steps newest(Steps steps)
{
    return steps.last(std::min(steps.size(), kMostAnalysed));
}

Steps stepsOf(const Trace& trace, const TraceRange& range)
{
    const auto apart = [&range](const RecordedStep& step) {
        return !range.touches(step.record.startNs, step.record.endNs);
    };
    const auto first = std::find_if_not(trace.steps.begin(), trace.steps.end(), apart);
    const auto last = std::find_if_not(trace.steps.rbegin(), std::make_reverse_iterator(first), apart).base();
    return {first, last};
}

std::int64_t startOf(Steps steps)
{
    const auto first = std::find_if(steps.begin(), steps.end(),
                                    [](const RecordedStep& step) { return step.record.step != 0; });
    return first == steps.end() ? 0 : soundTime(first->record.startNs);
}

void addAnomalies(std::vector<ReportSection>& sections, Steps steps)
{
    AnomalyLog log;
    for (const RecordedStep& step : steps)
        log.add(step);
    if (const AnomalyLog::Found found = log.found(); !found.all.empty())
        sections.push_back(anomalySection(found, startOf(steps)));
}

void addWhatIf(std::vector<ReportSection>& sections, const RecordingStart& pool, Steps steps)
{
    const WhatIf whatIf = poolWhatIf(pool, newest(steps));
    if (whatIf.lookedUpTokens > 0 && !whatIf.points.empty())
        sections.push_back(whatIfSection(whatIf));
}

void addMetrics(std::vector<ReportSection>& sections, const Trace& trace, Steps steps)
{
    Metrics metrics(trace.origin.model);
    for (const RecordedStep& step : steps)
        metrics.add(step);
    sections.push_back(metricsSection(metrics.families()));
}

} // namespace

Result<void> writeTraceReport(const Trace& trace, const std::string& path, const TraceRange& range,
                              const ReportBaseline& baseline)
{
    const Steps steps = stepsOf(trace, range);
    const ReportSource source{trace.origin,  steps,        trace.labels,       trace.vocabulary,
                              trace.dropped, trace.damage, !range.everything()};
    ReportOptions options;
    if (baseline.trace != nullptr)
        options.findings.push_back(comparisonSection(
            compareRuns(newest(baseline.trace->steps), newest(steps)), baseline.name, baseline.ownName));
    if (const std::vector<Diagnosis> found = advise(newest(steps), trace.origin.pool); !found.empty())
        options.findings.push_back(adviceSection(found));
    addAnomalies(options.findings, steps);
    addWhatIf(options.appendix, trace.origin.pool, steps);
    addMetrics(options.appendix, trace, steps);
    return writeReport(recordingReport(source, options), path);
}

} // namespace vitrine::engine
