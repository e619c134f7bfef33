// SPDX-License-Identifier: GPL-3.0-or-later
// The feed-forward part of a layer with experts, between the norm and the residual rows: router, choice,
// each token's experts, their weighted sum. Queues only: what was chosen never comes to the host, so that a
// recorded step holds whatever is chosen. Engine thread.
#pragma once

#include <cstdint>

#include "engine/cuda/cuda_workspace.h"
#include "engine/cuda/device_weights.h"
#include "engine/model/model_config.h"
#include "engine/parallel/tensor_shard.h"
#include "kernels/cuda/expert_product.h"

namespace vitrine::engine {

/// What it works with; everything outlives it.
struct ExpertStep
{
    const ModelConfig& config;
    const DeviceLayer& layer;
    const CudaWorkspace& work;
    const std::int32_t* slots = nullptr; // device: [tokens], negative: padding
    std::int64_t tokens = 0;
    bool onePath = false; ///< a token's numbers do not depend on how many there are
    ShardRange own = {};  ///< of the experts, those of this rank; none: all. The router is everybody's
};

class CudaExperts
{
public:
    CudaExperts(const ExpertStep& step, kernels::cuda::Stream stream);

    /// Where the norm has to put its rows in float32, which the router reads; null: work.normed() is that.
    static float* routerInput(const CudaWorkspace& work);

    /// From work.normed() to work.gated() of every pair.
    kernels::cuda::Status gateUp();
    /// From there to work.projected().
    kernels::cuda::Status down();

private:
    enum class Way : std::uint8_t { Pairs, Groups, PlainPairs, PlainGroups };
    Way wayOf(const ExpertMatrices& matrices) const;
    bool quantized(const ExpertMatrices& matrices) const;
    kernels::cuda::Status route();
    /// To rows [pairs, columns], `stride` apart, each with its expert's bias. Null: none.
    kernels::cuda::Status addBias(const float* bias, void* rows, std::int64_t columns, std::int64_t stride);
    kernels::cuda::Status multiply(const ExpertMatrices& matrices, const void* rows, std::int64_t perRow,
                                   const kernels::cuda::ProductOut& out);

    ExpertStep m_step;
    const ExpertConfig& m_experts;
    const CudaWorkspace& m_work;
    kernels::cuda::Stream m_stream;
    std::int64_t m_pairs;
    std::int64_t m_tilePairs; ///< that are multiplied together; 0: each pair by itself
};

} // namespace vitrine::engine
