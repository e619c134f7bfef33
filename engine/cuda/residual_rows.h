// SPDX-License-Identifier: GPL-3.0-or-later
// What each part of a layer adds to the residual rows of a step, and the norms between the parts. Queues
// only; engine thread.
#pragma once

#include <cstdint>

#include "engine/cuda/cuda_workspace.h"
#include "engine/cuda/device_weights.h"
#include "engine/model/model_config.h"
#include "kernels/cuda/norm.h"

namespace vitrine::engine {

/// Of what lies in work.projected(): its bias, and the norm of both before they are added. Null pointers:
/// none.
struct Delta
{
    bool there = false; ///< else nothing is added
    const float* bias = nullptr;
    const float* norm = nullptr;

    static Delta afterAttention(const DeviceLayer& layer)
    {
        return {true, layer.outputBias, layer.postAttentionNorm};
    }
    static Delta afterFeedForward(const DeviceLayer& layer)
    {
        return {true, layer.downBias, layer.postFfnNorm};
    }
};

class ResidualRows
{
public:
    /// Borrows all.
    ResidualRows(const ModelConfig& config, const CudaWorkspace& work, std::int64_t tokens,
                 kernels::cuda::Stream stream)
        : m_config(config), m_work(work), m_tokens(tokens), m_stream(stream)
    {}

    /// residual += delta, and its norm to work.normed(); the rows as they are where the model has none there.
    /// `exact`: where it also goes before it is rounded; null: nowhere.
    kernels::cuda::Status toInput(const Delta& delta, const float* weight, float* exact = nullptr) const;
    /// residual += delta
    kernels::cuda::Status add(const Delta& delta) const;
    /// The norm of these `count` rows, with the delta, to work.headInput(). The residual stays.
    kernels::cuda::Status toHead(const Delta& delta, const float* weight, const std::int32_t* rows,
                                 std::int64_t count) const;

private:
    kernels::cuda::Status addBias(const Delta& delta) const;
    kernels::cuda::NormStep step(const Delta& delta, const float* weight) const;

    const ModelConfig& m_config;
    const CudaWorkspace& m_work;
    std::int64_t m_tokens;
    kernels::cuda::Stream m_stream;
};

} // namespace vitrine::engine
