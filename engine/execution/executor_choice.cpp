// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/executor_choice.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/mebibytes.h"
#include "engine/execution/cpu_weights.h"
#include "engine/execution/model_part.h"
#include "engine/execution/mpi_model.h"
#include "engine/execution/ranked_model.h"
#include "engine/execution/split_executor.h"
#include "engine/execution/weight_share.h"
#include "engine/telemetry/machine.h"

namespace vitrine::engine {

namespace {

/// Refused before anything is taken: a system that promises more memory than it has would end the program.
Result<void> checkWeightsFit(const std::shared_ptr<const Model>& model, const ExecutorOptions& options)
{
    namespace cpu = kernels::cpu;
    const std::uint64_t free = machineMemory().availableBytes;
    if (options.precise || free == 0 || (options.share != nullptr && options.share->holds(*model)))
        return {};
    const Result<std::shared_ptr<const ModelPart>> part = ModelPart::of(model, options.layers);
    if (!part)
        return part.error();
    const std::uint64_t needed =
        weightBytesFor((*part)->weights(), cpu::linearOperations(cpu::selectedIsa()));
    if (needed <= free)
        return {};
    return outOfResources("the weights of " + model->path() + " take " + mebibytes(needed) + " and only " +
                          mebibytes(free) +
                          " of memory are free; close other programs or take a smaller model");
}

Result<std::unique_ptr<Executor>> makeFittingCpuExecutor(const std::shared_ptr<const Model>& model,
                                                         const ExecutorOptions& options,
                                                         const LoadProgress& progress)
{
    if (const Result<void> fits = checkWeightsFit(model, options); !fits)
        return fits.error();
    return makeCpuExecutor(model, options, progress);
}

/// Those asked for, or as many as fit.
Result<std::uint32_t> layersOnGpu(const CudaPluginEntry& plugin, const std::shared_ptr<const Model>& model,
                                  const ExecutorOptions& options, const LayerDemand& demand)
{
    const auto all = static_cast<std::uint32_t>(model->config().layers.size());
    if (options.gpuLayers != kLayersThatFit)
        return std::min(options.gpuLayers, all);
    Result<std::uint32_t> fitting = plugin.fittingLayers(model, options, demand);
    if (fitting && *fitting == 0)
        return outOfResources(
            "not even one layer of " + model->path() + " fits GPU " + std::to_string(options.gpu) +
            "; end what else uses its memory, ask for fewer KV blocks or compute on the CPU");
    return fitting;
}

/// One executor's part of the whole loading; each tells of its own from `kFirst` to `kLast`.
LoadProgress partOf(const LoadProgress& progress, double begin, double end)
{
    constexpr double kFirst = 0.1, kLast = 0.97;
    if (!progress)
        return {};
    return [=](LoadStage stage, double fraction) {
        const double own = std::clamp((fraction - kFirst) / (kLast - kFirst), 0.0, 1.0);
        return progress(stage, kFirst + (kLast - kFirst) * (begin + (end - begin) * own));
    };
}

/// The GPU first: where it refuses, no memory of the machine was taken.
Result<std::unique_ptr<Executor>> makeSplit(const CudaPluginEntry& plugin,
                                            const std::shared_ptr<const Model>& model,
                                            const ExecutorOptions& options, std::uint32_t gpuLayers,
                                            const LoadProgress& progress)
{
    const auto all = static_cast<std::uint32_t>(model->config().layers.size());
    const double share = static_cast<double>(gpuLayers) / static_cast<double>(all);
    ExecutorOptions onGpu = options, onCpu = options;
    onGpu.layers = {all - gpuLayers, gpuLayers};
    onCpu.layers = {0, all - gpuLayers};
    onCpu.gpu = kNoGpu;
    Result<std::unique_ptr<Executor>> gpu = plugin.makeExecutor(model, onGpu, partOf(progress, 0.0, share));
    if (!gpu)
        return gpu.error();
    Result<std::unique_ptr<Executor>> cpu =
        makeFittingCpuExecutor(model, onCpu, partOf(progress, share, 1.0));
    if (!cpu)
        return cpu.error();
    std::vector<std::unique_ptr<Executor>> parts;
    parts.push_back(std::move(*cpu));
    parts.push_back(std::move(*gpu));
    return makeSplitExecutor(std::move(parts));
}

/// All of the model, with its tensors shared out among options.rankCount GPUs.
Result<std::unique_ptr<Executor>> makeOnSeveralGpus(const CudaPluginEntry& plugin,
                                                    const std::shared_ptr<const Model>& model,
                                                    const ExecutorOptions& options,
                                                    const LoadProgress& progress)
{
    if (options.gpuLayers < model->config().layers.size())
        return invalidArgument("several GPUs share all layers of a model; leave --gpu-layers or --ranks out");
    return plugin.makeExecutor(model, options, progress);
}

} // namespace

Result<std::unique_ptr<Executor>> makeGpuExecutor(const CudaPluginEntry& plugin,
                                                  const std::shared_ptr<const Model>& model,
                                                  const ExecutorOptions& options, const LayerDemand& demand,
                                                  const LoadProgress& progress)
{
    if (options.rankCount > 1)
        return makeOnSeveralGpus(plugin, model, options, progress);
    const Result<std::uint32_t> layers = layersOnGpu(plugin, model, options, demand);
    if (!layers)
        return layers.error();
    if (*layers == model->config().layers.size())
        return plugin.makeExecutor(model, options, progress);
    if (*layers > 0)
        return makeSplit(plugin, model, options, *layers, progress);
    ExecutorOptions onCpu = options;
    onCpu.gpu = kNoGpu;
    return makeFittingCpuExecutor(model, onCpu, progress);
}

Result<std::unique_ptr<Executor>> makeExecutor(const std::shared_ptr<const Model>& model,
                                               const ExecutorOptions& options, const LayerDemand& demand,
                                               const LoadProgress& progress)
{
    if (options.replicas > 1 && options.mpi)
        return invalidArgument("the ranks of an MPI launcher are one replica; leave --mpi or --replicas out");
    if (options.mpi)
        return makeMpiModel(model, options, progress);
    if (options.stageCount > 1 && options.gpu != kNoGpu)
        return invalidArgument("stages of layers are for the CPU; leave --gpu or --stages out");
    if (options.replicas > 1 && options.gpu != kNoGpu)
        return invalidArgument("replicas compute on the CPU only; leave --gpu or --replicas out");
    if (options.replicas > 1 && options.stageCount > 1)
        return invalidArgument("replicas have no stages yet; leave --replicas or --stages out");
    const bool several = options.gpu == kNoGpu && (options.rankCount > 1 || options.stageCount > 1);
    if (several)
        if (const Result<void> fits = checkWeightsFit(model, options); !fits)
            return fits.error();
    if (several)
        return makeRankedModel(model, options, progress);
    if (options.gpu == kNoGpu)
        return makeFittingCpuExecutor(model, options, progress);
    const Result<const CudaPluginEntry*> plugin = openCudaPlugin();
    if (!plugin)
        return plugin.error();
    return makeGpuExecutor(**plugin, model, options, demand, progress);
}

} // namespace vitrine::engine
