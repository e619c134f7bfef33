// SPDX-License-Identifier: GPL-3.0-or-later
// Steps that fail: who ends with them, and who goes on.
#include <algorithm>
#include <utility>

#include "engine/engine.h"
#include "engine/engine_stream.h"
#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

/// Ends the requests of the step that failed. When it failed before it was launched, while its result was
/// taken, or beside it while events were sent, no one can tell whose fault it is: every request ends.
void Engine::fail(const std::string& message)
{
    if (m_scheduler == nullptr)
        return;
    awaitFailed();
    const std::unique_ptr<Step> failed = std::move(m_flight), behind = std::move(m_behind);
    const bool halfTold = std::exchange(m_telling, false);
    const bool everybody = failed == nullptr || halfTold || !failed->outcomes.empty();
    const ScheduledBatch none;
    const std::vector<RequestId> ended = m_scheduler->abandon(everybody ? none : failed->batch);
    clockAbandoned();
    tellLanded(); // that step has not failed
    if (everybody)
        return endAll(FinishReason::Error, message);
    for (const RequestId id : ended)
        endRequest(id, FinishReason::Error, message);
    endWhoHasFinished(message);
    publish(*failed);
}

/// It fails all the same, but its batch is in use.
void Engine::awaitFailed()
{
    for (const std::unique_ptr<Step>* step : {&m_flight, &m_behind})
        if (*step != nullptr && std::exchange((*step)->computing, false))
            static_cast<void>(m_executor->await());
}

/// The executor refused a step or did not bring what it should: by itself, or since a part of it is gone.
void Engine::failStep(const std::string& message)
{
    if (m_scheduler == nullptr)
        return;
    awaitFailed();
    std::string reason = message;
    if (!recover(reason))
        fail(reason);
}

/// Everybody who runs waits again, with the tokens so far; clients and recordings are told as of any other
/// preemption. Returns who cannot begin anew.
std::vector<RequestId> Engine::beginAnew(const Step* failed)
{
    std::vector<PreemptionEvent> lost;
    for (const auto& entry : m_streams)
        if (const Request& request = *m_scheduler->find(entry.first);
            request.state == RequestState::Running) {
            PreemptionEvent event;
            event.victim = request.id;
            event.reason = PreemptionReason::KvLost;
            event.recomputeTokens = request.landed;
            event.blocks = event.blocksFreed = static_cast<std::uint32_t>(m_cache->table(request.id).size());
            lost.push_back(event);
        }
    std::sort(lost.begin(), lost.end(),
              [](const auto& a, const auto& b) { return a.victim.value < b.victim.value; });
    std::vector<RequestId> ended = m_scheduler->abandon({});
    clockAbandoned();
    tellLanded(); // that step has not failed
    if (failed != nullptr)
        noteStep(*failed); // who began with it
    for (const PreemptionEvent& event : lost) {
        if (!m_streams.contains(event.victim))
            continue; // a client has cancelled it
        note(event);
        markNvtx(NvtxName::Preempted, event.victim.value);
        send(RequestPreempted{event.victim, event});
    }
    return ended;
}

/// What is gone of the executor is replaced, and everybody computes anew what lay in KV, with the tokens that
/// they had; nobody's reply differs for it. Who has forgotten tokens cannot. False: nothing was replaced,
/// `message` says more then.
bool Engine::recover(std::string& message)
{
    if (!m_executor->isBroken())
        return false;
    const NvtxRange range(NvtxName::Recover);
    Result<RankRecovery> recovery = m_executor->recover();
    if (!recovery) {
        noteRefusal(recovery.error().message);
        message += "; it could not be replaced: " + recovery.error().message;
        return false;
    }
    noteRecovery(*recovery);
    m_recoveries.push_back(std::move(*recovery));
    m_leftBroken = false;
    const std::unique_ptr<Step> failed = std::move(m_flight), behind = std::move(m_behind);
    for (const RequestId id : beginAnew(failed.get()))
        endRequest(id, FinishReason::Error, message + ", and this reply's beginning was forgotten already");
    endWhoHasFinished(message);
    if (failed != nullptr)
        publish(*failed);
    return true;
}

} // namespace vitrine::engine
