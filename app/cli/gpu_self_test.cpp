// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/gpu_self_test.h"

#include <algorithm>
#include <cstdio>

#include "app/cli/command.h"
#include "engine/execution/cuda_plugin.h"

namespace vitrine::cli {

using engine::GpuCheck;
using engine::Result;

namespace {

Result<std::vector<GpuCheck>> checksOf(std::int32_t gpu)
{
    const Result<const engine::CudaPluginEntry*> plugin = engine::openCudaPlugin();
    if (!plugin)
        return plugin.error();
    return (*plugin)->selfTest(gpu);
}

void printJson(std::int32_t gpu, const std::vector<GpuCheck>& checks, bool passed)
{
    Json rows = Json::array();
    for (const GpuCheck& check : checks)
        rows.push_back({{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
    printLine({{"gpu", gpu}, {"checks", std::move(rows)}, {"passed", passed}});
}

void printText(std::int32_t gpu, const std::vector<GpuCheck>& checks, std::ptrdiff_t failed)
{
    for (const engine::Gpu& device : engine::listGpus().gpus)
        if (device.index == gpu)
            std::printf("GPU %d, %s, compute capability %s\n", gpu, device.name.c_str(),
                        device.capability.c_str());
    for (const GpuCheck& check : checks)
        std::printf("%s  %-42s %s\n", check.passed ? "pass" : "FAIL", check.name.c_str(),
                    check.detail.c_str());
    if (failed == 0)
        std::printf("All %zu checks passed: this GPU computes right.\n", checks.size());
    else
        std::printf("%td of %zu checks failed: do not compute on this GPU.\n", failed, checks.size());
}

} // namespace

int testGpu(std::int32_t gpu, bool asJson)
{
    const Result<std::vector<GpuCheck>> checks = checksOf(gpu);
    if (!checks)
        return fail(checks.error());
    const std::ptrdiff_t failed =
        std::count_if(checks->begin(), checks->end(), [](const GpuCheck& check) { return !check.passed; });
    if (asJson)
        printJson(gpu, *checks, failed == 0);
    else
        printText(gpu, *checks, failed);
    return failed == 0 ? kExitOk : kExitEngine;
}

} // namespace vitrine::cli
