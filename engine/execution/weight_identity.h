// SPDX-License-Identifier: GPL-3.0-or-later
// What packed weights were made of and how: two processes whose identities are equal have packed the same
// bytes. Reads facts about files, no weights. Any thread.
#pragma once

#include <cstdint>

#include "engine/execution/model_part.h"
#include "engine/execution/pack_plan.h"

namespace vitrine::engine {

struct WeightIdentity
{
    std::uint64_t high = 0, low = 0;
    bool operator==(const WeightIdentity&) const = default;
};

/// Of the files (device, inode, size, time of change), the part of the model, and each matrix as it is
/// packed. REQUIRES: a PackPlan was made of `weights`, which are the part's.
WeightIdentity weightIdentity(const ModelPart& part, const CpuWeights& weights);

} // namespace vitrine::engine
