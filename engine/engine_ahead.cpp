// SPDX-License-Identifier: GPL-3.0-or-later
// Steps launched before the tokens of the one under way are known, where the executor chooses them and feeds
// them on (Executor::mayFollow): it never waits for the host between two steps. A stop is found one step late
// then: that step has computed a token of a request that has ended, which nobody takes.
#include <algorithm>
#include <utility>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/engine_stream.h"

namespace vitrine::engine {

namespace {

/// The host has nothing to choose.
bool choosesAll(const ForwardBatch& batch)
{
    const auto onHost = [](const TokenChoice& choice) { return choice.onHost; };
    const std::vector<TokenChoice>& choices = batch.choices;
    return batch.bestOnly || (!choices.empty() && std::none_of(choices.begin(), choices.end(), onHost));
}

} // namespace

/// The step planned ahead, if it can be without the tokens under way.
Result<void> Engine::launchBehind()
{
    if (!m_executor->takesFollowers() || !choosesAll(m_flight->batch.forward))
        return {};
    std::optional<ScheduledBatch> draft = m_scheduler->draft();
    if (!draft)
        return {};
    askForTokens(*draft);
    if (!m_executor->mayFollow(draft->forward))
        return {};
    auto step = std::make_unique<Step>();
    step->record.step = ++m_steps;
    step->whole.start(NvtxName::Step, step->record.step);
    step->batch = std::move(*draft);
    m_scheduler->follow(step->batch);
    m_behind = std::move(step);
    recordPlan(*m_behind);
    if (!m_behind->batch.transfers.empty()) {
        const NvtxRange range(NvtxName::Transfer, m_behind->record.step);
        if (Result<void> moved = m_executor->transfer(m_behind->batch.transfers); !moved)
            return moved;
    }
    return compute(*m_behind);
}

/// The step before it has landed: from now on it is the one that is waited for, and time counts for it. Its
/// plan took none of that.
void Engine::adopt()
{
    m_flight = std::move(m_behind);
    m_flight->record.startNs = m_flight->launchedNs = nowNs();
    recordRows(*m_flight);
    clockLaunch(*m_flight);
}

} // namespace vitrine::engine
