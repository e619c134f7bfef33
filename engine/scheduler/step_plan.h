// SPDX-License-Identifier: GPL-3.0-or-later
// Who computes how many tokens in the step being planned, and what it cost to make room. Lives for one
// Scheduler::schedule().
#pragma once

#include <cstdint>
#include <vector>

#include "engine/scheduler/request.h"
#include "engine/scheduler/scheduled_batch.h"

namespace vitrine::engine {

struct PlannedRow
{
    Request* request = nullptr;
    std::uint32_t tokens = 0;
};

class StepPlan
{
public:
    explicit StepPlan(std::uint32_t tokenBudget) : m_left(tokenBudget) {}

    /// Gives the request as many of `wanted` tokens as the budget still has. REQUIRES: left() > 0 and the
    /// request is not planned yet.
    void add(Request& request, std::uint32_t wanted);
    /// Takes the request out again, if it is in.
    void remove(const Request& request);
    void countPreemption(const PreemptionEvent& event) { m_preemptions.push_back(event); }
    void countLookup(std::uint32_t lookedUp, std::uint32_t cached);

    std::uint32_t left() const { return m_left; }
    const std::vector<PlannedRow>& rows() const { return m_rows; }
    const std::vector<PreemptionEvent>& preemptions() const { return m_preemptions; }
    std::uint32_t lookedUpTokens() const { return m_lookedUpTokens; }
    std::uint32_t cachedTokens() const { return m_cachedTokens; }

private:
    std::uint32_t m_left;
    std::vector<PlannedRow> m_rows;
    std::vector<PreemptionEvent> m_preemptions;
    std::uint32_t m_lookedUpTokens = 0;
    std::uint32_t m_cachedTokens = 0;
};

} // namespace vitrine::engine
