// SPDX-License-Identifier: GPL-3.0-or-later
// make-trace: invented load, one request a line.
#include <algorithm>

#include "app/cli/command.h"
#include "app/cli/trace_maker.h"

namespace vitrine::cli {

Command makeTraceCommand()
{
    return {.name = "make-trace",
            .usage = "KIND [--count N] [--min-tokens A] [--max-tokens B] [--rate R] [--seed S]",
            .summary = "Invents load for replay; the same seed gives the same lines.",
            .details = traceKindsHelp(),
            .flags = {integerFlag("--count", "N", 1, 1e7, "number of requests"),
                      integerFlag("--min-tokens", "A", 1, 1e6, "least length"),
                      integerFlag("--max-tokens", "B", 1, 1e6, "greatest length"),
                      numberFlag("--rate", "R", 0, 1e6, "arrivals a second on average; 0: all at once"),
                      integerFlag("--seed", "S", 0, 0x1p64, "1 without it")},
            .positionals = {"KIND"}};
}

int runMakeTrace(const Arguments& arguments)
{
    const std::string kind = arguments.positional(0);
    const std::optional<TraceShape> usual = usualShape(kind);
    if (!usual)
        return fail(engine::invalidArgument("make-trace: unknown kind \"" + kind +
                                            "\"; see vitrine-cli make-trace --help"));
    TraceShape shape = *usual;
    shape.count = arguments.integer("--count", usual->count);
    shape.least = arguments.integer("--min-tokens", usual->least);
    shape.most = arguments.integer("--max-tokens", std::max(usual->most, shape.least));
    shape.rate = arguments.number("--rate", usual->rate);
    if (!arguments.has("--min-tokens"))
        shape.least = std::min(shape.least, shape.most);
    if (shape.least > shape.most)
        return fail(engine::invalidArgument("make-trace: --min-tokens is larger than --max-tokens"));
    makeTrace(kind, shape, arguments.integer("--seed", 1), [](const Json& line) {
        printLine(line);
        return !g_stopRequested.load();
    });
    return kExitOk;
}

} // namespace vitrine::cli
