// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace_export.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <utility>

#include "engine/analysis/advisor.h"
#include "engine/report/advice_section.h"
#include "engine/report/recording_report.h"
#include "engine/report/report_file.h"
#include "engine/telemetry/metrics.h"
#include "engine/telemetry/metrics_text.h"
#include "engine/trace/chrome_export.h"
#include "engine/trace/csv_export.h"
#include "engine/trace/nsys_export.h"
#include "engine/trace/pftrace_export.h"
#include "engine/trace/trace_writer.h"
#include "engine/trace/whole_file.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostAdvised = 100'000; // steps: a few seconds of work

/// One that had no end still has none: what is missing is not there now either.
Result<void> rewrite(const Trace& trace, const std::string& path)
{
    const auto wordOf = [&trace](TokenId token) {
        const auto word = trace.vocabulary.find(token);
        return word == trace.vocabulary.end() ? std::string() : word->second;
    };
    Result<TraceWriter> writer = TraceWriter::create(path, trace.origin, {.wordOf = wordOf});
    if (!writer)
        return writer.error();
    for (const auto& [request, label] : trace.labels)
        if (Result<void> written = writer->label(request, label); !written)
            return written;
    if (Result<void> written = writer->add(trace.steps); !written)
        return written;
    if (Result<void> written = writer->addNvtx(trace.nvtx.events, trace.nvtx.names); !written)
        return written;
    const bool nvtx = trace.nvtx.events.size() + trace.nvtx.threads.size() + trace.nvtx.dropped > 0;
    if (nvtx)
        if (Result<void> written = writer->endNvtx(trace.nvtx.threads, trace.nvtx.dropped); !written)
            return written;
    return trace.complete ? writer->finish(trace.dropped) : writer->flush();
}

void writeMetricsOf(const Trace& trace, std::ostream& out, const TraceRange& range)
{
    Metrics metrics(trace.origin.model);
    for (const RecordedStep& step : trace.steps)
        if (range.everything() || range.touches(step.record.startNs, step.record.endNs))
            metrics.add(step);
    writeMetrics(metrics.families(), out);
}

/// Of the steps that lie in the range at least in part.
Result<void> writeReportOf(const Trace& trace, const std::string& path, const TraceRange& range)
{
    const auto apart = [&range](const RecordedStep& step) {
        return !range.touches(step.record.startNs, step.record.endNs);
    };
    const auto first = std::find_if_not(trace.steps.begin(), trace.steps.end(), apart);
    const auto last = std::find_if_not(trace.steps.rbegin(), std::make_reverse_iterator(first), apart).base();
    const ReportSource source{trace.origin,  {first, last}, trace.labels,       trace.vocabulary,
                              trace.dropped, trace.damage,  !range.everything()};
    ReportOptions options;
    const auto newest = source.steps.last(std::min(source.steps.size(), kMostAdvised));
    if (const std::vector<Diagnosis> found = advise(newest, trace.origin.pool); !found.empty())
        options.findings.push_back(adviceSection(found));
    return writeReport(recordingReport(source, options), path);
}

} // namespace

std::optional<TraceFormat> traceFormatOf(const std::string& path)
{
    constexpr std::array<std::pair<const char*, TraceFormat>, 8> kSuffixes = {
        {{".vtrace", TraceFormat::Recording},
         {".json", TraceFormat::Chrome},
         {".pftrace", TraceFormat::Perfetto},
         {".sqlite", TraceFormat::Nsys},
         {".csv", TraceFormat::Csv},
         {".prom", TraceFormat::Metrics},
         {".html", TraceFormat::Html},
         {".pdf", TraceFormat::Pdf}}};
    const std::string suffix = std::filesystem::path(path).extension().string();
    for (const auto& [known, format] : kSuffixes)
        if (suffix == known)
            return format;
    return std::nullopt;
}

Result<void> canExport(TraceFormat format)
{
    if (format == TraceFormat::Pdf)
        if (std::string problem = reportProblem(".pdf"); !problem.empty())
            return outOfResources(std::move(problem));
    return format == TraceFormat::Nsys ? nsysAvailable() : Result<void>();
}

Result<void> exportTrace(const Timeline& timeline, const std::string& path, const TraceRange& range)
{
    const std::optional<TraceFormat> format = traceFormatOf(path);
    if (!format)
        return invalidArgument(
            "\"" + path +
            "\" ends in none of .vtrace, .json, .pftrace, .sqlite, .csv, .prom, .html and .pdf");
    switch (*format) {
    case TraceFormat::Recording:
        if (!range.everything())
            return invalidArgument("a .vtrace holds a recording whole; a part of it can be written as .json, "
                                   ".pftrace, .sqlite or .csv");
        return writeWholeFile(path,
                              [&](const std::string& partial) { return rewrite(timeline.trace(), partial); });
    case TraceFormat::Chrome:
        return writeWholeStream(path, [&](std::ostream& out) { writeChromeTrace(timeline, out, range); });
    case TraceFormat::Perfetto:
        return writeWholeStream(path, [&](std::ostream& out) { writePerfettoTrace(timeline, out, range); });
    case TraceFormat::Nsys:
        return writeNsysDatabase(timeline, path, range);
    case TraceFormat::Csv:
        return writeCsvTables(timeline, path, range);
    case TraceFormat::Metrics:
        return writeWholeStream(path,
                                [&](std::ostream& out) { writeMetricsOf(timeline.trace(), out, range); });
    case TraceFormat::Html:
    case TraceFormat::Pdf:
        return writeReportOf(timeline.trace(), path, range);
    }
    return internalError("no such format of recordings");
}

} // namespace vitrine::engine
