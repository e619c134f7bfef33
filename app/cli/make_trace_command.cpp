// SPDX-License-Identifier: GPL-3.0-or-later
// make-trace: invented load, one request a line.
#include <algorithm>
#include <cstdio>

#include "app/cli/command.h"
#include "engine/workload/workload_lines.h"
#include "engine/workload/workload_maker.h"

namespace vitrine::cli {

namespace {

/// One line of help for each kind.
std::string kindsHelp()
{
    std::string text = "KIND:\n";
    for (const engine::WorkloadKind& kind : engine::workloadKinds()) {
        const std::string name = kind.name;
        text += "  " + name + std::string(14 - name.size(), ' ') + kind.help + " (" +
                std::to_string(kind.usual.count) + " requests, " + std::to_string(kind.usual.least) + "..." +
                std::to_string(kind.usual.most) + ")\n";
    }
    return text + "Every reply runs to its full length (\"ignore_eos\").";
}

} // namespace

Command makeTraceCommand()
{
    return {.name = "make-trace",
            .usage = "KIND [--count N] [--min-tokens A] [--max-tokens B] [--rate R] [--seed S]",
            .summary = "Invents load for replay; the same seed gives the same lines.",
            .details = kindsHelp(),
            .flags = {integerFlag("--count", "N", 1, 1e7, "number of requests"),
                      integerFlag("--min-tokens", "A", 1, 1e6, "least length"),
                      integerFlag("--max-tokens", "B", 1, 1e6, "greatest length"),
                      numberFlag("--rate", "R", 0, 1e6, "arrivals a second on average; 0: all at once"),
                      integerFlag("--seed", "S", 0, 0x1p64, "1 without it")},
            .positionals = {"KIND"}};
}

int runMakeTrace(const Arguments& arguments)
{
    const engine::WorkloadKind* kind = engine::findWorkloadKind(arguments.positional(0));
    if (kind == nullptr)
        return fail(engine::invalidArgument("make-trace: unknown kind \"" + arguments.positional(0) +
                                            "\"; see vitrine-cli make-trace --help"));
    const engine::WorkloadShape& usual = kind->usual;
    engine::WorkloadShape shape = usual;
    shape.count = arguments.integer("--count", usual.count);
    shape.least = arguments.integer("--min-tokens", usual.least);
    shape.most = arguments.integer("--max-tokens", std::max(usual.most, shape.least));
    shape.rate = arguments.number("--rate", usual.rate);
    if (!arguments.has("--min-tokens"))
        shape.least = std::min(shape.least, shape.most);
    if (shape.least > shape.most)
        return fail(engine::invalidArgument("make-trace: --min-tokens is larger than --max-tokens"));
    engine::makeWorkload(*kind, shape, arguments.integer("--seed", 1), [](const engine::WorkloadItem& item) {
        std::printf("%s\n", engine::workloadLine(item).c_str());
        std::fflush(stdout);
        return !g_stopRequested.load();
    });
    return kExitOk;
}

} // namespace vitrine::cli
