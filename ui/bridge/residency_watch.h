// SPDX-License-Identifier: GPL-3.0-or-later
// Remembers of which tokens replies were made, and tells how many of them lie in KV, of those replies that
// somebody wants to know about. What is remembered is bounded; the oldest that nobody watches goes first.
//
// Thread: the engine's.
#pragma once

#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/engine.h"
#include "ui/bridge/snapshots.h"

namespace vitrine::ui {

class ReplyTracker;

class ResidencyWatch
{
public:
    static constexpr std::size_t kMostPaths = 2048;
    static constexpr std::size_t kMostTokens = 4U << 20U; ///< of all paths together

    /// These replies from now on, running or ended; unknown ones are told as tokens = 0.
    void watch(const QList<ReplyId>& replies);
    /// `path`: prompt and reply (RequestFinished::path).
    void ended(ReplyId reply, std::vector<engine::TokenId> path);
    /// Another model, or none.
    void forgetSeen() { m_stale = true; }

    /// look() may bring something.
    bool mayDiffer(const engine::Engine& engine) const;
    /// Of all watched replies, in the order of watch(); nothing where that was told since.
    std::optional<QList<ReplyResidency>> look(const engine::Engine& engine, const ReplyTracker& replies);

    std::size_t paths() const { return m_paths.size(); }

private:
    void drop();

    QList<ReplyId> m_watched;
    std::unordered_set<quint64> m_watchedIds;
    std::unordered_map<quint64, std::vector<engine::TokenId>> m_paths; // by ReplyId
    std::deque<quint64> m_order;                                       // of m_paths, oldest first
    std::size_t m_tokens = 0;
    std::uint64_t m_seen = 0;                    // Engine::residencyChanges() at the last look
    bool m_stale = false;                        // look, whatever the engine says
    std::optional<QList<ReplyResidency>> m_told; // since watch()
};

} // namespace vitrine::ui
