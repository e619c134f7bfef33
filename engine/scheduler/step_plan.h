// SPDX-License-Identifier: GPL-3.0-or-later
// Who computes how many tokens in the step being planned, and what it cost to make room. Made by the
// Scheduler, turned into a ScheduledBatch by the batch builder.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/scheduler/request.h"
#include "engine/scheduler/scheduled_batch.h"

namespace vitrine::engine {

struct PlannedRow
{
    Request* request = nullptr;
    std::uint32_t firstToken = 0; ///< `computed` when it was planned
    std::uint32_t tokens = 0;
    bool decode = false;
};

class StepPlan
{
public:
    explicit StepPlan(std::uint32_t tokenBudget) : m_budget(tokenBudget), m_left(tokenBudget) {}

    /// Gives the request as many of `wanted` tokens as the budget still has; returns how many. REQUIRES:
    /// left() > 0, wanted > 0 and the request is not planned yet.
    std::uint32_t add(Request& request, std::uint32_t wanted);
    /// Takes the request out again, if it is in.
    void remove(const Request& request);

    std::uint32_t budget() const { return m_budget; }
    std::uint32_t left() const { return m_left; }
    const std::vector<PlannedRow>& rows() const { return m_rows; }

    std::vector<PreemptionEvent> preemptions;
    std::vector<AdmissionEvent> admissions;
    std::vector<RequestId> ended;
    std::uint32_t lookedUpTokens = 0;
    std::uint32_t cachedTokens = 0;

private:
    std::uint32_t m_budget;
    std::uint32_t m_left;
    std::vector<PlannedRow> m_rows;
};

} // namespace vitrine::engine
