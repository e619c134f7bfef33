// SPDX-License-Identifier: GPL-3.0-or-later
// Steps that are launched, also behind one that is under way, and what is planned while they compute.
#include <algorithm>

#include "engine/base/check.h"
#include "engine/scheduler/batch_builder.h"
#include "engine/scheduler/scheduler.h"

namespace vitrine::engine {

bool Scheduler::planAhead()
{
    VT_CHECK(m_inFlight.size() == 1);
    if (!m_ahead && !m_forking)
        m_ahead = planStep(true);
    return m_ahead.has_value();
}

std::optional<ScheduledBatch> Scheduler::draft() const
{
    VT_CHECK(m_inFlight.size() == 1);
    if (!m_ahead)
        return std::nullopt;
    for (const PlannedRow& planned : m_ahead->rows()) {
        const Request& request = *planned.request;
        const bool forgets = request.spec.endless.enabled() || request.spec.keepTokens > 0;
        if (forgets || !request.followers.empty())
            return std::nullopt;
    }
    ScheduledBatch batch = buildBatch(*m_ahead, m_cache);
    if (batch.empty() || !batch.preemptions.empty() || !batch.ended.empty())
        return std::nullopt;
    return batch;
}

void Scheduler::follow(ScheduledBatch& draft)
{
    VT_CHECK(m_inFlight.size() == 1 && m_ahead && !draft.empty());
    m_ahead.reset();
    draft.step = m_step;
    draft.transfers = m_cache.takeTransfers();
    draft.predictedSeconds = m_stepTimes.predict(draft.load);
    launch(draft);
}

/// From here on the step counts as computed, so that the one after it can be planned before it has landed:
/// sampled tokens are pending until update() brings them.
void Scheduler::launch(ScheduledBatch& batch)
{
    if (batch.empty())
        return;
    planForks(batch);
    m_inFlight.push_back(m_step);
    m_forking = !batch.forks.empty();
    m_promptSteps = batch.decodeTokens == 0 ? m_promptSteps + 1 : 0;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const auto begin = static_cast<std::size_t>(batch.forward.queryStart[i]);
        countRow(batch.rows[i], std::span(batch.forward.tokenIds).subspan(begin, batch.rows[i].tokens));
    }
    m_policy->stepServed();
}

/// A token that is not known yet makes no block findable before it is (takeToken()).
void Scheduler::countRow(const ScheduledRow& row, std::span<const TokenId> tokens)
{
    Request& request = *m_requests.at(row.request);
    if (tokens.front() >= 0)
        m_cache.markComputed(request.id, tokens);
    request.lastStep = m_step;
    request.computed += row.tokens;
    request.everComputed = std::max(request.everComputed, request.computed);
    if (row.samples)
        request.pendingRows.at(request.tokensPending++) = row.logitsRow;
    m_policy->served(request, row.decode ? 0 : row.tokens, row.decode ? 1 : 0);
}

bool Scheduler::inFlight(std::uint64_t step) const
{
    return std::find(m_inFlight.begin(), m_inFlight.end(), step) != m_inFlight.end();
}

} // namespace vitrine::engine
