// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/recording_report.h"

#include <algorithm>
#include <utility>

#include "engine/analysis/preemption.h"
#include "engine/analysis/prefix_tree.h"
#include "engine/analysis/run_figures.h"
#include "engine/analysis/run_series.h"
#include "engine/report/report_charts.h"
#include "engine/report/report_tables.h"
#include "engine/report/report_words.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kBins = 60; // of charts over time

/// Of a text from outside.
std::string brief(const std::string& text)
{
    constexpr std::size_t kWidth = 100;
    return shortened(cleanReportText(text), kWidth);
}

std::string counted(std::uint64_t count, const std::string& one)
{
    return countText(count) + " " + one + (count == 1 ? "" : "s");
}

class ReportWriter
{
public:
    ReportWriter(const ReportSource& source, const ReportOptions& options)
        : m_source(source), m_options(options), m_run(runFigures(source.steps)),
          m_series(runSeries(source.steps, kBins)),
          m_preemptions(preemptions(source.origin.pool, source.steps))
    {}

    ReportDocument write()
    {
        addHeader();
        addFigures();
        for (const ReportSection& finding : m_options.findings)
            m_report.add(finding);
        if (m_run.steps > 0) {
            addOverTime();
            addDistributions();
            addTimeline();
        }
        addRequests();
        addPreemptions();
        addPrefixes();
        for (const ReportSection& section : m_options.appendix)
            m_report.add(section);
        return std::move(m_report);
    }

private:
    std::string titleOf(RequestId request) const
    {
        const auto label = m_source.labels.find(request);
        return label == m_source.labels.end() || label->second.title.empty()
                   ? "request " + std::to_string(request.value)
                   : label->second.title;
    }

    void addHeader()
    {
        const TraceOrigin& origin = m_source.origin;
        m_report.title = (m_source.selection ? "Part of a recording: " : "Recording: ") +
                         (origin.model.empty() ? "unknown model" : brief(origin.model));
        m_report.add(ReportHeading{m_report.title, 1});
        // The calendar's moment of the first step; of unlikely clocks none.
        std::int64_t unixNs = 0;
        std::string line = brief(origin.device);
        if (!__builtin_sub_overflow(m_run.startNs, origin.steadyNs, &unixNs) &&
            !__builtin_add_overflow(unixNs, origin.unixNs, &unixNs) && origin.unixNs != 0)
            line += (line.empty() ? "" : " · ") + dateText(unixNs);
        line += (line.empty() ? "" : " · ") + durationText(m_run.seconds);
        line += " · " + counted(m_run.steps, "step");
        if (!origin.program.empty())
            line += " · recorded by " + brief(origin.program);
        m_report.add(ReportParagraph{line, true});
        const RecordingStart& pool = origin.pool;
        m_report.add(ReportParagraph{
            "KV pool: " + counted(pool.blocks, "block") + " of " + counted(pool.blockSize, "token") +
                (pool.hostBlocks > 0 ? ", " + counted(pool.hostBlocks, "block") + " in host memory" : ""),
            true});
        if (m_source.dropped > 0)
            m_report.add(ReportParagraph{
                counted(m_source.dropped, "step") + " were lost to the bound of the recording.", false});
        if (!m_source.damage.empty())
            m_report.add(ReportParagraph{"The recording is not whole: " + m_source.damage, false});
    }

    void addFigures()
    {
        std::string others;
        if (m_run.cancelled > 0)
            others += ", " + countText(m_run.cancelled) + " cancelled";
        if (m_run.failed > 0)
            others += ", " + countText(m_run.failed) + " failed";
        const auto percentiles = [](const Samples& samples) {
            return samples.empty() ? "" : "p95 " + durationText(samples.percentile(0.95));
        };
        const auto median = [](const Samples& samples) {
            return samples.empty() ? "–" : durationText(samples.median());
        };
        m_report.add(ReportFigures{
            {{countText(m_run.requests.size()), "Requests", countText(m_run.finished) + " finished" + others},
             {rateText(m_run.tokensPerSecond()), "Tokens per second",
              rateText(m_run.tokensPerBusySecond()) + " while busy"},
             {median(m_run.firstToken), "First token, p50", percentiles(m_run.firstToken)},
             {median(m_run.between), "Between tokens, p50", percentiles(m_run.between)},
             {median(m_run.queue), "Queue, p50", percentiles(m_run.queue)},
             {percentText(m_run.prefixHitRate()), "Prefix hits",
              countText(m_run.cachedTokens) + " of " + counted(m_run.lookedUpTokens, "token")},
             {percentText(m_run.kvMean), "KV in use", percentText(m_run.kvPeak) + " at most"},
             {countText(m_run.preemptions), "Preemptions",
              m_run.preemptionsBySwap > 0 ? countText(m_run.preemptionsBySwap) + " by swap"
                                          : counted(m_run.recomputedTokens, "token") + " computed again"}}});
    }

    void addOverTime()
    {
        if (m_series.bins.empty())
            return;
        m_report.add(ReportHeading{"Over time", 2});
        m_report.add(throughputChart(m_run, m_series));
        m_report.add(kvChart(m_run, m_series));
        m_report.add(batchChart(m_run, m_series));
    }

    void addDistributions()
    {
        if (m_run.firstToken.empty() && m_run.between.empty())
            return;
        m_report.add(ReportHeading{"Latency", 2});
        if (!m_run.firstToken.empty())
            m_report.add(distributionChart("Time to first token", m_run.firstToken));
        if (!m_run.between.empty())
            m_report.add(distributionChart("Time between tokens", m_run.between));
        if (!m_run.step.empty())
            m_report.add(distributionChart("Time of a step", m_run.step));
    }

    /// The slowest, in order of arrival.
    void addTimeline()
    {
        RequestLives lives;
        for (const RecordedStep& step : m_source.steps)
            lives.add(step);
        std::vector<const RequestFigures*> slowest;
        for (const RequestFigures& request : m_run.requests)
            slowest.push_back(&request);
        std::stable_sort(slowest.begin(), slowest.end(), [](const auto* a, const auto* b) {
            return a->total.value_or(0.0) > b->total.value_or(0.0);
        });
        slowest.resize(std::min(slowest.size(), m_options.slowest));
        std::stable_sort(slowest.begin(), slowest.end(),
                         [](const auto* a, const auto* b) { return a->arrivalNs < b->arrivalNs; });
        std::vector<const RequestLife*> shown;
        for (const RequestFigures* request : slowest)
            if (const RequestLife* life = lives.find(request->request))
                shown.push_back(life);
        if (!shown.empty())
            m_report.add(timelineChart(m_run, shown, [this](RequestId id) { return titleOf(id); }));
    }

    void addRequests()
    {
        if (m_run.requests.empty())
            return;
        m_report.add(ReportHeading{"Requests", 2});
        m_report.add(requestTable(
            m_run, [this](RequestId id) { return titleOf(id); }, m_options.mostRequests));
    }

    void addPreemptions()
    {
        if (m_preemptions.empty())
            return;
        m_report.add(ReportHeading{"Preemptions", 2});
        m_report.add(preemptionTable(
            m_run, m_preemptions, [this](RequestId id) { return titleOf(id); }, m_options.mostPreemptions));
    }

    void addPrefixes()
    {
        const PrefixTree tree = prefixTree(m_source.origin.pool, m_source.steps, m_source.vocabulary);
        ReportTable table = prefixTable(tree, m_options.mostPrefixes);
        if (table.rows.empty())
            return;
        m_report.add(ReportHeading{"Shared beginnings", 2});
        m_report.add(ReportParagraph{counted(tree.savedTokens, "token") + " of " +
                                         counted(tree.promptTokens, "prompt token") +
                                         " were found in the prefix cache.",
                                     true});
        m_report.add(std::move(table));
    }

    const ReportSource& m_source;
    const ReportOptions& m_options;
    RunFigures m_run;
    RunSeries m_series;
    std::vector<PreemptionDetail> m_preemptions;
    ReportDocument m_report;
};

} // namespace

ReportDocument recordingReport(const ReportSource& source, const ReportOptions& options)
{
    return ReportWriter(source, options).write();
}

ReportDocument recordingReport(const Trace& trace, const ReportOptions& options)
{
    const ReportSource source{trace.origin,  trace.steps,  trace.labels, trace.vocabulary,
                              trace.dropped, trace.damage, false};
    return recordingReport(source, options);
}

} // namespace vitrine::engine
