// SPDX-License-Identifier: GPL-3.0-or-later
// How the processes that compute one model together are numbered: stage by stage, each of some of its layers
// (pipeline parallelism), and within a stage by rank, which share every layer's tensors. Plain value; any
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"

namespace vitrine::engine {

struct StagePlan
{
    std::uint32_t stages = 1;
    std::uint32_t ranks = 1; ///< of each stage

    std::uint32_t processes() const { return stages * ranks; }
    bool alone() const { return processes() == 1; }
    std::uint32_t stageOf(std::uint32_t process) const { return process / ranks; }
    std::uint32_t rankOf(std::uint32_t process) const { return process % ranks; }
    /// "rank 1", "stage 2 of 3", "rank 1 of stage 2 of 3": stages are counted from 1, as layers are.
    std::string nameOf(std::uint32_t process) const;
    /// InvalidArgument: no group has so many.
    Result<void> validate() const;
};

} // namespace vitrine::engine
