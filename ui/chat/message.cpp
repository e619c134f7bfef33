// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message.h"

#include "ui/chat/reply_details.h"

namespace vitrine::ui {

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
                    message.details};
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
    message.details = facts.details;
    message.tokensUnread = message.role == Role::Assistant;
    if (message.state == MessageState::CutOff || facts.details.contains(QLatin1String("left_out"))) {
        const ReplyDetails details = detailsFromJson(facts.details);
        message.contextFull = message.state == MessageState::CutOff && details.contextFull;
        message.leftOut = details.leftOut;
    }
    return message;
}

} // namespace vitrine::ui
