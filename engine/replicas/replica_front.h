// SPDX-License-Identifier: GPL-3.0-or-later
// Several engines with the same model as one door: tokenises a prompt once, sends it to the replica that
// RequestRouter chooses, and tells what becomes of it under ids of its own.
//
// Thread: every call from one thread, and events come on it from inside deliver() and cancel(). The engines
// run on threads of their own meanwhile; nothing here waits for a step.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/engine.h"
#include "engine/replicas/replica.h"
#include "engine/replicas/replica_outbox.h"
#include "engine/replicas/request_router.h"
#include "engine/request_door.h"

namespace vitrine::engine {

/// Of one replica, since the front is there.
struct ReplicaFigures
{
    std::uint64_t requests = 0;     ///< routed to it
    std::uint64_t expectedHits = 0; ///< prompt tokens that the router thought to be there
    std::uint64_t cachedTokens = 0; ///< that were
    std::uint64_t replyTokens = 0;
    std::uint64_t steps = 0;
    bool failed = false; ///< it gets no more requests while others are left
    std::uint32_t peakBlocks = 0, totalBlocks = 0, peakRunning = 0;
};

class ReplicaFront final : public RequestDoor
{
public:
    using EventSink = std::function<void(const EngineEvent&)>;
    using StepSink = std::function<void(std::uint32_t replica, const StepFigures&)>;

    /// REQUIRES: at least one, all of the same model.
    explicit ReplicaFront(std::vector<PreparedModel> replicas);
    ~ReplicaFront() override; ///< ends what still runs, without a word

    /// Errors: what the prompt encoder refuses. What an engine refuses ends the request with its reason.
    Result<std::vector<RequestId>> submitSamples(GenerationRequest request, std::uint32_t samples) override;
    void cancel(RequestId id) override;
    /// Means over the replicas that have replies.
    PredictionErrors predictionErrors() const override;

    /// A sink may submit and cancel; it must not deliver.
    void subscribe(EventSink sink) { m_sink = std::move(sink); }
    void onStep(StepSink sink) { m_onStep = std::move(sink); }
    /// Hands on what the replicas have told; waits up to `nanoseconds` where that is nothing. False: nothing.
    bool deliver(std::int64_t nanoseconds);
    bool hasWork() const { return !m_running.empty(); }
    /// Processes of replicas that were replaced, since the last call.
    std::vector<RankRecovery> takeRecoveries() { return std::exchange(m_recoveries, {}); }

    std::uint32_t replicas() const { return static_cast<std::uint32_t>(m_replicas.size()); }
    ReplicaFigures figures(std::uint32_t replica) const;
    const ExecutorInfo& info(std::uint32_t replica) const { return m_infos[replica]; }
    const RequestRouter& router() const { return m_router; }

private:
    struct Running
    {
        std::uint32_t replica = 0;
        CacheScope scope;
    };

    Result<std::vector<TokenId>> tokensOf(GenerationRequest& request) const;
    Result<std::vector<TokenId>> guardedTokensOf(GenerationRequest& request) const;
    void take(std::uint32_t replica, const EngineEvent& event);
    void take(std::uint32_t replica, const StepFigures& step);
    void finish(std::uint32_t replica, const RequestFinished& event);

    ReplicaOutbox m_outbox;
    PromptEncoder m_encoder;
    RequestRouter m_router;
    std::vector<ExecutorInfo> m_infos;
    std::vector<ReplicaFigures> m_figures;
    std::vector<PredictionErrors> m_errors;
    std::vector<RankRecovery> m_recoveries;
    EventSink m_sink;
    StepSink m_onStep;
    std::uint64_t m_lastId = 0;
    std::unordered_map<RequestId, Running> m_running;
    std::vector<std::unique_ptr<Replica>> m_replicas; ///< last: they tell the outbox
};

} // namespace vitrine::engine
