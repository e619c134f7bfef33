// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation.h"

#include "engine/base/check.h"

namespace vitrine::ui {

namespace {

constexpr qsizetype kTitleLength = 48;
constexpr qsizetype kTitleSource = 400; // the rest of a long paste cannot matter

MessageState stateAfter(engine::FinishReason reason)
{
    switch (reason) {
    case engine::FinishReason::Length:
        return MessageState::CutOff;
    case engine::FinishReason::Cancelled:
        return MessageState::Stopped;
    case engine::FinishReason::Error:
        return MessageState::Failed;
    case engine::FinishReason::None:
    case engine::FinishReason::Stop:
        break;
    }
    return MessageState::Complete;
}

} // namespace

QString titleFromText(const QString& text)
{
    const QString line = text.left(kTitleSource).simplified();
    if (line.size() <= kTitleLength)
        return line;
    const qsizetype space = line.lastIndexOf(' ', kTitleLength - 1);
    QString title = line.left(space > kTitleLength / 2 ? space : kTitleLength - 1);
    if (title.back().isHighSurrogate())
        title.chop(1);
    return title + QChar(0x2026);
}

Conversation::Conversation(ConversationId id, std::size_t number, QObject* parent)
    : QObject(parent), m_id(id), m_number(number), m_lastActivity(QDateTime::currentDateTime())
{}

void Conversation::setTitle(const QString& title)
{
    if (title == m_title)
        return;
    m_title = title;
    emit changed();
}

QString Conversation::displayTitle() const
{
    return m_title.isEmpty() ? tr("New chat") : m_title;
}

const Message* Conversation::openReply() const
{
    return !m_messages.empty() && m_messages.back().isOpen() ? &m_messages.back() : nullptr;
}

void Conversation::setLastActivity(const QDateTime& when)
{
    m_lastActivity = when;
    emit changed();
}

void Conversation::setPreset(SamplingPreset preset)
{
    if (preset == m_preset)
        return;
    m_preset = preset;
    emit changed();
}

void Conversation::addUserMessage(const QString& text)
{
    VT_CHECK(openReply() == nullptr);
    Message message;
    message.text = text;
    m_messages.push_back(std::move(message));
    if (m_title.isEmpty())
        m_title = titleFromText(text);
    m_lastActivity = QDateTime::currentDateTime();
    emit messageAdded(int(m_messages.size()) - 1);
    emit changed();
}

void Conversation::openReply(ReplyId reply)
{
    VT_CHECK(openReply() == nullptr);
    Message message;
    message.role = Role::Assistant;
    message.state = MessageState::Queued;
    message.reply = reply;
    m_messages.push_back(std::move(message));
    emit messageAdded(int(m_messages.size()) - 1);
    emit progressed();
}

void Conversation::replyWaits(const ReplyWait& wait)
{
    if (last().state != MessageState::Queued)
        return; // preempted: it has begun already
    last().wait = wait;
    emit messageChanged(int(m_messages.size()) - 1);
}

void Conversation::replyPaused(bool paused)
{
    last().paused = paused;
    emit messageChanged(int(m_messages.size()) - 1);
}

void Conversation::replyStarted(const ReplyStart& start)
{
    last().start = start;
    last().prefilled = start.cachedTokens;
    last().state = MessageState::Reading;
    m_contextUsed = start.promptTokens;
    emit messageChanged(int(m_messages.size()) - 1);
    emit progressed();
}

void Conversation::replyPrefilled(quint32 computed)
{
    last().prefilled = computed;
    emit messageChanged(int(m_messages.size()) - 1);
}

void Conversation::appendReplyText(const QString& delta, const ReplyFigures& figures)
{
    Message& message = last();
    message.state = MessageState::Streaming;
    message.figures = figures;
    message.text += delta;
    m_contextUsed = message.start.promptTokens + figures.tokens;
    const int index = int(m_messages.size()) - 1;
    if (!delta.isEmpty())
        emit textAppended(index, delta);
    emit messageChanged(index);
    emit progressed();
}

void Conversation::endReply(const ReplyEnd& end)
{
    Message& message = last();
    message.state = stateAfter(end.reason);
    message.paused = false;
    message.error = end.error;
    if (end.reason != engine::FinishReason::Error && end.stats.replyTokens > 0) {
        message.figures.tokens = end.stats.replyTokens;
        message.figures.tokensPerSecond = end.stats.tokensPerSecond();
        message.figures.secondsToFirst = end.stats.timeToFirstToken();
    }
    m_lastActivity = QDateTime::currentDateTime();
    emit messageChanged(int(m_messages.size()) - 1);
    emit progressed();
    emit changed();
}

Message& Conversation::last()
{
    VT_CHECK(openReply() != nullptr);
    return m_messages.back();
}

} // namespace vitrine::ui
