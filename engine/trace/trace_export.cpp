// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/trace_export.h"

#include <array>
#include <filesystem>
#include <utility>

#include "engine/report/report_file.h"
#include "engine/telemetry/metrics.h"
#include "engine/telemetry/metrics_text.h"
#include "engine/trace/chrome_export.h"
#include "engine/trace/csv_export.h"
#include "engine/trace/nsys_export.h"
#include "engine/trace/pftrace_export.h"
#include "engine/trace/trace_report.h"
#include "engine/trace/trace_writer.h"
#include "engine/trace/whole_file.h"

namespace vitrine::engine {

namespace {

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

Result<void> exportTrace(const Timeline& timeline, const std::string& path, const TraceRange& range,
                         const ReportBaseline& baseline)
{
    const std::optional<TraceFormat> format = traceFormatOf(path);
    if (!format)
        return invalidArgument(
            "\"" + path +
            "\" ends in none of .vtrace, .json, .pftrace, .sqlite, .csv, .prom, .html and .pdf");
    if (baseline.trace != nullptr && *format != TraceFormat::Html && *format != TraceFormat::Pdf)
        return invalidArgument("two recordings are compared in a report: write .html or .pdf");
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
        return writeTraceReport(timeline.trace(), path, range, baseline);
    }
    return internalError("no such format of recordings");
}

} // namespace vitrine::engine
