// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting for what another rank of a group has to come to. Any thread; several may wait for the same.
#pragma once

#include <cstdint>

#include "engine/parallel/deadline.h"
#include "engine/parallel/rank_group.h"

namespace vitrine::engine {

enum class GroupWait : std::uint8_t { Reached, Late, Ended };

/// Pauses before sleeping, where so many ranks may run at the same time.
std::uint32_t spinsFor(std::uint32_t ranks);
/// Until the counter has reached `wanted`, the deadline has passed or the group has ended. Time in which this
/// process was stopped does not count.
GroupWait waitUntil(const RankGroup& group, SharedCounter& counter, std::uint32_t wanted, Deadline deadline,
                    std::uint32_t spins);

} // namespace vitrine::engine
