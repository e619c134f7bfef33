// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/residency_watch.h"

#include <algorithm>
#include <utility>

#include "ui/bridge/reply_tracker.h"

namespace vitrine::ui {

void ResidencyWatch::watch(const QList<ReplyId>& replies)
{
    m_watched = replies;
    m_watchedIds.clear();
    for (const ReplyId reply : replies)
        m_watchedIds.insert(reply.value);
    m_told.reset();
    m_stale = true;
}

void ResidencyWatch::ended(ReplyId reply, std::vector<engine::TokenId> path)
{
    if (reply.value == 0 || path.empty())
        return;
    const std::size_t tokens = path.size();
    if (!m_paths.try_emplace(reply.value, std::move(path)).second)
        return;
    m_order.push_back(reply.value);
    m_tokens += tokens;
    while (m_paths.size() > 1 && (m_paths.size() > kMostPaths || m_tokens > kMostTokens))
        drop();
    m_stale = true;
}

void ResidencyWatch::drop()
{
    auto oldest =
        std::ranges::find_if(m_order, [this](quint64 reply) { return !m_watchedIds.contains(reply); });
    if (oldest == m_order.end())
        oldest = m_order.begin();
    const auto path = m_paths.find(*oldest);
    m_tokens -= path->second.size();
    m_paths.erase(path);
    m_order.erase(oldest);
}

bool ResidencyWatch::mayDiffer(const engine::Engine& engine) const
{
    return m_stale || (!m_watched.isEmpty() && engine.residencyChanges() != m_seen);
}

std::optional<QList<ReplyResidency>> ResidencyWatch::look(const engine::Engine& engine,
                                                          const ReplyTracker& replies)
{
    m_stale = false;
    m_seen = engine.residencyChanges();
    QList<ReplyResidency> now;
    for (const ReplyId reply : std::as_const(m_watched)) {
        engine::KvResidency there;
        if (const auto path = m_paths.find(reply.value); path != m_paths.end())
            there = engine.residency(path->second);
        else if (const auto request = replies.requestOf(reply))
            there = engine.residency(*request);
        now.append({reply, there});
    }
    if (m_told == now)
        return std::nullopt;
    m_told = now;
    return now;
}

} // namespace vitrine::ui
