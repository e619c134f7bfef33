// SPDX-License-Identifier: GPL-3.0-or-later
// One forward pass as a sequence of kernels on one stream: the same calls whether they run at once or are
// recorded into a graph. Queues only; nothing here waits for the device. Engine thread.
#pragma once

#include <cstdint>

#include "engine/cuda/cuda_linear.h"
#include "engine/cuda/cuda_workspace.h"
#include "engine/cuda/device_group.h"
#include "engine/cuda/device_weights.h"
#include "engine/cuda/step_inputs.h"
#include "engine/execution/kv_columns.h"
#include "engine/execution/rope_table.h"
#include "kernels/cuda/attention.h"

namespace vitrine::engine {

/// How the sequences of a step are attended to: the first `decoding` of them have one token each and go
/// through the kernel that cuts the context into parts, the others through the one for prompts.
struct AttentionWay
{
    std::int64_t decoding = 0;
    std::int64_t splits = 1;
    std::int64_t longestQuery = 1;   ///< of the others
    std::int64_t longestContext = 1; ///< of all
};

/// What is made of the rows of logits.
enum class StepResult : std::uint8_t {
    Logits, ///< nothing more
    Best,   ///< the token of the largest
    Chosen, ///< a token by the settings of StepInputs::choices()
    Hidden  ///< there are none: the layers end before the head
};

/// What a pass works with; everything outlives it.
struct PassContext
{
    const ModelConfig& config;
    const DeviceWeights& weights;
    const RopeTable& rope;
    const double* frequencies = nullptr; // device: [kinds, rope.dim() / 2]
    const KvColumns& columns;
    const kernels::cuda::KvPages& kv;
    const StepInputs& inputs;
    const CudaWorkspace& work;
    CudaLinear& linear;
    AttentionWay way;
    StepResult result = StepResult::Logits;
    std::uint32_t firstLayer = 0; ///< of the model's, for ranges
    bool fed = false;             ///< some input tokens are still in work.tokens()
    DeviceGroup* group = nullptr; ///< that shares the tensors; null: the device has all of them
};

/// Results lie in work.logits(), and tokens in work.tokens(), of a group on rank 0 (all have the tokens);
/// with StepResult::Hidden in work.residual().
kernels::cuda::Status queuePass(const PassContext& context, kernels::cuda::Stream stream);

} // namespace vitrine::engine
