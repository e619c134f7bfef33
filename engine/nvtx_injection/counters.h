// SPDX-License-Identifier: GPL-3.0-or-later
// NVTX's counters: their names, and how a sample of one, or of a group of them, is read. Bounded; kept as
// long as the process. Any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include <nvtx3/nvToolsExtCounters.h>

#include "engine/base/ordered_mutex.h"
#include "engine/nvtx_injection/payload_number.h"
#include "engine/nvtx_injection/payload_schema.h"

namespace vitrine::engine {

struct Counter
{
    std::uint32_t name = 0, unit = 0; ///< texts
    std::uint64_t type = 0;           ///< of its value in a sample
    std::size_t at = 0;               ///< bytes from the beginning of the sample
};

class Counters
{
public:
    /// `theirs`: the next tool's number of it; 0: there is none, and one is made. 0: it cannot be used.
    std::uint64_t add(std::uint32_t domain, const nvtxCounterAttr_t& attributes,
                      const PayloadSchemas& schemas, std::uint64_t theirs);
    /// One, or those of a group. Null: no counter has this number. Stays where it is.
    const std::vector<Counter>* find(std::uint32_t domain, std::uint64_t number) const;

private:
    mutable OrderedMutex m_lock{LockOrder::NvtxCounters};
    std::deque<std::vector<Counter>> m_counters;
    std::map<std::pair<std::uint32_t, std::uint64_t>, const std::vector<Counter>*> m_known;
};

} // namespace vitrine::engine
