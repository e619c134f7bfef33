// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/packed_part.h"

#include <utility>

#include "engine/execution/weight_share.h"
#include "engine/parallel/communicator.h"

namespace vitrine::engine {

namespace {

PartKey keyOf(const std::shared_ptr<const Model>& model, const ExecutorOptions& options)
{
    PartKey key{model.get(), options.layers, 0, 1, options.precise};
    if (options.ranks != nullptr) {
        key.rank = options.ranks->rank();
        key.ranks = options.ranks->ranks();
    }
    return key;
}

Result<std::shared_ptr<const PackedPart>> packAnew(std::shared_ptr<const Model> model,
                                                   const ExecutorOptions& options,
                                                   const kernels::cpu::LinearOperations& operations,
                                                   kernels::cpu::ThreadPool& pool,
                                                   const LoadProgress& progress)
{
    auto packed = std::make_shared<PackedPart>();
    Result<std::shared_ptr<const ModelPart>> part =
        options.ranks == nullptr
            ? ModelPart::of(std::move(model), options.layers)
            : ModelPart::shardOf(std::move(model), options.ranks->rank(), options.ranks->ranks(),
                                 packed->columns, options.layers);
    if (!part)
        return part.error();
    packed->part = std::move(*part);
    Result<CpuWeights> weights =
        packWeights(*packed->part, options.precise, operations, pool, progress, options.weightsDescriptor);
    if (!weights)
        return weights.error();
    packed->weights = std::move(*weights);
    if (!packed->weights.readsSource())
        packed->columns.clear();
    return std::shared_ptr<const PackedPart>(std::move(packed));
}

} // namespace

Result<std::shared_ptr<const PackedPart>> packPart(const std::shared_ptr<const Model>& model,
                                                   const ExecutorOptions& options,
                                                   const kernels::cpu::LinearOperations& operations,
                                                   kernels::cpu::ThreadPool& pool,
                                                   const LoadProgress& progress)
{
    const PartKey key = keyOf(model, options);
    if (options.share != nullptr)
        if (std::shared_ptr<const PackedPart> known = options.share->find(key))
            return known;
    Result<std::shared_ptr<const PackedPart>> packed = packAnew(model, options, operations, pool, progress);
    if (packed && options.share != nullptr)
        options.share->add(key, *packed);
    return packed;
}

} // namespace vitrine::engine
