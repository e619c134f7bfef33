// SPDX-License-Identifier: GPL-3.0-or-later
// How fast this machine reads, multiplies and sums over ranks, as measured: what a plan is predicted from.
// Plain value; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "engine/parallel/stage_plan.h"
#include "engine/plan/model_work.h"

namespace vitrine::engine {

/// Tokens of the sums that are measured.
inline constexpr std::array<std::uint32_t, 3> kLinkTokens{1, 64, 512};

struct LinkSpeed
{
    std::uint32_t ranks = 2;
    std::array<double, kLinkTokens.size()> sumSeconds{}; ///< of a hidden row of each of kLinkTokens
};

struct BarrierSpeed
{
    std::uint32_t threads = 1;
    double seconds = 0.0; ///< that so many threads of a process take to wait for each other
};

struct MachineSpeed
{
    std::uint32_t threads = 1;   ///< that compute, all processes together
    double readBytesOfOne = 0.0; ///< bytes a second that one thread reads by itself
    double readBytesOfAll = 0.0; ///< all together
    double multiplyAdds = 0.0;   ///< a second, all together; 0: unknown, takes no time
    std::vector<LinkSpeed> links;
    std::vector<BarrierSpeed> barriers;

    double readBytes(double threadsThatRead) const; ///< a second
    /// Of a sum over `ranks` of so many hidden rows, between and beyond those measured along straight lines.
    /// 0 for one rank. REQUIRES: these ranks were measured.
    double sumSeconds(std::uint32_t ranks, double tokens) const;
    /// 0 for one thread. REQUIRES: so many threads were measured.
    double barrierSeconds(std::uint32_t threadsOfProcess) const;
    std::uint32_t threadsOf(std::uint32_t processes) const; ///< of each of them
};

/// Of a sum of `values` floats over so many ranks, threads of this process that take the way of processes:
/// the median of some milliseconds. Nothing: there is no memory for it.
std::optional<double> measureSum(std::uint32_t ranks, std::size_t values);

/// That so many threads take to wait for each other, the median of some thousand times.
double measureBarrier(std::uint32_t threads);

/// For these plans. `threads`: 0: one a core. Takes about half a second, and as much again with many or wide
/// ranks. OutOfResources.
Result<MachineSpeed> measureMachine(const Model& model, const ModelWork& work, std::uint32_t threads,
                                    bool deterministic, std::span<const StagePlan> plans);

} // namespace vitrine::engine
