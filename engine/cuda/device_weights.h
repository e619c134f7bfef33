// SPDX-License-Identifier: GPL-3.0-or-later
// A model's weights in device memory: matrices as they lie in the file, norms and routers as float32. Types
// that no kernel reads become bfloat16 (float32 where a model is computed precisely) on the way; where a
// model is computed precisely, so do experts of every quantised type, whose products are integers otherwise.
// Immutable once uploaded.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/model_part.h"
#include "engine/execution/weight_conversion.h"
#include "engine/model/load_progress.h"
#include "kernels/cuda/buffer.h"
#include "kernels/cuda/expert_product.h"
#include "kernels/cuda/matvec.h"

namespace vitrine::engine {

using kernels::cuda::DeviceMatrix;
using kernels::cuda::ExpertMatrices;

/// Null pointers and empty matrices: the family has none.
struct DeviceLayer
{
    const float *attentionNorm = nullptr, *qNorm = nullptr, *kNorm = nullptr, *postAttentionNorm = nullptr,
                *ffnNorm = nullptr, *postFfnNorm = nullptr;
    const float *qBias = nullptr, *kBias = nullptr, *vBias = nullptr, *outputBias = nullptr,
                *gateBias = nullptr, *upBias = nullptr, *downBias = nullptr, *sinks = nullptr;
    DeviceMatrix q, k, v, output, gate, up, down;
    const float* router = nullptr; // [experts, hidden]; null: the layer has one network, not experts
    ExpertMatrices expertGate, expertUp, expertDown;
    const float *routerBias = nullptr, *expertGateBias = nullptr, *expertUpBias = nullptr,
                *expertDownBias = nullptr; // rows of the experts here
};

struct DeviceWeights
{
    std::vector<DeviceLayer> layers;
    const float* outputNorm = nullptr;
    DeviceMatrix embedding, head; ///< the same memory where they are tied; empty where other layers have them
    kernels::cuda::DeviceBuffer arena;
    std::uint64_t expertBytes = 0; ///< of it, matrices of experts
    std::vector<WeightConversion> conversions;
};

/// Bytes that uploadWeights() takes of the device.
std::uint64_t deviceWeightBytes(const ModelWeights& weights, bool precise);

/// Those of the part, to the current device. Progress is called on this thread between matrices.
Result<DeviceWeights> uploadWeights(const ModelPart& part, bool precise, const LoadProgress& progress);

} // namespace vitrine::engine
