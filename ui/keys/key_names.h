// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as a person reads them, and what may be done with them where. Pure; thread: UI.
#pragma once

#include <QKeySequence>
#include <QString>
#include <QStringList>

namespace vitrine::ui {

/// Where keys work: anywhere in the window, or while a part of it has the focus.
enum class KeyPlace { Window, Composer, ChatList };

/// "Ctrl", "Shift", "N" of the first step of a sequence.
QStringList keycapsOf(const QKeySequence& keys);
/// "Ctrl+Shift+N", for tooltips and screen readers.
QString keyText(const QKeySequence& keys);
/// Whether the keys write something: a letter, a figure or a sign, with Shift at most, or move the focus.
bool isTyping(const QKeySequence& keys);
/// Whether text fields use the keys before any shortcut sees them.
bool isEditing(const QKeySequence& keys);
/// What was pressed, empty while only modifiers are down. The keypad's Enter is Enter.
QKeySequence pressedKeys(int key, Qt::KeyboardModifiers modifiers);

/// Whether a command may have the keys there although they write or move something elsewhere: Enter in the
/// composer, Delete in the list of chats.
bool suits(KeyPlace place, const QKeySequence& keys);
/// Whether keys of the one are also seen in the other.
bool meet(KeyPlace a, KeyPlace b);

} // namespace vitrine::ui
