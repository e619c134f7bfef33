// SPDX-License-Identifier: GPL-3.0-or-later
// Who had which part of a step: each row by what the step time model says that its tokens alone would take.
// The live clocks and the analysis of recordings split steps by this, so that their figures agree. Any
// thread, one owner.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/scheduler/step_time_model.h"
#include "engine/telemetry/latency_breakdown.h"

namespace vitrine::engine {

/// One row of a step.
struct RowWork
{
    RequestId request;
    std::uint32_t firstToken = 0;
    std::uint32_t tokens = 0;
    bool decode = false;
    bool samples = false;
};

/// What the row adds to its step.
StepLoad loadOf(const RowWork& row);

class StepShares
{
public:
    StepShares(std::span<const RowWork> rows, const StepTimeModel& model);

    /// Of the row at `index`; its `others` are valid until the next call.
    StepShare share(std::size_t index);
    /// The heaviest row that is not this request's, and its part of all that are not; 0: there is none.
    StepShare::Other heaviestBeside(RequestId request) const;

private:
    struct Weight
    {
        RequestId request;
        double seconds = 0.0;
    };

    std::span<const RowWork> m_rows;
    std::vector<Weight> m_weights; ///< [rows]
    std::vector<Weight> m_named;   ///< the heaviest of them, first
    std::vector<StepShare::Other> m_others;
    double m_fixed = 0.0, m_all = 0.0; ///< seconds
};

} // namespace vitrine::engine
