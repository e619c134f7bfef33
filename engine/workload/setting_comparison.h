// SPDX-License-Identifier: GPL-3.0-or-later
// The same load run with several settings, each once or several times: what came of it, beside each other.
// A difference counts when it is larger than what repeats of the same setting differ by. Values; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/workload/workload_run.h"

namespace vitrine::engine {

enum class LoadFigure : std::uint8_t {
    TokensPerSecond, ///< of the replies, from the first arrival to the last end
    FirstTokenP50,   ///< seconds, from arrival
    FirstTokenP99,
    BetweenP50, ///< seconds, from token to token
    BetweenP99,
    Queue,       ///< seconds from arrival to admission, mean
    PrefixHits,  ///< share of prompt tokens
    Preemptions, ///< of requests of the load
    PeakBlocks   ///< share of the pool that was referenced at once
};
inline constexpr std::size_t kLoadFigures = 9;

bool moreIsBetter(LoadFigure figure);

/// Of one run; empty where nothing was measured.
using LoadFigures = std::array<std::optional<double>, kLoadFigures>;

LoadFigures figuresOf(const WorkloadTotals& totals);

enum class Difference : std::uint8_t {
    None,        ///< the first row itself, or there is nothing to compare
    Unsure,      ///< too few repeats to tell
    WithinNoise, ///< repeats of one setting differ as much
    Better,
    Worse
};

struct LoadCell
{
    std::size_t runs = 0; ///< that measured it; 0: nothing is known
    double median = 0.0, least = 0.0, most = 0.0;
    bool best = false; ///< of all rows, where these differ
    Difference difference = Difference::None;
    std::optional<double> change; ///< against the first row, as a share of it
};

using LoadRow = std::array<LoadCell, kLoadFigures>;

/// Repeats that a difference takes to be called one.
inline constexpr std::size_t kSureRepeats = 3;

/// One row for each setting, given the figures of its runs.
std::vector<LoadRow> compareSettings(std::span<const std::vector<LoadFigures>> settings);

} // namespace vitrine::engine
