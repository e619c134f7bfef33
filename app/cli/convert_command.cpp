// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"
#include "app/cli/trace_output.h"
#include "engine/trace/trace_reader.h"

namespace vitrine::cli {

namespace {

/// Empty when a recording can be written in the format that the suffix names.
std::string targetProblem(const std::string& path)
{
    const std::string suffix = suffixOf(path);
    for (const char* later : {".pftrace", ".sqlite"})
        if (suffix == later)
            return suffix + " is not available yet; .csv and .json are";
    if (suffix == ".csv" || suffix == ".json" || suffix == ".prom")
        return {};
    return "wants a file that ends in .csv or .json, not \"" + path + "\"";
}

} // namespace

Command convertCommand()
{
    return {.name = "convert",
            .usage = "IN.vtrace OUT",
            .summary = "Writes a recording in another format.",
            .details =
                "The suffix of OUT names the format: .json is Chrome's trace events, which Perfetto and\n"
                "chrome://tracing open; .csv writes steps to OUT and requests to OUT's name with\n"
                ".requests.csv; .prom metrics as Prometheus reads them. Of a damaged or unfinished recording "
                "what is whole is written.",
            .flags = {},
            .positionals = {"IN.vtrace", "OUT"}};
}

int runConvert(const Arguments& arguments)
{
    const std::string from = arguments.positional(0), to = arguments.positional(1);
    if (const std::string problem = targetProblem(to); !problem.empty()) {
        message("convert: " + problem);
        return kExitUsage;
    }
    const engine::Result<engine::Trace> trace = engine::readTrace(from);
    if (!trace)
        return fail(trace.error());
    if (!trace->damage.empty())
        message("convert: " + trace->damage);
    else if (!trace->complete)
        message("convert: " + from + ": the recording was not ended; what there is of it is written");
    if (const engine::Result<void> written = writeTrace(*trace, to); !written)
        return fail(written.error());
    message("convert: " + std::to_string(trace->steps.size()) + " steps written to " + to);
    return kExitOk;
}

} // namespace vitrine::cli
