// SPDX-License-Identifier: GPL-3.0-or-later
// Which clocks of other libraries are the one that nowNs() reads: times of others cannot be placed. Bounded;
// kept as long as the process. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include <nvtx3/nvToolsExtPayload.h>

#include "engine/base/ordered_mutex.h"

namespace vitrine::engine {

class TimeDomains
{
public:
    /// `theirs`: the next tool's number of it; 0: there is none, and one is made. 0: it cannot be used.
    std::uint64_t add(std::uint32_t domain, const nvtxTimeDomainAttr_t& attributes, std::uint64_t theirs);
    /// `clock`: NVTX_TIMESTAMP_TYPE_*, or a number that add() gave. `toolIsOurs`: no other tool gives times.
    bool isOurs(std::uint32_t domain, std::uint64_t clock, bool toolIsOurs) const;

private:
    mutable OrderedMutex m_lock{LockOrder::NvtxTimes};
    std::map<std::pair<std::uint32_t, std::uint64_t>, std::uint64_t> m_types;
};

} // namespace vitrine::engine
