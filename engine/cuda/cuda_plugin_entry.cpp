// SPDX-License-Identifier: GPL-3.0-or-later
// What the library for GPUs shows to the program that loads it.
#include "engine/cuda/cuda_executor.h"
#include "engine/cuda/cuda_status.h"
#include "engine/cuda/device_choice.h"
#include "engine/cuda/gpu_ranks.h"
#include "engine/cuda/layer_fit.h"
#include "engine/cuda/self_test/self_test.h"
#include "engine/execution/cuda_plugin.h"
#include "engine/execution/weight_types.h"
#include "kernels/cuda/device_list.h"
#include "kernels/cuda/free_memory.h"
#include "kernels/cuda/nccl_library.h"

namespace vitrine::engine {

namespace {

std::string versionText(int version)
{
    return version == 0 ? std::string()
                        : std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

GpuList listGpus()
{
    const kernels::cuda::DeviceList found = kernels::cuda::listDevices();
    GpuList list;
    list.reason = found.reason;
    list.driver = versionText(found.driver);
    list.runtime = versionText(found.runtime);
    if (const kernels::cuda::NcclLibrary nccl = kernels::cuda::openNccl())
        list.nccl = kernels::cuda::ncclVersionText(nccl.version);
    for (const kernels::cuda::DeviceInfo& device : found.devices)
        list.gpus.push_back({device.index, device.name,
                             std::to_string(device.major) + "." + std::to_string(device.minor),
                             device.totalBytes, kernels::cuda::freeMemoryOf(device.busId),
                             static_cast<std::uint32_t>(device.multiprocessors)});
    return list;
}

Result<std::unique_ptr<Executor>> makeExecutor(std::shared_ptr<const Model> model,
                                               const ExecutorOptions& options, const LoadProgress& progress)
{
    CudaOptions cuda;
    cuda.device = options.gpu;
    if (options.rankCount > 1)
        return makeGpuRanks(model, options, cuda, progress);
    return makeCudaExecutor(std::move(model), options, cuda, progress);
}

Result<std::uint32_t> layersThatFit(std::shared_ptr<const Model> model, const ExecutorOptions& options,
                                    const LayerDemand& demand)
{
    const Result<kernels::cuda::DeviceInfo> device = chooseDevice(options.gpu);
    if (!device)
        return device.error();
    if (const Result<void> known = checkWeightTypes(model->weights()); !known)
        return known.error(); // before anything asks how large a block is
    std::uint64_t free = 0, total = 0;
    if (const Result<void> asked =
            resultOf(kernels::cuda::deviceMemory(free, total), "asking the GPU for its free memory");
        !asked)
        return asked.error();
    return fittingLayers(model, options, demand, *device, free);
}

Result<std::vector<GpuCheck>> testGpu(std::int32_t gpu)
{
    return selfTest(gpu, {});
}

const CudaPluginEntry kEntry{{}, listGpus, makeExecutor, layersThatFit, testGpu};

} // namespace

} // namespace vitrine::engine

extern "C" __attribute__((visibility("default"))) const vitrine::engine::CudaPluginEntry* vitrineCudaPlugin()
{
    return &vitrine::engine::kEntry;
}
