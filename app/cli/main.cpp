// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli: the command line of Vitrine. Finds the command, checks its flags, maps failures to exit codes.
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/mpi_run.h"

namespace {

using namespace vitrine::cli;
namespace engine = vitrine::engine;

struct Entry
{
    Command (*describe)();
    int (*run)(const Arguments&);
};

constexpr Entry kCommands[] = {
    {generateCommand, runGenerate}, {tokenizeCommand, runTokenize},   {detokenizeCommand, runDetokenize},
    {templateCommand, runTemplate}, {scoreCommand, runScore},         {benchCommand, runBench},
    {replayCommand, runReplay},     {makeTraceCommand, runMakeTrace}, {inspectCommand, runInspect},
    {convertCommand, runConvert},   {doctorCommand, runDoctor},       {workerCommand, runWorker},
};
constexpr const char* kLaterCommands[] = {"serve"};

std::string overview()
{
    std::string text = "vitrine-cli COMMAND [flags]\n\nCommands (each has --help):\n";
    for (const Entry& entry : kCommands) {
        const Command command = entry.describe();
        text += "  " + command.name + std::string(12 - command.name.size(), ' ') + command.summary + "\n";
    }
    text += "Not available yet:";
    for (const char* name : kLaterCommands)
        text += std::string(" ") + name;
    return text + "\n\nExit codes: 0 success, 2 wrong usage, 3 bad input file, 4 out of resources, "
                  "5 engine failure.\n";
}

int runCommand(const Entry& entry, const std::vector<std::string>& words)
{
    const Command command = entry.describe();
    for (const std::string& word : words) {
        if (word == "--help" || word == "-h") {
            std::fputs(helpText(command).c_str(), stdout);
            return kExitOk;
        }
    }
    const engine::Result<Arguments> arguments = Arguments::parse(command, words);
    if (!arguments) {
        message(command.name + ": " + arguments.error().message + "; see vitrine-cli " + command.name +
                " --help");
        return kExitUsage;
    }
    return arguments->has("--mpi") ? runOverMpi(entry.run, *arguments) : entry.run(*arguments);
}

int dispatch(const std::vector<std::string>& words)
{
    if (words.empty()) {
        std::fputs(overview().c_str(), stderr);
        return kExitUsage;
    }
    if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
        std::fputs(overview().c_str(), stdout);
        return kExitOk;
    }
    for (const Entry& entry : kCommands) {
        if (entry.describe().name == words[0])
            return runCommand(entry, {words.begin() + 1, words.end()});
    }
    for (const char* name : kLaterCommands) {
        if (words[0] == name) {
            message("the command " + words[0] + " is not available yet");
            return kExitUsage;
        }
    }
    message("unknown command \"" + words[0] + "\"; see vitrine-cli --help");
    return kExitUsage;
}

int closeOutput(int code)
{
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
        return code;
    message("cannot write to standard output");
    return code == kExitOk ? kExitResources : code;
}

} // namespace

int main(int argc, char** argv)
{
    try {
        return closeOutput(dispatch({argv + 1, argv + argc}));
    } catch (const std::bad_alloc&) {
        message("out of memory");
        return kExitResources;
    } catch (const std::exception& failure) {
        message(std::string("failed: ") + failure.what());
        return kExitEngine;
    }
}
