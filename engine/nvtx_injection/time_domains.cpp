// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nvtx_injection/time_domains.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMost = 4096;

} // namespace

std::uint64_t TimeDomains::add(std::uint32_t domain, const nvtxTimeDomainAttr_t& attributes,
                               std::uint64_t theirs)
{
    const std::lock_guard guard(m_lock);
    if (m_types.size() >= kMost)
        return theirs;
    std::uint64_t number = theirs != 0 ? theirs : attributes.timeDomainId;
    if (number == NVTX_TIME_DOMAIN_ID_NONE)
        number = NVTX_TIME_DOMAIN_ID_DYNAMIC_START + m_types.size();
    if (number < NVTX_TIME_DOMAIN_ID_STATIC_START) // a type that NVTX defines
        return 0;
    m_types.insert_or_assign({domain, number}, attributes.timestampTypeId);
    return number;
}

bool TimeDomains::isOurs(std::uint32_t domain, std::uint64_t clock, bool toolIsOurs) const
{
    if (clock >= NVTX_TIME_DOMAIN_ID_STATIC_START) {
        const std::lock_guard guard(m_lock);
        const auto known = m_types.find({domain, clock});
        clock = known == m_types.end() ? std::uint64_t{NVTX_TIMESTAMP_TYPE_NONE} : known->second;
    }
    return clock == NVTX_TIMESTAMP_TYPE_CPU_CLOCK_GETTIME_MONOTONIC ||
           clock == NVTX_TIMESTAMP_TYPE_CPP_STEADY_CLOCK ||
           (clock == NVTX_TIMESTAMP_TYPE_TOOL_PROVIDED && toolIsOurs);
}

} // namespace vitrine::engine
