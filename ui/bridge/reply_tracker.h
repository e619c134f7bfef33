// SPDX-License-Identifier: GPL-3.0-or-later
// Turns the engine's events into per-frame updates of replies. Owned by the EngineWorker; engine thread only.
//
// Invariant: a reply is known here from opened() until its end was collected, and its end is told exactly
// once.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>

#include "engine/events.h"
#include "engine/model/model.h"
#include "ui/bridge/snapshots.h"

namespace vitrine::ui {

class ReplyTracker
{
public:
    /// Whose tokens are told of from now on; null: no details.
    void setModel(std::shared_ptr<const engine::Model> model) { m_model = std::move(model); }
    void opened(ReplyId reply, engine::RequestId request, const engine::SamplingParams& sampling = {});
    /// Ends a reply that never became a request.
    void refused(ReplyId reply, const QString& error);
    void handle(const engine::EngineEvent& event);
    /// Ends all running replies with an error, e.g. when the engine failed.
    void failAll(const QString& error);

    std::optional<engine::RequestId> requestOf(ReplyId reply) const;
    /// Also of a reply that ended not long ago; 0 when it is not known any more.
    ReplyId replyOf(engine::RequestId request) const;
    /// Moves what was collected since the last call.
    QList<ReplyUpdate> take() { return std::exchange(m_updates, {}); }
    bool hasUpdates() const { return !m_updates.isEmpty(); }

private:
    struct Running
    {
        ReplyId reply;
        engine::SamplingParams sampling;
        quint32 tokens = 0;
        qint64 openedNs = 0;
        qint64 firstTokenNs = 0;
        qint64 lastTokenNs = 0;

        ReplyFigures figures() const;
    };

    void apply(const engine::RequestWaiting& event, Running& running);
    void apply(const engine::RequestPreempted& event, Running& running);
    void apply(const engine::RequestResumed& event, Running& running);
    void apply(const engine::RequestStarted& event, Running& running);
    void apply(const engine::PrefillProgress& event, Running& running);
    void apply(const engine::TokenGenerated& event, Running& running);
    void apply(const engine::RequestFinished& event, Running& running);
    ReplyUpdate& updateOf(ReplyId reply);
    QList<ReplyNeighbour> neighbours(const engine::LatencyBreakdown& latency) const;

    std::shared_ptr<const engine::Model> m_model;
    std::unordered_map<engine::RequestId, Running> m_running;
    std::deque<std::pair<engine::RequestId, ReplyId>> m_ended; // the latest; others may still name them
    QList<ReplyUpdate> m_updates;
};

} // namespace vitrine::ui
