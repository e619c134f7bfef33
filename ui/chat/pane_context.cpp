// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/pane_context.h"

#include <algorithm>

#include <QLocale>

#include "ui/chat/context_gauge.h"
#include "ui/chat/note_row.h"
#include "ui/chat/token_estimate.h"

namespace vitrine::ui {

namespace {

constexpr quint32 kNearPart = 10; // less than a tenth is left

const Message* lastReply(const Conversation& conversation)
{
    const MessagePath path = conversation.messages();
    for (auto message = path.rbegin(); message != path.rend(); ++message) {
        if (message->role == Role::Assistant)
            return &*message;
    }
    return nullptr;
}

/// For a chat of which nothing was computed yet, an imported one. Looks no further than `limit`.
quint32 estimateOf(const Conversation& conversation, quint32 limit)
{
    constexpr qsizetype kLongestToken = 16;
    quint32 tokens = 0;
    for (const Message& message : conversation.messages()) {
        tokens += estimateTokens(QStringView(message.text).left(limit * kLongestToken)) + kTurnOverhead;
        if (tokens >= limit)
            return limit;
    }
    return rounded(tokens);
}

} // namespace

PaneContext::PaneContext(ChatSession& session, const Theme& theme, ContextGauge& gauge, NoteRow& note,
                         QObject* parent)
    : QObject(parent), m_session(session), m_theme(theme), m_gauge(gauge), m_note(note)
{
    connect(&gauge, &ContextGauge::clicked, this, &PaneContext::open);
    connect(&note, &NoteRow::dismissed, this, [this] { m_dismissed = m_current; });
}

void PaneContext::setConversation(Conversation* conversation)
{
    m_conversation = conversation;
    m_dismissed.clear();
    if (m_popover != nullptr)
        m_popover->close();
}

ContextUse PaneContext::use() const
{
    ContextUse use;
    use.total = m_session.contextLimit();
    if (m_conversation == nullptr || use.total == 0)
        return use;
    const Message* reply = lastReply(*m_conversation);
    use.used = m_conversation->contextUsed();
    if (use.used == 0 && m_conversation->isLoaded())
        use.used = estimateOf(*m_conversation, use.total);
    use.cached = reply != nullptr ? reply->start.cachedTokens : 0;
    use.leftOut = reply != nullptr ? reply->leftOut : 0;
    use.cutOff = reply != nullptr && reply->contextFull;
    use.reply = m_conversation->settings().sampling.maxTokens();
    use.whenFull = m_conversation->settings().whenFull;
    return use;
}

UnreadTurns PaneContext::unread() const
{
    const Message* reply = m_conversation != nullptr ? lastReply(*m_conversation) : nullptr;
    if (reply == nullptr || reply->leftOut == 0)
        return {};
    UnreadTurns unread{0, int(reply->leftOut)};
    if (m_conversation->settings().whenFull == WhenFull::KeepStartAndLatest) {
        const MessagePath path = m_conversation->messages();
        std::size_t second = 1;
        while (second < path.size() && path[second].role != Role::User)
            ++second;
        unread.first = int(second);
    }
    return unread;
}

void PaneContext::refresh()
{
    const ContextUse now = use();
    const bool shown = m_conversation != nullptr && !m_conversation->isEmpty();
    m_gauge.setTokens(now.used, shown ? now.total : 0, shown && m_conversation->contextUsed() == 0);
    if (m_popover != nullptr)
        m_popover->setUse(now);
    refreshNote(now);
}

void PaneContext::refreshNote(const ContextUse& use)
{
    QString note;
    QString action;
    const bool near = use.total > 0 && use.free() < use.total / kNearPart;
    if (use.leftOut > 0 && use.whenFull == WhenFull::KeepStartAndLatest)
        note = tr("%1 turns after the first are no longer read.").arg(QLocale().toString(use.leftOut));
    else if (use.leftOut > 0)
        note = tr("The %1 oldest turns are no longer read.").arg(QLocale().toString(use.leftOut));
    else if (use.cutOff && use.whenFull == WhenFull::Stop) {
        note = tr("The model's context is full: the reply was cut short.");
        action = tr("Leave out the oldest turns");
    } else if (near && use.whenFull == WhenFull::Stop) {
        note = tr("The model's context is nearly full: the next reply may be cut short.");
        action = tr("Leave out the oldest turns");
    }
    if (note == m_dismissed)
        note.clear();
    if (note == m_note.text())
        return;
    m_current = note;
    m_note.say(note, action, [this] { choose(WhenFull::LeaveOutOldest); });
}

void PaneContext::choose(WhenFull choice)
{
    if (m_conversation == nullptr)
        return;
    ConversationSettings settings = m_conversation->settings();
    settings.whenFull = choice;
    m_conversation->setSettings(settings);
    refresh();
}

void PaneContext::open()
{
    auto* popover = new ContextPopover(m_theme, m_gauge.window());
    popover->setAttribute(Qt::WA_DeleteOnClose);
    connect(popover, &ContextPopover::whenFullChosen, this, &PaneContext::choose);
    m_popover = popover;
    popover->setUse(use());
    popover->openBelow(m_gauge);
}

} // namespace vitrine::ui
