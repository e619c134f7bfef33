// SPDX-License-Identifier: GPL-3.0-or-later
// The memory that steps take: inputs, activations, results. Made once for the largest step that will come,
// and grown where a larger one comes all the same. One owner, the executor; engine thread.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/cuda/cuda_workspace.h"
#include "engine/cuda/step_inputs.h"
#include "engine/cuda/step_plan.h"
#include "engine/cuda/step_results.h"
#include "engine/execution/step_limits.h"

namespace vitrine::engine {

/// What the room depends on besides a step.
struct StepRoomOptions
{
    bool precise = false;
    std::int64_t columns = 1; ///< of pages
    std::int64_t multiprocessors = 1;
    std::size_t ropeKinds = 1;
    std::int64_t hiddenIn = 0; ///< columns of the rows that steps begin with; 0: they begin with tokens
    bool head = true;          ///< steps end with logits or tokens; else with hidden rows
    TensorShard shard = {};    ///< of several ranks, this one's
};

class StepRoom
{
public:
    StepRoom(const ModelConfig& config, const StepRoomOptions& options);

    /// Whether nothing has to move for this step.
    bool fits(const ForwardBatch& batch, const StepPlan& plan, bool onePath) const;
    /// A refusal leaves as much room as there was. Either way generation() tells whether anything moved.
    Result<void> ensure(const ForwardBatch& batch, const StepPlan& plan, bool onePath);
    /// The same for a step that is padded and brings no logits of rows that the host looks at.
    bool holds(const StepPlan& plan, bool onePath) const;

    /// As much of these limits as `most` bytes hold: tokens are halved, then sequences with them.
    StepLimits within(StepLimits limits, std::uint64_t most) const;
    bool fits(const StepLimits& limits) const;
    Result<void> reserve(const StepLimits& limits);
    std::uint64_t bytesFor(const StepLimits& limits) const;

    std::uint64_t bytes() const { return m_work.bytes() + m_inputs.bytes(); } ///< of the device
    std::uint64_t generation() const
    {
        return m_work.generation() + m_inputs.generation() + m_results.generation();
    }

    StepInputs& inputs() { return m_inputs; }
    CudaWorkspace& work() { return m_work; }
    StepResults& results() { return m_results; }
    const StepResults& results() const { return m_results; }

private:
    WorkShape workFor(const StepPlan& plan, bool onePath) const;
    WorkShape workFor(const StepLimits& limits) const;
    StepShape inputsFor(const StepLimits& limits) const;
    std::size_t attentionBytesFor(const StepLimits& limits) const;

    std::int64_t m_heads, m_kvHeads, m_headDim;
    StepRoomOptions m_options;
    StepInputs m_inputs;
    CudaWorkspace m_work;
    StepResults m_results;
};

} // namespace vitrine::engine
