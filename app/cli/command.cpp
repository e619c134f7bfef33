// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

#include <cmath>
#include <csignal>
#include <cstdio>

#include <unistd.h>

#include "app/cli/memory_report.h"
#include "engine/model/default_model.h"
#include "engine/replicas/prepared_replicas.h"

namespace vitrine::cli {

using engine::ErrorCode;
using engine::Result;

std::atomic<bool> g_stopRequested{false};

namespace {

extern "C" void onStopSignal(int)
{
    g_stopRequested.store(true);
}

void closeFile(std::FILE* file)
{
    if (file != nullptr && file != stdin)
        std::fclose(file);
}

} // namespace

int exitCode(const engine::Error& error)
{
    switch (error.code) {
    case ErrorCode::InvalidArgument:
        return kExitUsage;
    case ErrorCode::BadInput:
        return kExitInput;
    case ErrorCode::OutOfResources:
        return kExitResources;
    case ErrorCode::Cancelled:
    case ErrorCode::Internal:
        break;
    }
    return kExitEngine;
}

void tellRecoveries(const std::vector<engine::RankRecovery>& recoveries)
{
    for (const engine::RankRecovery& recovery : recoveries) {
        message(sentenceOf(recovery));
        if (!recovery.reportFile.empty())
            message("what every rank was at: " + recovery.reportFile);
    }
}

void message(const std::string& text)
{
    std::fprintf(stderr, "vitrine-cli: %s\n", text.c_str());
}

int fail(const engine::Error& error)
{
    message(error.message);
    return exitCode(error);
}

void printLine(const Json& document)
{
    const std::string text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

void installStopSignals()
{
    struct sigaction action = {};
    action.sa_handler = onStopSignal;
    action.sa_flags = static_cast<int>(SA_RESETHAND); // a second one ends the program
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

std::vector<Flag> operator+(std::vector<Flag> first, const std::vector<Flag>& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

std::vector<Flag> modelFlags()
{
    Flag model =
        textFlag("--model", "MODEL", "model file (.gguf) or folder; the installed default without it");
    model.alias = "-m";
    Flag gpuLayers = integerFlag("--gpu-layers", "N|auto", 0, 65535,
                                 "the model's last N layers on that GPU, the others on the CPU; auto without "
                                 "it: as many as fit");
    gpuLayers.words = {"auto"};
    gpuLayers.needs = "--gpu";
    return {
        model,
        integerFlag("--threads", "N", 1, 1024, "compute threads; one per physical core without it"),
        integerFlag("--gpu", "N", 0, 63,
                    "compute on this NVIDIA GPU (doctor lists them); on the CPU without it"),
        gpuLayers,
        integerFlag("--gpu-memory", "MIB", 1, 1e9,
                    "memory of the GPU to take at most, in MiB; all but a margin without it"),
        switchFlag("--deterministic", "one numeric path whatever the batch"),
        integerFlag(
            "--ranks", "N", 1, 64,
            "processes that share every layer's tensors, and the threads; with --gpu as many GPUs from "
            "that one on; 1 without it"),
        switchFlag("--mpi",
                   "the ranks are those that an MPI launcher (mpirun, srun) has started with this command"),
        integerFlag("--stages", "P", 1, 63,
                    "groups of N processes, each with some of the layers; 1 without it"),
        integerFlag("--kv-blocks", "N", 1, 16777216, "blocks of the KV cache; from free memory without it"),
        integerFlag("--block-size", "B", 1, 256, "tokens in a KV block; 16 without it"),
        choiceFlag("--kv-format", {"f32", "f16", "bf16", "int8", "fp8"}, {},
                   "number format of the KV cache; bf16 without it, fp8 only with --gpu")};
}

namespace {

bool ranksAreAutomatic(const Arguments& arguments)
{
    return arguments.text("--ranks") == "auto";
}

} // namespace

std::vector<Flag> withAutomaticRanks(std::vector<Flag> flags)
{
    for (Flag& flag : flags)
        if (flag.name == "--ranks") {
            flag.value = "N|auto";
            flag.words = {"auto"};
            flag.help += ";\nauto: as many as are fastest, which follows the load";
        }
    return flags;
}

Result<void> checkAutomaticRanks(const Arguments& arguments)
{
    if (!ranksAreAutomatic(arguments))
        return {};
    for (const char* other : {"--gpu", "--stages", "--replicas"})
        if (arguments.has(other))
            return engine::invalidArgument(std::string("--ranks auto with ") + other +
                                           " is not available yet; say how many ranks there shall be");
    return {};
}

Result<std::string> modelPath(const Arguments& arguments)
{
    if (!arguments.has("--model"))
        return engine::findDefaultModel();
    return arguments.text("--model");
}

Result<std::shared_ptr<const engine::Model>> modelOfRank(const Arguments& arguments)
{
    const Result<std::string> path = modelPath(arguments);
    if (!path)
        return path.error();
    Result<std::shared_ptr<const engine::Model>> model = engine::Model::loadToCompute(*path);
    const std::string wanted = arguments.text("--file-identity");
    if (model && !wanted.empty() && wanted != (*model)->file().identity())
        return engine::badInput("the file " + *path +
                                " was changed since the model was loaded; load it again");
    return model;
}

namespace {

/// REQUIRES: one that --kv-format takes.
engine::KvFormat kvFormatOf(const std::string& name)
{
    return name == "f32"    ? engine::KvFormat::F32
           : name == "f16"  ? engine::KvFormat::F16
           : name == "int8" ? engine::KvFormat::Int8
           : name == "fp8"  ? engine::KvFormat::FP8
                            : engine::KvFormat::BF16;
}

} // namespace

engine::EngineOptions engineOptions(const Arguments& arguments)
{
    engine::EngineOptions options;
    options.executor.threads = static_cast<std::uint32_t>(arguments.integer("--threads", 0));
    options.executor.gpu = static_cast<std::int32_t>(arguments.integer("--gpu", engine::kNoGpu));
    options.executor.gpuLayers =
        static_cast<std::uint32_t>(arguments.integer("--gpu-layers", engine::kLayersThatFit));
    options.executor.gpuMemory = arguments.integer("--gpu-memory", 0) << 20U;
    options.executor.rankCount = static_cast<std::uint32_t>(arguments.integer("--ranks", 1));
    options.planRanks = ranksAreAutomatic(arguments);
    options.executor.mpi = arguments.has("--mpi");
    options.executor.stageCount = static_cast<std::uint32_t>(arguments.integer("--stages", 1));
    options.executor.deterministic = arguments.has("--deterministic");
    options.executor.kvFormat = kvFormatOf(arguments.text("--kv-format", "bf16"));
    options.kvBlocks = static_cast<std::uint32_t>(arguments.integer("--kv-blocks", 0));
    options.blockSize = static_cast<std::uint32_t>(arguments.integer("--block-size", 16));
    return options;
}

const char* formText(engine::WeightConversion::Form form)
{
    switch (form) {
    case engine::WeightConversion::Form::EightBits:
        return "with 8-bit levels, 32 to a scale";
    case engine::WeightConversion::Form::HalfFloats:
        return "in bfloat16, for the GPU has no kernel for it";
    case engine::WeightConversion::Form::Floats:
        break;
    }
    return "in float32, for their columns fit no block: slow";
}

/// What of the model is not computed with as it is in the file.
void tellConversions(const engine::ExecutorInfo& info)
{
    for (const engine::WeightConversion& c : info.conversions)
        std::fprintf(stderr,
                     "%u tensors of type %s are computed %s (%.1f MiB in memory for %.1f in the file)\n",
                     c.tensors, c.type.c_str(), formText(c.form), double(c.bytes) / (1 << 20),
                     double(c.fileBytes) / (1 << 20));
}

/// By layers; one that is not put together is its only part.
std::vector<engine::ExecutorInfo> partsOf(const engine::ExecutorInfo& info)
{
    return info.parts.empty() ? std::vector{info} : info.parts;
}

/// What of a GPU's memory is taken, and where the layers of a model lie that computes on several devices.
void tellParts(const engine::ExecutorInfo& info)
{
    for (const engine::ExecutorInfo& part : partsOf(info))
        if (part.memory.total > 0)
            std::fprintf(stderr, "%s\n", memoryLine(part).c_str());
    for (const engine::ExecutorInfo& part : info.parts)
        std::fprintf(stderr, "layers %u to %u are computed on %s (weights: %.1f MiB)\n",
                     part.layers.first + 1, part.layers.end(), part.device.c_str(),
                     double(part.weightBytes) / (1 << 20));
}

Result<engine::PreparedModel> prepare(const Arguments& arguments, const engine::EngineOptions& options)
{
    const Result<std::string> path = modelPath(arguments);
    return path ? prepare(*path, options) : path.error();
}

namespace {

/// `load` gets what tells of its progress, on a terminal, and stops it after Ctrl-C.
template<class Load>
auto withProgress(Load load)
{
    installStopSignals();
    const bool terminal = isatty(STDERR_FILENO) != 0;
    auto loaded = load([terminal](engine::LoadStage, double fraction) {
        if (terminal)
            std::fprintf(stderr, "\rloading %3.0f %%", fraction * 100.0);
        return !g_stopRequested.load();
    });
    if (terminal)
        std::fputs("\r              \r", stderr);
    return loaded;
}

void tellLoaded(const engine::PreparedModel& prepared)
{
    const engine::ExecutorInfo info = prepared.executor->info();
    tellConversions(info);
    tellParts(info);
}

} // namespace

Result<engine::PreparedModel> prepare(const std::string& path, const engine::EngineOptions& options)
{
    Result<engine::PreparedModel> prepared = withProgress(
        [&](const engine::LoadProgress& progress) { return engine::prepareModel(path, options, progress); });
    if (prepared)
        tellLoaded(*prepared);
    return prepared;
}

Flag replicasFlag()
{
    return integerFlag(
        "--replicas", "N", 1, 64,
        "engines with a KV cache each that share out the requests and the threads; the weights\n"
        "are there once; 1 without it");
}

std::uint32_t replicasOf(const Arguments& arguments)
{
    return static_cast<std::uint32_t>(arguments.integer("--replicas", 1));
}

Result<std::vector<engine::PreparedModel>>
prepareAll(const std::string& path, const engine::EngineOptions& options, std::uint32_t count)
{
    Result<std::vector<engine::PreparedModel>> prepared =
        withProgress([&](const engine::LoadProgress& progress) {
            return engine::prepareReplicas(path, options, count, progress);
        });
    if (prepared)
        tellLoaded(prepared->front());
    return prepared;
}

Json devicesOf(const engine::ExecutorInfo& info)
{
    Json devices = Json::array();
    for (const engine::ExecutorInfo& part : partsOf(info))
        devices.push_back({{"device", part.device},
                           {"first_layer", part.layers.first},
                           {"layers", part.layers.count},
                           {"memory", memoryReport(part)}});
    return devices;
}

std::string inputName(const std::string& path)
{
    return path == "-" ? "stdin" : path;
}

Result<std::string> readInput(const std::string& path, std::size_t most)
{
    std::FILE* file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
    if (file == nullptr)
        return engine::badInput("cannot open \"" + path + "\"");
    std::string text;
    char buffer[1 << 16];
    std::size_t count = 0;
    while (text.size() <= most && (count = std::fread(buffer, 1, sizeof buffer, file)) > 0)
        text.append(buffer, count);
    const bool failed = std::ferror(file) != 0;
    closeFile(file);
    if (failed)
        return engine::badInput("cannot read " + inputName(path));
    if (text.size() > most)
        return engine::badInput(inputName(path) + " is larger than " + std::to_string(most >> 20) + " MiB");
    return text;
}

double rounded(double value)
{
    return std::round(value * 1e6) / 1e6;
}

} // namespace vitrine::cli
