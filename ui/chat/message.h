// SPDX-License-Identifier: GPL-3.0-or-later
// One turn of a conversation, as a value.
#pragma once

#include <QString>

#include "engine/base/ids.h"
#include "ui/bridge/snapshots.h"
#include "ui/chat/attachment.h"
#include "ui/store/records.h"

namespace vitrine::ui {

using MessageId = engine::Id<struct MessageTag, qint64>;           ///< 0 is "none"
using ConversationId = engine::Id<struct ConversationTag, qint64>; ///< 0 is "none"

struct Message
{
    MessageId id;
    MessageId parent; ///< the turn it follows; none: it opens the conversation
    Role role = Role::User;
    MessageState state = MessageState::Complete;
    qint64 created = 0; ///< ms since the epoch
    QString text;
    QList<Attachment> attachments;

    // Replies only.
    ReplyId reply;       ///< of this run of the program, the last one; 0: read from the archive
    ReplyWait wait;      ///< while Queued
    bool paused = false; ///< its KV blocks serve other replies for the moment
    ReplyStart start;
    quint32 prefilled = 0; ///< prompt tokens in KV, while Reading
    quint32 earlier = 0;   ///< tokens that were there before it was continued
    ReplyFigures figures;  ///< of the whole reply
    QString error;
    QString model;                   ///< its name
    QString details;                 ///< JSON of ReplyDetails, read where it is shown
    bool contextFull = false;        ///< with CutOff: the context took no more
    quint32 leftOut = 0;             ///< earlier turns that its prompt did not have room for
    QList<qint32> tokens;            ///< while open: of this request
    QList<TokenDetail> tokenDetails; ///< where they were asked for, of the whole reply
    bool tokensUnread = false;       ///< what the file has of them was not read yet

    bool isOpen() const { return ui::isOpen(state); }
    /// Ended before the model had finished: it can go on.
    bool canContinue() const
    {
        return role == Role::Assistant && !text.isEmpty() &&
               (state == MessageState::Stopped || state == MessageState::CutOff ||
                state == MessageState::Interrupted || state == MessageState::Failed);
    }
};

/// What a reply is that ended like this.
MessageState stateAfter(engine::FinishReason reason);

MessageRecord recordOf(const Message& message, ConversationId conversation);
Message messageOf(const MessageRecord& record);

} // namespace vitrine::ui
