// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/prepared_model.h"

#include <algorithm>
#include <new>

#include "engine/execution/executor_choice.h"
#include "engine/execution/weight_share.h"
#include "engine/memory_reserve.h"
#include "engine/plan/rank_plan.h"
#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

namespace {

constexpr std::uint64_t kUsualChat = 8192; // tokens of KV that layers on a GPU are worth

Result<void> checkOptions(const EngineOptions& options)
{
    if (options.blockSize < 1 || options.blockSize > 256)
        return invalidArgument("the KV block size is " + std::to_string(options.blockSize) +
                               "; it must be from 1 to 256 tokens");
    return checkOptions(options.scheduler);
}

/// What a GPU must have room for if it is to have a layer.
LayerDemand demandOf(const ModelConfig& config, const EngineOptions& options)
{
    LayerDemand demand;
    demand.kvTokens = options.kvBlocks != 0
                          ? std::uint64_t{options.kvBlocks} * options.blockSize
                          : std::min<std::uint64_t>(std::max(1U, config.contextLength), kUsualChat);
    demand.steps = stepLimits(options.scheduler, config, options.blockSize);
    return demand;
}

/// As `work` gives it, in a range.
template<class Work>
auto ranged(NvtxName name, Work work)
{
    const NvtxRange range(name);
    return work();
}

/// Null where nobody asked for it; else options have its number of ranks.
Result<std::shared_ptr<const RankPlan>> planFor(const Model& model, EngineOptions& options)
{
    if (!options.planRanks)
        return std::shared_ptr<const RankPlan>();
    Result<RankPlan> plan = planRanks(model, options.executor);
    if (!plan)
        return plan.error();
    options.executor.rankCount = plan->bestRanks();
    return std::make_shared<const RankPlan>(std::move(*plan));
}

Result<PreparedModel> prepare(const std::string& path, const EngineOptions& options,
                              const LoadProgress& progress)
{
    const NvtxRange load(NvtxName::LoadModel);
    if (const Result<void> checked = checkOptions(options); !checked)
        return checked.error();
    auto model = ranged(NvtxName::OpenModel, [&] {
        const std::shared_ptr<WeightShare>& share = options.executor.share;
        return share != nullptr ? share->model(path, progress) : Model::load(path, progress);
    });
    if (!model)
        return model.error();
    EngineOptions resolved = options;
    const Result<std::shared_ptr<const RankPlan>> ranks = planFor(**model, resolved);
    if (!ranks)
        return ranks.error();
    auto executor = ranged(NvtxName::PackWeights, [&] {
        return makeExecutor(*model, resolved.executor, demandOf((*model)->config(), resolved), progress);
    });
    if (!executor)
        return executor.error();
    if (progress && !progress(LoadStage::ReservingKv, 0.98))
        return cancelled("loading " + path + " was stopped");
    const NvtxRange reserve(NvtxName::ReserveKv);
    const Result<KvPlan> plan = reserveMemory(**executor, (*model)->config(), resolved);
    if (!plan)
        return plan.error();
    if (progress && !progress(LoadStage::ReservingKv, 1.0))
        return cancelled("loading " + path + " was stopped");
    return PreparedModel{std::move(*model), std::move(*executor), *plan, resolved, *ranks};
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
