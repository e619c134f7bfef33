// SPDX-License-Identifier: GPL-3.0-or-later
// doctor: what this machine offers, and whether the kernels compute right on it.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/cli/command.h"
#include "app/cli/gpu_self_test.h"
#include "app/cli/kernel_self_test.h"
#include "engine/execution/cuda_plugin.h"
#include "engine/model/default_model.h"
#include "engine/telemetry/machine.h"
#include "engine/telemetry/nvtx_ranges.h"
#include "kernels/cpu/cpu_topology.h"
#include "kernels/cpu/isa.h"
#include "kernels/cpu/thread_pool.h"

namespace vitrine::cli {

namespace cpu = kernels::cpu;
using cpu::Isa;

namespace {

std::string cpuName()
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        const std::size_t colon = line.find(": ");
        if (line.rfind("model name", 0) == 0 && colon != std::string::npos)
            return line.substr(colon + 2);
    }
    return "unknown";
}

Json cpuReport(std::uint32_t threads)
{
    Json features = Json::object();
    for (Isa isa : {Isa::Scalar, Isa::Avx2, Isa::AvxVnni, Isa::Avx512, Isa::Avx512Vnni, Isa::Amx})
        features[cpu::isaName(isa)] = cpu::supports(isa);
    const cpu::CpuTopology topology = cpu::CpuTopology::ofThisProcess();
    return {{"name", cpuName()},
            {"threads", threads},
            {"cores", topology.cores()},
            {"memory_nodes", topology.nodes()},
            {"compute_threads", topology.bestThreads()},
            {"instruction_sets", std::move(features)},
            {"selected", cpu::isaName(cpu::selectedIsa())}};
}

/// Bandwidth in the size of the default model, which the cache may help with, and well beyond the cache.
Json memoryReport(std::uint32_t threads)
{
    const engine::MemoryInfo memory = engine::machineMemory();
    const auto bandwidth = [&](std::uint64_t mebibytes) -> Json {
        const std::uint64_t bytes = mebibytes << 20;
        if (memory.availableBytes < 2 * bytes)
            return nullptr;
        return rounded(engine::measureReadBandwidth(bytes, threads));
    };
    return {{"total_bytes", memory.totalBytes},
            {"available_bytes", memory.availableBytes},
            {"read_bytes_per_s", {{"90_mib", bandwidth(90)}, {"1_gib", bandwidth(1024)}}}};
}

Json gpuReport()
{
    const engine::GpuList list = engine::listGpus();
    Json report{{"devices", Json::array()},
                {"driver_cuda", list.driver},
                {"runtime_cuda", list.runtime},
                {"nccl", list.nccl.empty() ? Json() : Json(list.nccl)}};
    if (list.gpus.empty())
        report["reason"] = list.reason;
    for (const engine::Gpu& gpu : list.gpus)
        report["devices"].push_back({{"index", gpu.index},
                                     {"name", gpu.name},
                                     {"capability", gpu.capability},
                                     {"total_bytes", gpu.totalBytes},
                                     {"free_bytes", gpu.freeBytes == 0 ? Json() : Json(gpu.freeBytes)},
                                     {"multiprocessors", gpu.multiprocessors}});
    return report;
}

Json modelsReport()
{
    Json models = Json::array();
    for (const std::string& path : engine::findModelFiles()) {
        std::error_code error;
        const std::uintmax_t bytes = std::filesystem::file_size(path, error);
        const engine::Result<engine::GgufFile> file = engine::GgufFile::open(path);
        Json entry{{"path", path}, {"bytes", error ? 0 : bytes}, {"readable", file.has_value()}};
        if (file)
            entry["architecture"] = std::string(file->text("general.architecture").value_or("?"));
        else
            entry["error"] = file.error().message;
        models.push_back(std::move(entry));
    }
    return models;
}

Json selfTestReport(bool& allPassed)
{
    Json rows = Json::array();
    for (const KernelCheck& check : checkKernels()) {
        allPassed = allPassed && check.passed();
        rows.push_back({{"kernel", check.kernel},
                        {"isa", check.isa},
                        {"passed", check.passed()},
                        {"worst_difference", check.worst},
                        {"allowed", check.allowed}});
    }
    return rows;
}

double gigabytes(const Json& bytes)
{
    return bytes.is_number() ? bytes.get<double>() / 1e9 : 0.0;
}

void printHardware(const Json& report)
{
    const Json& processor = report["cpu"];
    std::printf("CPU        %s, %s threads on %s cores\n", processor["name"].get<std::string>().c_str(),
                processor["threads"].dump().c_str(), processor["cores"].dump().c_str());
    std::string sets;
    for (const auto& [name, usable] : processor["instruction_sets"].items())
        sets += (usable.get<bool>() ? " +" : " -") + name;
    std::printf("kernels   %s; in use: %s\n", sets.c_str(), processor["selected"].get<std::string>().c_str());
    const Json& memory = report["memory"];
    std::printf("memory     %.1f GB free of %.1f GB\n", gigabytes(memory["available_bytes"]),
                gigabytes(memory["total_bytes"]));
    for (const auto& [size, speed] : memory["read_bytes_per_s"].items())
        std::printf("bandwidth  %.1f GB/s reading %s\n", gigabytes(speed), size.c_str());
    for (const Json& gpu : report["gpu"]["devices"]) {
        std::printf("GPU %-2d     %s, compute capability %s, ", gpu["index"].get<int>(),
                    gpu["name"].get<std::string>().c_str(), gpu["capability"].get<std::string>().c_str());
        if (gpu["free_bytes"].is_number())
            std::printf("%.1f GB free of ", gigabytes(gpu["free_bytes"]));
        std::printf("%.1f GB\n", gigabytes(gpu["total_bytes"]));
    }
    if (report["gpu"].contains("reason"))
        std::printf("GPU        none: %s\n", report["gpu"]["reason"].get<std::string>().c_str());
    if (report["gpu"]["devices"].size() > 1)
        std::printf("NCCL       %s\n", report["gpu"]["nccl"].is_string()
                                           ? report["gpu"]["nccl"].get<std::string>().c_str()
                                           : "none that can be used: several GPUs cannot share a model");
    std::printf("NVTX       %s\n", report["nvtx"].get<std::string>().c_str());
}

void printText(const Json& report)
{
    printHardware(report);
    if (report["models"].empty())
        std::printf("models     none in %s\n", report["model_folder"].get<std::string>().c_str());
    for (const Json& model : report["models"])
        std::printf("model      %s%s\n", model["path"].get<std::string>().c_str(),
                    model["readable"].get<bool>() ? "" : " (cannot be read)");
    for (const Json& row : report["self_test"])
        std::printf("self-test  %s  %-16s %-11s %.1e\n", row["passed"].get<bool>() ? "pass" : "FAIL",
                    row["kernel"].get<std::string>().c_str(), row["isa"].get<std::string>().c_str(),
                    row["worst_difference"].is_number() ? row["worst_difference"].get<double>() : -1.0);
}

} // namespace

Command doctorCommand()
{
    return {.name = "doctor",
            .usage = "[--gpu N] [--json]",
            .summary = "Reports this machine and tests every kernel against the scalar one.",
            .details = "With --gpu only that GPU is tested: kernels, a small model beside the CPU, "
                       "speeds.\nExit 5 when something computes wrong, 4 when no GPU can be used.",
            .flags = {integerFlag("--gpu", "N", 0, 63, "test this NVIDIA GPU instead; 0 is the first"),
                      switchFlag("--json", "one JSON document instead of text")},
            .positionals = {}};
}

int runDoctor(const Arguments& arguments)
{
    if (arguments.has("--gpu"))
        return testGpu(static_cast<std::int32_t>(arguments.integer("--gpu", 0)), arguments.has("--json"));
    const std::uint32_t threads = cpu::usableCpus();
    bool passed = true;
    Json report;
    report["cpu"] = cpuReport(threads);
    report["memory"] = memoryReport(threads);
    report["gpu"] = gpuReport();
    report["nvtx"] = engine::nvtxBuiltIn() ? "built in" : "not built in";
    report["model_folder"] = engine::modelFolder();
    report["models"] = modelsReport();
    report["self_test"] = selfTestReport(passed);
    report["passed"] = passed;
    if (arguments.has("--json"))
        printLine(report);
    else
        printText(report);
    if (!passed)
        message("doctor: a kernel disagrees with the scalar reference");
    return passed ? kExitOk : kExitEngine;
}

} // namespace vitrine::cli
