// SPDX-License-Identifier: GPL-3.0-or-later
// The library that computes on NVIDIA GPUs, loaded when it is asked for: it needs cuBLAS, which a machine
// without CUDA does not have, and the program must start there all the same (docs/adr/0016). Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/execution/layer_demand.h"

namespace vitrine::engine {

/// A GPU that can be computed on.
struct Gpu
{
    std::int32_t index = 0;
    std::string name;
    std::string capability; ///< "9.0"
    std::uint64_t totalBytes = 0;
    std::uint64_t freeBytes = 0; ///< 0: unknown
    std::uint32_t multiprocessors = 0;
};

struct GpuList
{
    std::vector<Gpu> gpus;
    std::string reason;          ///< why there are none, a sentence without its stop
    std::string driver, runtime; ///< versions of CUDA, "13.0"; empty: none
    std::string nccl;            ///< "2.28.9", for several GPUs at once; empty: none that can be used
};

/// One line of a GPU's self-test.
struct GpuCheck
{
    std::string name;
    bool passed = false;
    std::string detail; ///< a figure, or what was wrong
};

/// Both sides were built from the same sources, or the library is refused.
struct CudaPluginAbi
{
    std::uint32_t version = 4;
    std::size_t options = sizeof(ExecutorOptions), batch = sizeof(ForwardBatch), config = sizeof(ModelConfig),
                sampling = sizeof(SamplingParams), info = sizeof(ExecutorInfo);
    bool operator==(const CudaPluginAbi&) const = default;
};

struct CudaPluginEntry
{
    CudaPluginAbi abi;
    GpuList (*listGpus)() = nullptr;
    Result<std::unique_ptr<Executor>> (*makeExecutor)(std::shared_ptr<const Model>, const ExecutorOptions&,
                                                      const LoadProgress&) = nullptr;
    /// How many of the model's last layers options.gpu has room for now. OutOfResources: no such GPU.
    Result<std::uint32_t> (*fittingLayers)(std::shared_ptr<const Model>, const ExecutorOptions&,
                                           const LayerDemand&) = nullptr;
    /// Of one GPU: seconds. An error where it cannot even be begun.
    Result<std::vector<GpuCheck>> (*selfTest)(std::int32_t gpu) = nullptr;
};

inline constexpr const char* kCudaPluginSymbol = "vitrineCudaPlugin"; ///< const CudaPluginEntry* ()

/// The library once it is loaded; it stays. The error says why there is none, as listGpus() does.
Result<const CudaPluginEntry*> openCudaPlugin();
/// Of the library at this path.
Result<const CudaPluginEntry*> openCudaPlugin(const std::string& path);
/// The GPUs of this machine, or why there are none.
GpuList listGpus();

} // namespace vitrine::engine
