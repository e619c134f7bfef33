// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Conversation that follows replies while they are written.
#include <utility>

#include "ui/chat/conversation.h"

namespace vitrine::ui {

namespace {

constexpr qsizetype kMostRecalled = 200; // replies whose tokens stay in memory after they were read

} // namespace

void Conversation::setResidency(const engine::KvResidency& residency)
{
    if (residency == m_residency)
        return;
    m_residency = residency;
    emit residencyChanged();
}

ReplyId Conversation::lastReply() const
{
    const MessagePath path = messages();
    for (auto message = path.rbegin(); message != path.rend(); ++message) {
        if (message->role == Role::Assistant)
            return message->reply;
    }
    return {};
}

void Conversation::wantTokens(MessageId id)
{
    const Message* message = m_tree.find(id);
    if (message == nullptr || !message->tokensUnread || m_wanted.contains(id.value))
        return;
    m_wanted.insert(id.value);
    emit tokensWanted(id);
}

void Conversation::recallTokens(MessageId id, const QList<TokenDetail>& details)
{
    m_wanted.remove(id.value);
    Message* message = m_tree.find(id);
    if (message == nullptr || !message->tokensUnread)
        return;
    if (const auto before = m_before.find(id.value); before != m_before.end()) {
        before->tokensUnread = false;
        before->tokenDetails = details;
    }
    message->tokensUnread = false;
    message->tokenDetails = details + message->tokenDetails; // it may be going on by now
    if (!details.isEmpty())
        m_recalled.append(id);
    if (m_recalled.size() > kMostRecalled) { // they can be read again
        Message* oldest = m_tree.find(m_recalled.takeFirst());
        if (oldest != nullptr && !oldest->isOpen()) {
            oldest->tokenDetails.clear();
            oldest->tokensUnread = true;
        }
    }
    if (const int index = m_tree.indexOf(id); index >= 0)
        emit messageChanged(index);
    emit tokensRecalled(id);
}

void Conversation::setLeftOut(MessageId id, quint32 turns)
{
    Message* message = m_tree.find(id);
    if (message != nullptr && message->leftOut != turns) {
        message->leftOut = turns;
        tell(*message);
    }
}

void Conversation::setThought(MessageId id, double seconds, quint32 tokens)
{
    Message* message = m_tree.find(id);
    if (message == nullptr)
        return;
    ReplyDetails details = detailsFromJson(message->details);
    if (details.hasThought())
        return;
    details.thoughtSeconds = seconds;
    details.thoughtTokens = tokens;
    message->details = detailsToJson(details);
    emit messageTouched(id);
}

void Conversation::replyWaits(ReplyId reply, const ReplyWait& wait)
{
    Message* message = open(reply);
    if (message == nullptr || message->state != MessageState::Queued)
        return; // preempted: it has begun already
    message->wait = wait;
    tell(*message);
    emit progressed();
}

void Conversation::replyPaused(ReplyId reply, bool paused)
{
    if (Message* message = open(reply)) {
        message->paused = paused;
        tell(*message);
    }
}

void Conversation::replyStarted(ReplyId reply, const ReplyStart& start)
{
    Message* message = open(reply);
    if (message == nullptr)
        return;
    message->start = start;
    message->prefilled = start.cachedTokens;
    message->state = MessageState::Reading;
    if (m_tree.indexOf(message->id) >= 0)
        m_contextUsed = start.promptTokens;
    tell(*message);
    emit progressed();
}

void Conversation::replyPrefilled(ReplyId reply, quint32 computed)
{
    if (Message* message = open(reply)) {
        message->prefilled = computed;
        tell(*message);
    }
}

void Conversation::appendReplyText(ReplyId reply, const QString& delta, const ReplyFigures& figures)
{
    Message* message = open(reply);
    if (message == nullptr)
        return;
    message->state = MessageState::Streaming;
    message->figures = figures;
    message->figures.tokens += message->earlier;
    message->text += delta;
    const int index = m_tree.indexOf(message->id);
    if (index >= 0)
        m_contextUsed = message->start.promptTokens + figures.tokens;
    if (index >= 0 && !delta.isEmpty())
        emit textAppended(index, delta);
    tell(*message);
    emit progressed();
}

void Conversation::appendReplyTokens(ReplyId reply, const QList<qint32>& tokens,
                                     const QList<TokenDetail>& details)
{
    Message* message = open(reply);
    if (message == nullptr)
        return;
    message->tokens += tokens;
    message->tokenDetails += details;
    if (!details.isEmpty())
        tell(*message);
}

void Conversation::endReply(ReplyId reply, const ReplyEnd& end, ReplyDetails details)
{
    Message* message = open(reply);
    if (message == nullptr)
        return;
    m_replies.remove(reply.value);
    m_before.remove(message->id.value);
    message->state = stateAfter(end.reason);
    message->contextFull = details.contextFull;
    message->paused = false;
    message->error = end.error;
    if (end.reason != engine::FinishReason::Error && end.stats.replyTokens > 0) {
        message->figures.tokens = message->earlier + end.stats.replyTokens;
        message->figures.tokensPerSecond = end.stats.tokensPerSecond();
        message->figures.secondsToFirst = end.stats.timeToFirstToken();
    }
    details.leftOut = message->leftOut;
    details.tokens = std::exchange(message->tokens, {});
    ReplyDetails whole = detailsFromJson(message->details);
    whole.add(details);
    message->details = detailsToJson(whole);
    m_lastActivity = QDateTime::currentDateTime();
    tell(*message);
    emit progressed();
    emit changed();
}

} // namespace vitrine::ui
