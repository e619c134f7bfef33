// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/prepared_model.h"

#include <algorithm>
#include <limits>
#include <new>

#include "engine/execution/cpu_weights.h"
#include "engine/execution/cuda_plugin.h"
#include "engine/execution/kv_columns.h"
#include "engine/telemetry/machine.h"
#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

namespace {

constexpr std::uint64_t kFullContexts = 4;      // sequences of full length that the pool aims at
constexpr double kModestShare = 0.25;           // of the free memory, for that aim
constexpr double kLargestShare = 0.6;           // of the free memory, for one full context
constexpr std::uint64_t kUnknownTokens = 16384; // where the machine does not tell its free memory
constexpr std::uint64_t kUsefulTokens = 256;    // a pool below this serves nobody

std::string mebibytes(std::uint64_t bytes)
{
    return std::to_string((bytes + (1U << 20) - 1) >> 20) + " MiB";
}

std::uint64_t share(std::uint64_t bytes, double part)
{
    return static_cast<std::uint64_t>(static_cast<double>(bytes) * part);
}

/// Tokens of KV when nobody said how many.
std::uint64_t defaultTokens(std::uint64_t context, std::uint64_t bytesPerToken, std::uint64_t freeBytes)
{
    if (freeBytes == 0)
        return std::min(context, kUnknownTokens);
    const std::uint64_t modest =
        std::min(context * kFullContexts, share(freeBytes, kModestShare) / bytesPerToken);
    const std::uint64_t oneContext = std::min(context, share(freeBytes, kLargestShare) / bytesPerToken);
    return std::max(modest, oneContext);
}

Result<KvPlan> choosePlan(const Executor& executor, const ModelConfig& config, const EngineOptions& options)
{
    const std::uint32_t pages = kvColumns(config).shape.blockPages(); // a token's slot in them is an int32
    const std::uint64_t mostBlocks = std::min<std::uint64_t>(
        kMostKvBlocks, std::numeric_limits<std::int32_t>::max() / (pages * options.blockSize));
    const std::uint64_t bytesPerToken = std::max<std::uint64_t>(1, executor.kvBytesPerToken());
    const std::uint64_t free = executor.freeKvBytes();
    const std::uint64_t context = std::max<std::uint64_t>(1, config.contextLength);
    std::uint64_t blocks = options.kvBlocks;
    if (blocks == 0) {
        const std::uint64_t tokens = defaultTokens(context, bytesPerToken, free);
        if (tokens < std::min(context, kUsefulTokens))
            return outOfResources("the model's KV cache takes " + std::to_string(bytesPerToken) +
                                  " bytes a token and only " + mebibytes(free) +
                                  " of memory are free; close other programs or take a smaller model");
        blocks = std::min(mostBlocks, (tokens + options.blockSize - 1) / options.blockSize);
    }
    const std::uint64_t blockBytes = bytesPerToken * options.blockSize;
    if (blocks > mostBlocks || (free != 0 && blocks * blockBytes > free))
        return outOfResources(std::to_string(blocks) + " KV blocks take " + mebibytes(blocks * blockBytes) +
                              " and do not fit: " + mebibytes(free) + " of memory are free, enough for " +
                              std::to_string(std::min(mostBlocks, free / blockBytes)) + " blocks");
    return KvPlan{static_cast<std::uint32_t>(blocks), options.blockSize};
}

/// Slots of the host tier. On a machine whose "device" is the host's own memory it is the same memory: a
/// quarter of what is free at most.
std::uint32_t hostBlocks(const EngineOptions& options, const KvPlan& plan, std::uint64_t bytesPerToken)
{
    if (options.hostBlocks != kLikeKvBlocks)
        return std::min(options.hostBlocks, kMostKvBlocks);
    constexpr double kShare = 0.25;
    const std::uint64_t blockBytes = std::max<std::uint64_t>(1, bytesPerToken * plan.blockSize);
    const std::uint64_t fitting = share(machineMemory().availableBytes, kShare) / blockBytes;
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(plan.blocks, fitting));
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
    const Result<KvPlan> plan = choosePlan(**executor, (*model)->config(), options);
    if (!plan)
        return plan.error();
    if (const Result<void> reserved = (*executor)->reserveKv(*plan); !reserved)
        return reserved.error();
    EngineOptions resolved = options;
    resolved.hostBlocks = hostBlocks(options, *plan, (*executor)->kvBytesPerToken());
    if (const Result<void> reserved = (*executor)->reserveHost(resolved.hostBlocks); !reserved)
        return reserved.error();
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
