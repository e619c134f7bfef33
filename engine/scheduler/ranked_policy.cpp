// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/ranked_policy.h"

#include "engine/base/check.h"

namespace vitrine::engine {

double RankedPolicy::rankOf(const Request& request) const
{
    const double arrival = static_cast<double>(request.times.arrivalNs) * 1e-9;
    switch (m_kind) {
    case PolicyKind::Priority:
        return arrival - request.spec.priority * kSecondsPerLevel;
    case PolicyKind::Shortest:
        return arrival + request.predictedTokens * kSecondsPerToken;
    default:
        return static_cast<double>(request.id.value);
    }
}

void RankedPolicy::push(Request& request)
{
    request.rank = rankOf(request);
    VT_CHECK(m_queue.insert(&request).second);
}

void RankedPolicy::erase(Request& request)
{
    VT_CHECK(m_queue.erase(&request) == 1);
}

bool RankedPolicy::contains(const Request& request) const
{
    return m_queue.contains(const_cast<Request*>(&request));
}

std::vector<Request*> RankedPolicy::first(std::size_t most) const
{
    std::vector<Request*> requests;
    for (auto next = m_queue.begin(); next != m_queue.end() && requests.size() < most; ++next)
        requests.push_back(*next);
    return requests;
}

} // namespace vitrine::engine
