// SPDX-License-Identifier: GPL-3.0-or-later
// Decode steps that one recorded graph replays, and which of them are worth recording before they come.
// Arithmetic only.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/cuda/cuda_pass.h"
#include "engine/cuda/step_inputs.h"

namespace vitrine::engine {

struct GraphKey
{
    StepShape shape;
    StepResult result = StepResult::Logits;
    std::size_t place = 0; ///< of pinned memory
    bool fed = false;      ///< begins with tokens of the step before
    bool operator==(const GraphKey&) const = default;
};

/// Which steps may come.
struct GraphLadder
{
    std::int64_t sequences = 0; ///< at most
    std::int64_t pages = 0;     ///< of one sequence, at most
    std::int64_t columns = 1;   ///< of pages
    bool choices = true;        ///< tokens are chosen on the device
    std::int64_t hidden = 0;    ///< columns of the hidden rows that steps begin with
    bool head = true;           ///< else they end with hidden rows
};

/// Most needed first, each once: what was used, most recent first; what these come to as contexts and the
/// number of replies grow; then the smallest steps, which every chat begins with. `used`: most recent first.
std::vector<GraphKey> graphsWorthRecording(const GraphLadder& ladder, std::span<const GraphKey> used);

} // namespace vitrine::engine
