// SPDX-License-Identifier: GPL-3.0-or-later
// What a rank of a group says it does (Announcement).
#pragma once

#include <cstdint>
#include <string>

namespace vitrine::engine {

enum class GroupCall : std::uint32_t { Barrier = 1, AllReduce, AllGather, Broadcast, PiecedSum };

/// "an all-reduce of 2304 bytes"; whatever number stands there.
std::string nameOfCall(std::uint32_t call, std::uint64_t bytes);
inline std::string nameOfCall(GroupCall call, std::uint64_t bytes)
{
    return nameOfCall(static_cast<std::uint32_t>(call), bytes);
}

} // namespace vitrine::engine
