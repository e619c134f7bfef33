// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/reply_tracker.h"

#include <algorithm>

#include "engine/base/clock.h"
#include "ui/bridge/engine_text.h"

namespace vitrine::ui {

namespace {

constexpr std::size_t kRemembered = 512; // replies that ended

} // namespace

ReplyFigures ReplyTracker::Running::figures() const
{
    ReplyFigures figures;
    figures.tokens = tokens;
    if (firstTokenNs > 0)
        figures.secondsToFirst = double(firstTokenNs - openedNs) * 1e-9;
    if (tokens > 1 && lastTokenNs > firstTokenNs)
        figures.tokensPerSecond = (tokens - 1) / (double(lastTokenNs - firstTokenNs) * 1e-9);
    return figures;
}

void ReplyTracker::opened(ReplyId reply, engine::RequestId request, const engine::SamplingParams& sampling)
{
    Running running;
    running.reply = reply;
    running.sampling = sampling;
    running.openedNs = engine::nowNs();
    m_running.emplace(request, running);
    updateOf(reply).request = request;
}

void ReplyTracker::refused(ReplyId reply, const QString& error)
{
    ReplyEnd end;
    end.reason = engine::FinishReason::Error;
    end.error = error;
    updateOf(reply).ended = end;
}

void ReplyTracker::handle(const engine::EngineEvent& event)
{
    std::visit(
        [this](const auto& known) {
            const auto found = m_running.find(known.request);
            if (found != m_running.end())
                apply(known, found->second);
        },
        event);
}

void ReplyTracker::failAll(const QString& error)
{
    for (const auto& [request, running] : m_running)
        refused(running.reply, error);
    m_running.clear();
}

std::optional<engine::RequestId> ReplyTracker::requestOf(ReplyId reply) const
{
    const auto found =
        std::ranges::find_if(m_running, [reply](const auto& entry) { return entry.second.reply == reply; });
    return found == m_running.end() ? std::nullopt : std::optional(found->first);
}

void ReplyTracker::apply(const engine::RequestWaiting& event, Running& running)
{
    updateOf(running.reply).waiting = ReplyWait{event.position, event.seconds};
}

void ReplyTracker::apply(const engine::RequestPreempted&, Running& running)
{
    updateOf(running.reply).paused = true;
}

void ReplyTracker::apply(const engine::RequestResumed&, Running& running)
{
    updateOf(running.reply).paused = false;
}

void ReplyTracker::apply(const engine::RequestStarted& event, Running& running)
{
    ReplyStart start;
    start.request = event.request;
    start.promptTokens = event.promptTokens;
    start.cachedTokens = event.cachedTokens;
    start.queueSeconds = double(event.queueNs) * 1e-9;
    updateOf(running.reply).started = start;
}

void ReplyTracker::apply(const engine::PrefillProgress& event, Running& running)
{
    ReplyUpdate& update = updateOf(running.reply);
    update.prefilled = event.computed;
    update.promptTokens = event.promptTokens;
}

void ReplyTracker::apply(const engine::TokenGenerated& event, Running& running)
{
    running.lastTokenNs = engine::nowNs();
    if (running.tokens++ == 0)
        running.firstTokenNs = running.lastTokenNs;
    ReplyUpdate& update = updateOf(running.reply);
    update.text += QString::fromUtf8(event.text.data(), qsizetype(event.text.size()));
    update.tokens.append(event.token.id);
    if (m_model != nullptr && !event.token.top.empty())
        update.details.append(tokenDetail(m_model->tokenizer(), event, running.sampling));
    update.figures = running.figures();
}

void ReplyTracker::apply(const engine::RequestFinished& event, Running& running)
{
    ReplyUpdate& update = updateOf(running.reply);
    update.text += QString::fromUtf8(event.text.data(), qsizetype(event.text.size()));
    update.figures = running.figures();
    ReplyEnd end;
    end.reason = event.reason;
    end.error = EngineText::translated(event.error);
    end.stats = event.stats;
    end.neighbours = neighbours(event.stats.latency);
    update.ended = end;
    m_ended.emplace_back(event.request, running.reply);
    if (m_ended.size() > kRemembered)
        m_ended.pop_front();
    m_running.erase(event.request);
}

ReplyId ReplyTracker::replyOf(engine::RequestId request) const
{
    if (const auto running = m_running.find(request); running != m_running.end())
        return running->second.reply;
    const auto ended = std::find_if(m_ended.rbegin(), m_ended.rend(),
                                    [request](const auto& entry) { return entry.first == request; });
    return ended == m_ended.rend() ? ReplyId{} : ended->second;
}

QList<ReplyNeighbour> ReplyTracker::neighbours(const engine::LatencyBreakdown& latency) const
{
    QList<ReplyNeighbour> replies;
    for (const engine::LatencyBreakdown::Neighbour& neighbour : latency.neighbours)
        if (const ReplyId reply = replyOf(neighbour.request); reply.value != 0)
            replies.append({reply, neighbour.sharedSteps, double(neighbour.addedNs) * 1e-9});
    return replies;
}

ReplyUpdate& ReplyTracker::updateOf(ReplyId reply)
{
    const auto found = std::ranges::find(m_updates, reply, &ReplyUpdate::reply);
    if (found != m_updates.end())
        return *found;
    ReplyUpdate update;
    update.reply = reply;
    return m_updates.emplace_back(std::move(update));
}

} // namespace vitrine::ui
