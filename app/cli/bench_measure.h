// SPDX-License-Identifier: GPL-3.0-or-later
// One measurement of a benchmark: several runs, of which the median counts.
#pragma once

#include <cstdint>
#include <functional>

#include "app/cli/command.h"

namespace vitrine::cli {

/// Runs `once` (tokens a second) `repeat` times and adds its median to `results`, as `entry` with the runs
/// and the share of `limit`; 0: no limit is known. Cancelled: Ctrl-C came meanwhile.
engine::Result<void> measure(Json& results, Json entry, std::uint32_t repeat, double limit,
                             const char* limitedBy, const std::function<engine::Result<double>()>& once);

} // namespace vitrine::cli
