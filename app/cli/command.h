// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands share: exit codes, messages, model flags, signals.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/arguments.h"
#include "engine/base/json_text.h"
#include "engine/engine.h"
#include "engine/model/model.h"

namespace vitrine::cli {

using Json = nlohmann::ordered_json;
using engine::parseJson;

inline constexpr int kExitOk = 0;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInput = 3;
inline constexpr int kExitResources = 4;
inline constexpr int kExitEngine = 5;

int exitCode(const engine::Error& error);
/// "vitrine-cli: MESSAGE" to stderr; returns the exit code of the error.
int fail(const engine::Error& error);
void message(const std::string& text);
/// To stderr: what failed of the engine's executor and was mended, since the last call.
void tellRecoveries(const std::vector<engine::RankRecovery>& recoveries);
/// One JSON document on one line of stdout. Invalid UTF-8 becomes U+FFFD.
void printLine(const Json& document);

/// Whether the person pressed Ctrl-C (or SIGTERM came) since prepare() began: the command ends cleanly with
/// what it has. A second one ends the program. Before that, and in commands without a model, the first does.
extern std::atomic<bool> g_stopRequested;
void installStopSignals(); // prepare() does it

/// Flags that every command which loads a model takes.
std::vector<Flag> modelFlags();
std::vector<Flag> operator+(std::vector<Flag> first, const std::vector<Flag>& second);

/// -m, or the default model. "Not available yet" for a folder.
engine::Result<std::string> modelPath(const Arguments& arguments);
/// Of a rank that serves another process: without a tokeniser. BadInput also where --file-identity says that
/// it should be another file (MappedFile::identity()).
engine::Result<std::shared_ptr<const engine::Model>> modelOfRank(const Arguments& arguments);
engine::EngineOptions engineOptions(const Arguments& arguments);
/// Loads with a progress line on stderr when that is a terminal; Ctrl-C stops it.
engine::Result<engine::PreparedModel> prepare(const Arguments& arguments,
                                              const engine::EngineOptions& options);
engine::Result<engine::PreparedModel> prepare(const std::string& path, const engine::EngineOptions& options);

/// Of commands that --ranks auto is for: LoadFollower.
std::vector<Flag> withAutomaticRanks(std::vector<Flag> flags);
/// InvalidArgument: --ranks auto with what it does not go with yet.
engine::Result<void> checkAutomaticRanks(const Arguments& arguments);

/// Of commands that share out requests. Not with a GPU.
Flag replicasFlag();
std::uint32_t replicasOf(const Arguments& arguments); ///< 1 without the flag
engine::Result<std::vector<engine::PreparedModel>>
prepareAll(const std::string& path, const engine::EngineOptions& options, std::uint32_t count);

/// Where the model's layers lie: an object for each device that computes some, the first layers first.
Json devicesOf(const engine::ExecutorInfo& info);

/// What messages call the file: "stdin" for "-".
std::string inputName(const std::string& path);
/// The bytes of a file, or of stdin for "-". At most `most` bytes.
engine::Result<std::string> readInput(const std::string& path, std::size_t most = std::size_t{1} << 30);

/// Rounded to six decimals, as probabilities are printed.
double rounded(double value);

// One file a command: its flags and help, and what it does. `run…` returns the exit code.
Command generateCommand();
int runGenerate(const Arguments& arguments);
Command tokenizeCommand();
int runTokenize(const Arguments& arguments);
Command detokenizeCommand();
int runDetokenize(const Arguments& arguments);
Command templateCommand();
int runTemplate(const Arguments& arguments);
Command scoreCommand();
int runScore(const Arguments& arguments);
Command benchCommand();
int runBench(const Arguments& arguments);
Command replayCommand();
int runReplay(const Arguments& arguments);
Command makeTraceCommand();
int runMakeTrace(const Arguments& arguments);
Command inspectCommand();
int runInspect(const Arguments& arguments);
Command convertCommand();
int runConvert(const Arguments& arguments);
Command doctorCommand();
int runDoctor(const Arguments& arguments);
Command workerCommand();
int runWorker(const Arguments& arguments);

} // namespace vitrine::cli
