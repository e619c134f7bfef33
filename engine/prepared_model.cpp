// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/prepared_model.h"

#include <new>

#include "engine/execution/cpu_weights.h"
#include "engine/execution/cuda_plugin.h"
#include "engine/memory_reserve.h"
#include "engine/telemetry/machine.h"
#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

namespace {

std::string mebibytes(std::uint64_t bytes)
{
    return std::to_string((bytes + (1U << 20) - 1) >> 20) + " MiB";
}

Result<void> checkOptions(const EngineOptions& options)
{
    if (options.blockSize < 1 || options.blockSize > 256)
        return invalidArgument("the KV block size is " + std::to_string(options.blockSize) +
                               "; it must be from 1 to 256 tokens");
    return checkOptions(options.scheduler);
}

/// On the device that was asked for.
Result<std::unique_ptr<Executor>> makeExecutor(const std::shared_ptr<const Model>& model,
                                               const ExecutorOptions& options, const LoadProgress& progress)
{
    if (options.gpu == kNoGpu)
        return makeCpuExecutor(model, options, progress);
    const Result<const CudaPluginEntry*> plugin = openCudaPlugin();
    if (!plugin)
        return plugin.error();
    return (*plugin)->makeExecutor(model, options, progress);
}

/// Refused before anything is taken: a system that promises more memory than it has would end the program.
Result<void> checkWeightsFit(const Model& model, const ExecutorOptions& options)
{
    namespace cpu = kernels::cpu;
    const std::uint64_t free = machineMemory().availableBytes;
    if (options.precise || free == 0 || options.gpu != kNoGpu)
        return {};
    const std::uint64_t needed = weightBytesFor(model.weights(), cpu::linearOperations(cpu::selectedIsa()));
    if (needed <= free)
        return {};
    return outOfResources("the weights of " + model.path() + " take " + mebibytes(needed) + " and only " +
                          mebibytes(free) +
                          " of memory are free; close other programs or take a smaller model");
}

/// As `work` gives it, in a range.
template<class Work>
auto ranged(NvtxName name, Work work)
{
    const NvtxRange range(name);
    return work();
}

Result<PreparedModel> prepare(const std::string& path, const EngineOptions& options,
                              const LoadProgress& progress)
{
    const NvtxRange load(NvtxName::LoadModel);
    if (const Result<void> checked = checkOptions(options); !checked)
        return checked.error();
    auto model = ranged(NvtxName::OpenModel, [&] { return Model::load(path, progress); });
    if (!model)
        return model.error();
    if (const Result<void> fits = checkWeightsFit(**model, options.executor); !fits)
        return fits.error();
    auto executor =
        ranged(NvtxName::PackWeights, [&] { return makeExecutor(*model, options.executor, progress); });
    if (!executor)
        return executor.error();
    if (progress && !progress(LoadStage::ReservingKv, 0.98))
        return cancelled("loading " + path + " was stopped");
    const NvtxRange reserve(NvtxName::ReserveKv);
    EngineOptions resolved = options;
    const Result<KvPlan> plan = reserveMemory(**executor, (*model)->config(), resolved);
    if (!plan)
        return plan.error();
    if (progress && !progress(LoadStage::ReservingKv, 1.0))
        return cancelled("loading " + path + " was stopped");
    return PreparedModel{std::move(*model), std::move(*executor), *plan, resolved};
}

} // namespace

Result<PreparedModel> prepareModel(const std::string& path, const EngineOptions& options,
                                   const LoadProgress& progress)
{
    try {
        return prepare(path, options, progress);
    } catch (const std::bad_alloc&) {
        return outOfResources("not enough memory to load " + path);
    } catch (const std::exception& failure) {
        return internalError("loading " + path + " failed: " + failure.what());
    }
}

} // namespace vitrine::engine
