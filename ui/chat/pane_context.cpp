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
constexpr int kCountAfterMs = 250;

const Message* lastReply(const Conversation& conversation)
{
    const MessagePath path = conversation.messages();
    for (auto message = path.rbegin(); message != path.rend(); ++message) {
        if (message->role == Role::Assistant)
            return &*message;
    }
    return nullptr;
}

/// Until the exact number is there. Looks no further than `limit`.
quint32 estimateOf(const Conversation& conversation, quint32 limit)
{
    constexpr qsizetype kLongestToken = 16;
    quint32 tokens = 0;
    for (const Message& message : conversation.messages()) {
        tokens += estimateTokens(QStringView(message.text).left(limit * kLongestToken)) + kTurnOverhead;
        if (tokens >= limit)
            return limit;
    }
    tokens += estimateTokens(QStringView(conversation.draft()).left(limit * kLongestToken));
    for (const Attachment& each : conversation.draftAttachments())
        tokens += estimateTokens(QStringView(each.text).left(limit * kLongestToken));
    return rounded(std::min(tokens, limit));
}

} // namespace

PaneContext::PaneContext(ChatSession& session, const Theme& theme, ContextGauge& gauge, NoteRow& note,
                         QObject* parent)
    : QObject(parent), m_session(session), m_theme(theme), m_gauge(gauge), m_note(note)
{
    connect(&gauge, &ContextGauge::clicked, this, &PaneContext::open);
    connect(&note, &NoteRow::dismissed, this, [this] { m_dismissed = m_current; });
    m_soon.setSingleShot(true);
    m_soon.setInterval(kCountAfterMs);
    connect(&m_soon, &QTimer::timeout, this, &PaneContext::count);
    connect(&session.bridge(), &EngineBridge::tokensCounted, this, &PaneContext::take);
}

void PaneContext::setConversation(Conversation* conversation)
{
    if (m_conversation != nullptr)
        m_conversation->disconnect(this);
    m_conversation = conversation;
    if (conversation != nullptr)
        connect(conversation, &Conversation::draftChanged, this, &PaneContext::refresh);
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
    use.used = usedTokens();
    use.cached = reply != nullptr ? reply->start.cachedTokens : 0;
    use.leftOut = reply != nullptr ? reply->leftOut : 0;
    use.cutOff = reply != nullptr && reply->contextFull;
    use.reply = m_conversation->settings().sampling.maxTokens();
    use.whenFull = m_conversation->settings().whenFull;
    return use;
}

/// The engine said so: while a reply is written, and after it until something is typed. Else 0.
quint32 PaneContext::told() const
{
    if (m_conversation->openReply() != nullptr || !m_conversation->isLoaded())
        return m_conversation->contextUsed();
    const MessagePath path = m_conversation->messages();
    if (path.empty() || !m_conversation->draft().isEmpty() || !m_conversation->draftAttachments().isEmpty())
        return 0;
    const Message& last = path.back();
    const auto& model = m_session.bridge().model();
    const bool same = model && last.model == QString::fromStdString(model->name); // else it has other tokens
    return last.start.promptTokens == 0 || !same
               ? 0
               : last.start.promptTokens - last.earlier + last.figures.tokens;
}

bool PaneContext::isExact() const
{
    return told() > 0 || (m_exact > 0 && m_counted == wanted());
}

quint32 PaneContext::usedTokens() const
{
    if (const quint32 tokens = told(); tokens > 0)
        return tokens;
    if (!m_conversation->isLoaded())
        return 0;
    return isExact() ? m_exact : estimateOf(*m_conversation, m_session.contextLimit());
}

PaneContext::Counted PaneContext::wanted() const
{
    const auto& model = m_session.bridge().model();
    return {m_conversation->tree().leaf(),
            m_conversation->tree().size(),
            m_conversation->settings(),
            m_conversation->draft(),
            m_conversation->draftAttachments(),
            model ? model->path : std::string(),
            m_session.contextLimit()};
}

void PaneContext::countSoon()
{
    const bool possible = m_conversation != nullptr && m_conversation->isLoaded() &&
                          !m_conversation->isEmpty() && m_session.bridge().model().has_value();
    if (!possible || isExact() || (m_counting != 0 && m_asked == wanted()))
        m_soon.stop();
    else
        m_soon.start();
}

void PaneContext::count()
{
    if (m_conversation == nullptr || !m_conversation->isLoaded() || !m_session.bridge().model().has_value())
        return;
    m_asked = wanted();
    m_counting = m_session.bridge().countTokens(m_session.promptWithDraft(*m_conversation));
}

void PaneContext::take(quint64 id, const TokenCount& count)
{
    if (id != m_counting)
        return;
    m_counting = 0;
    if (!count.known || m_conversation == nullptr)
        return; // a model that cannot read these messages: the estimate stays
    m_counted = m_asked;
    m_exact = count.tokens;
    refresh();
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
    m_gauge.setTokens(now.used, shown ? now.total : 0, shown && now.total > 0 && !isExact());
    countSoon();
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
