// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/long_reply_notifier.h"

#include <algorithm>

#include <QLocale>

namespace vitrine::ui {
namespace {

/// On any of its branches: a reply may end where nobody is.
const Conversation* conversationOf(const ConversationStore& store, ReplyId reply)
{
    for (const Conversation* conversation : store.byRecency())
        if (std::ranges::any_of(conversation->tree().all(),
                                [reply](const Message* message) { return message->reply == reply; }))
            return conversation;
    return nullptr;
}

} // namespace

LongReplyNotifier::LongReplyNotifier(const ConversationStore& store, Surroundings surroundings,
                                     QObject* parent)
    : QObject(parent), m_store(store), m_surroundings(std::move(surroundings))
{}

void LongReplyNotifier::seen(ReplyId reply)
{
    if (!m_began.contains(reply.value))
        m_began.insert(reply.value, m_surroundings.now());
}

void LongReplyNotifier::ended(ReplyId reply, const ReplyEnd& end)
{
    const double now = m_surroundings.now();
    const double seconds = now - m_began.value(reply.value, now);
    m_began.remove(reply.value);
    if (seconds <= kLong || end.reason == engine::FinishReason::Cancelled || m_surroundings.isWatched() ||
        !m_surroundings.isWanted())
        return;
    if (const Conversation* conversation = conversationOf(m_store, reply))
        m_surroundings.send(noteOf(*conversation, end, seconds));
}

LongReplyNote LongReplyNotifier::noteOf(const Conversation& conversation, const ReplyEnd& end,
                                        double seconds) const
{
    const QString time = QLocale().toString(qRound64(seconds));
    const bool failed = end.reason == engine::FinishReason::Error;
    return {conversation.id(), conversation.displayTitle(),
            failed ? tr("The reply failed after %1 s. %2").arg(time, end.error)
                   : tr("The reply is complete after %1 s.").arg(time)};
}

} // namespace vitrine::ui
