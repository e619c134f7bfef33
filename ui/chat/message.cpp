// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message.h"

#include <algorithm>

#include <QJsonDocument>
#include <QJsonObject>

namespace vitrine::ui {

namespace {

constexpr QLatin1String kLeftOutKey("turns_left_out");
constexpr QLatin1String kContextFullKey("context_full");

/// Kept beside what the details say otherwise.
QString detailsOf(const Message& message)
{
    if (message.leftOut == 0 && !message.contextFull)
        return message.details;
    QJsonObject object = QJsonDocument::fromJson(message.details.toUtf8()).object();
    if (message.leftOut > 0)
        object[kLeftOutKey] = qint64(message.leftOut);
    if (message.contextFull)
        object[kContextFullKey] = true;
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

void takeDetails(Message& message, const QString& details)
{
    message.details = details;
    if (details.isEmpty())
        return;
    const QJsonObject object = QJsonDocument::fromJson(details.toUtf8()).object();
    message.leftOut = quint32(std::max<qint64>(0, object[kLeftOutKey].toInteger()));
    message.contextFull = object[kContextFullKey].toBool();
}

} // namespace

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

MessageRecord recordOf(const Message& message, ConversationId conversation)
{
    MessageRecord record;
    record.id = message.id.value;
    record.conversation = conversation.value;
    record.parent = message.parent.value;
    record.role = message.role;
    record.state = message.state;
    record.created = message.created;
    record.text = message.text;
    record.error = message.error;
    record.attachments = attachmentsToJson(message.attachments);
    record.facts = {message.model,
                    message.start.promptTokens,
                    message.start.cachedTokens,
                    message.figures.tokens,
                    message.figures.tokensPerSecond,
                    message.figures.secondsToFirst,
                    message.start.queueSeconds,
                    detailsOf(message)};
    return record;
}

Message messageOf(const MessageRecord& record)
{
    Message message;
    message.id = MessageId{record.id};
    message.parent = MessageId{record.parent};
    message.role = record.role;
    message.state = record.state;
    message.created = record.created;
    message.text = record.text;
    message.error = record.error;
    message.attachments = attachmentsFromJson(record.attachments);
    const ReplyFacts& facts = record.facts;
    message.model = facts.model;
    message.start.promptTokens = facts.promptTokens;
    message.start.cachedTokens = facts.cachedTokens;
    message.start.queueSeconds = facts.queueSeconds;
    message.figures = {facts.replyTokens, facts.tokensPerSecond, facts.secondsToFirst};
    takeDetails(message, facts.details);
    return message;
}

} // namespace vitrine::ui
