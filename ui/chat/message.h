// SPDX-License-Identifier: GPL-3.0-or-later
// One turn of a conversation, as a value.
#pragma once

#include <QString>

#include "ui/bridge/snapshots.h"

namespace vitrine::ui {

enum class Role { User, Assistant };

enum class MessageState {
    Complete,  ///< ended by itself, or written by the user
    Queued,    ///< asked for, not admitted yet
    Reading,   ///< the prompt is being processed
    Streaming, ///< text is coming
    Stopped,   ///< the user stopped it; the text stays
    CutOff,    ///< the length limit ended it
    Failed,    ///< `error` says why and what can be done
};

struct Message
{
    Role role = Role::User;
    MessageState state = MessageState::Complete;
    QString text;

    // Replies only.
    ReplyId reply;
    ReplyWait wait;      ///< while Queued
    bool paused = false; ///< its KV blocks serve other replies for the moment
    ReplyStart start;
    quint32 prefilled = 0; ///< prompt tokens in KV, while Reading
    ReplyFigures figures;
    QString error;

    bool isOpen() const
    {
        return state == MessageState::Queued || state == MessageState::Reading ||
               state == MessageState::Streaming;
    }
};

} // namespace vitrine::ui
