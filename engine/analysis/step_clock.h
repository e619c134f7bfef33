// SPDX-License-Identifier: GPL-3.0-or-later
// When the parts of a recorded step began and ended, in an order that can be relied on: a recording may be a
// damaged or made-up file, so times are brought into a range in which no sum overflows, and none goes back.
// Any thread, one owner.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/telemetry/recorder.h"
#include "engine/telemetry/step_shares.h"

namespace vitrine::engine {

/// Nanoseconds of nowNs(); each is at least the one before it.
struct StepTimes
{
    std::int64_t plannedNs = 0;  ///< its planning began
    std::int64_t launchedNs = 0; ///< the forward pass began
    std::int64_t computedNs = 0;
    std::int64_t sampledNs = 0; ///< its tokens were there
    std::int64_t endNs = 0;     ///< its events were out, maybe beside the next step

    std::int64_t busyNs() const { return sampledNs - launchedNs; }
    std::int64_t forwardNs() const { return computedNs - launchedNs; }
    bool operator==(const StepTimes&) const = default;
};

/// A time of a recording, brought into the range in which it can be reckoned with.
std::int64_t soundTime(std::int64_t ns);

class StepClock
{
public:
    /// Of the steps of a recording in their order; not of what came between steps (record.step is 0).
    StepTimes next(const RecordedStep& step);

private:
    std::int64_t m_sampledNs = 0;
};

/// The rows of a step as work. Whether a row gave a token is told by the step's events.
std::vector<RowWork> workOf(const RecordedStep& step);
StepLoad loadOf(const RecordedStep& step);

} // namespace vitrine::engine
