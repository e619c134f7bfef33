// SPDX-License-Identifier: GPL-3.0-or-later
// Something in a message that can be activated, by mouse or keyboard. A value.
#pragma once

#include <QRectF>
#include <QString>

#include "ui/chat/message_actions.h"

namespace vitrine::ui {

struct ItemSpot
{
    enum class Kind { CopyCode, Link, Thought, Action, Attachment };
    Kind kind = Kind::Link;
    QRectF rect;
    QString target; ///< of a link: where to; of CopyCode: the text; of an attachment: its name
    MessageAction action = MessageAction::Copy;
    int thought = 0;    ///< which section of thinking
    int attachment = 0; ///< which of the message
};

} // namespace vitrine::ui
