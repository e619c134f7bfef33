// SPDX-License-Identifier: GPL-3.0-or-later
// What steps cost on the machine of a recording, learned from it with guards against figures that no machine
// has. Any thread.
#pragma once

#include <cstdint>

#include "engine/scheduler/step_time_model.h"

namespace vitrine::engine {

/// Learns from one step, unless its figures make no sense.
void observe(StepTimeModel& model, const StepLoad& load, std::int64_t forwardNs);
/// Nanoseconds of a forward pass, ≥ 0.
std::int64_t predictNs(const StepTimeModel& model, const StepLoad& load);
/// What computing that many prompt tokens from the cache would have taken.
std::int64_t savedNs(const StepTimeModel& model, std::uint32_t cachedTokens);
/// A number of nanoseconds that may be anything, as an integer.
std::int64_t wholeNs(double ns);

} // namespace vitrine::engine
