// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/step_plan.h"

#include <algorithm>

#include "engine/base/check.h"

namespace vitrine::engine {

std::uint32_t StepPlan::add(Request& request, std::uint32_t wanted)
{
    const std::uint32_t tokens = std::min(wanted, m_left);
    VT_CHECK(tokens > 0);
    m_left -= tokens;
    m_rows.push_back({&request, request.computed, tokens, request.decoding()});
    return tokens;
}

void StepPlan::remove(const Request& request)
{
    const auto row = std::find_if(m_rows.begin(), m_rows.end(),
                                  [&](const PlannedRow& planned) { return planned.request == &request; });
    if (row == m_rows.end())
        return;
    m_left += row->tokens;
    m_rows.erase(row);
}

} // namespace vitrine::engine
