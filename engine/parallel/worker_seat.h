// SPDX-License-Identifier: GPL-3.0-or-later
// What a worker process is given on its command line, and its tie to the process that started it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/parallel/rank_group.h"

namespace vitrine::engine {

struct WorkerSeat
{
    std::uint32_t rank = 0;                  ///< process of the plan
    int steps = -1, control = -1, life = -1; ///< descriptors
    int pipe = -1;                           ///< likewise, where there are several stages
    int weights = -1;                        ///< likewise; -1: it packs for itself
};

/// As arguments, "--rank" first.
std::vector<std::string> seatArguments(const WorkerSeat& seat);
/// From now on a thread gives signs of life to the control group, and ends this process when the one that
/// made the pipe `life` ends.
void liveWithParent(int life, std::shared_ptr<const RankGroup> control);

} // namespace vitrine::engine
