// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/group_call.h"

namespace vitrine::engine {

std::string nameOfCall(std::uint32_t call, std::uint64_t bytes)
{
    const std::string size = " of " + std::to_string(bytes) + " bytes";
    switch (static_cast<GroupCall>(call)) {
    case GroupCall::Barrier:
        return "a barrier";
    case GroupCall::AllReduce:
        return "an all-reduce" + size;
    case GroupCall::AllGather:
        return "an all-gather" + size;
    case GroupCall::Broadcast:
        return "a broadcast" + size;
    case GroupCall::PiecedSum:
        return "an all-reduce in pieces" + size;
    }
    return "no call there is";
}

} // namespace vitrine::engine
