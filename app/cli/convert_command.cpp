// SPDX-License-Identifier: GPL-3.0-or-later
// convert: a recording in another format, whole or a part of its time.
#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>

#include "app/cli/command.h"
#include "app/cli/trace_output.h"
#include "engine/trace/trace_reader.h"

namespace vitrine::cli {

using engine::Result;

namespace {

constexpr double kMostSeconds = 1e9;

/// What the command writes of the recording; the whole when neither flag is there.
engine::TraceRange rangeOf(const Arguments& arguments, const engine::Timeline& timeline)
{
    constexpr double kOpen = std::numeric_limits<double>::quiet_NaN();
    return timeline.range(arguments.number("--from", kOpen), arguments.number("--to", kOpen));
}

auto stepsIn(const engine::Trace& trace, const engine::TraceRange& range)
{
    return std::count_if(trace.steps.begin(), trace.steps.end(), [&](const engine::RecordedStep& step) {
        return step.record.step != 0 && range.touches(step.record.startNs, step.record.endNs);
    });
}

void warnOf(const engine::Trace& trace, const std::string& from)
{
    if (!trace.damage.empty())
        message("convert: " + trace.damage);
    else if (!trace.complete)
        message("convert: " + from + ": the recording was not ended; what there is of it is written");
}

std::string nameOf(const std::string& path)
{
    return std::filesystem::path(path).filename().string();
}

/// Usage that makes no sense; no error when it does.
Result<void> check(const Arguments& arguments)
{
    if (const Result<void> can = checkTraceTarget(arguments.positional(1)); !can)
        return can;
    const bool part = arguments.has("--from") || arguments.has("--to");
    if (part && engine::traceFormatOf(arguments.positional(1)) == engine::TraceFormat::Recording)
        return engine::invalidArgument("a .vtrace is written whole: leave --from and --to out");
    const std::optional<engine::TraceFormat> format = engine::traceFormatOf(arguments.positional(1));
    if (arguments.has("--against") && format != engine::TraceFormat::Html &&
        format != engine::TraceFormat::Pdf)
        return engine::invalidArgument("--against is for reports: write .html or .pdf");
    if (arguments.number("--from", 0.0) >= arguments.number("--to", 2 * kMostSeconds))
        return engine::invalidArgument("--from must be before --to");
    return {};
}

} // namespace

Command convertCommand()
{
    return {
        .name = "convert",
        .usage = "IN.vtrace OUT [flags]",
        .summary = "Writes a recording in another format.",
        .details =
            "The suffix of OUT names the format: .json is Chrome's trace events, which Perfetto and\n"
            "chrome://tracing open; .pftrace Perfetto's own trace; .sqlite the tables that nsys exports and\n"
            "`nsys stats` reads; .csv writes steps to OUT and requests to OUT's name with .requests.csv;\n"
            ".prom metrics as Prometheus reads them; .vtrace the recording again;\n"
            ".html and .pdf are a report with charts. Of a damaged or "
            "unfinished recording what is whole is written.",
        .flags = {textFlag("--against", "A.vtrace",
                           "compares with another recording: what changed from that one; reports only"),
                  numberFlag("--from", "SECONDS", 0, kMostSeconds,
                             "writes what comes after that, from the start of the recording"),
                  numberFlag("--to", "SECONDS", 0, kMostSeconds, "writes what comes before that")},
        .positionals = {"IN.vtrace", "OUT"}};
}

int runConvert(const Arguments& arguments)
{
    const std::string from = arguments.positional(0), to = arguments.positional(1);
    const std::string against = arguments.text("--against");
    if (const Result<void> sensible = check(arguments); !sensible)
        return fail(engine::Error{sensible.error().code, "convert: " + sensible.error().message});
    const Result<engine::Trace> trace = engine::readTrace(from);
    if (!trace)
        return fail(trace.error());
    warnOf(*trace, from);
    const Result<engine::Trace> other = against.empty() ? engine::Trace() : engine::readTrace(against);
    if (!other)
        return fail(other.error());
    if (!against.empty())
        warnOf(*other, against);
    const engine::ReportBaseline baseline{against.empty() ? nullptr : &*other, nameOf(against), nameOf(from)};
    const engine::Timeline timeline(*trace);
    const engine::TraceRange range = rangeOf(arguments, timeline);
    if (const Result<void> written = engine::exportTrace(timeline, to, range, baseline); !written)
        return fail(written.error());
    message("convert: " + std::to_string(stepsIn(*trace, range)) + " steps written to " + to);
    return kExitOk;
}

} // namespace vitrine::cli
