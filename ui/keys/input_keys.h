// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that belong to a part of the window while it has the focus, as they come and as a person chose them.
// Thread: UI.
#pragma once

#include "ui/keys/key_book.h"

namespace vitrine::ui {

using KeyList = QList<QKeySequence>;

/// Of the field where a message is written. Enter that none of them has breaks the line.
struct ComposerKeys
{
    KeyList send{QKeySequence(Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Return)};
    KeyList newLine{QKeySequence(Qt::SHIFT | Qt::Key_Return)};
    KeyList stop{QKeySequence(Qt::Key_Escape)};
    KeyList recall{QKeySequence(Qt::Key_Up)}; ///< in the empty field

    static ComposerKeys of(const KeyBook& book)
    {
        return {book.keysOf(QStringLiteral("input.send")), book.keysOf(QStringLiteral("input.newLine")),
                book.keysOf(QStringLiteral("input.stop")), book.keysOf(QStringLiteral("input.recall"))};
    }
};

/// Of the sidebar's list of chats.
struct ChatListKeys
{
    KeyList rename{QKeySequence(Qt::Key_F2)};
    KeyList remove{QKeySequence(Qt::Key_Delete)};

    static ChatListKeys of(const KeyBook& book)
    {
        return {book.keysOf(QStringLiteral("chats.rename")), book.keysOf(QStringLiteral("chats.remove"))};
    }
};

} // namespace vitrine::ui
