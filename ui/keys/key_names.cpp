// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/key_names.h"

namespace vitrine::ui {
namespace {

QString nameOf(Qt::Key key)
{
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return QStringLiteral("Enter");
    case Qt::Key_Up:
        return QStringLiteral("↑");
    case Qt::Key_Down:
        return QStringLiteral("↓");
    case Qt::Key_Left:
        return QStringLiteral("←");
    case Qt::Key_Right:
        return QStringLiteral("→");
    case Qt::Key_Minus:
        return QStringLiteral("−"); // as wide as the plus
    default:
        return QKeySequence(key).toString(QKeySequence::PortableText);
    }
}

/// Moves the focus or the cursor, or ends something.
bool moves(Qt::Key key)
{
    return (key >= Qt::Key_Escape && key <= Qt::Key_Delete) ||
           (key >= Qt::Key_Home && key <= Qt::Key_PageDown);
}

} // namespace

QStringList keycapsOf(const QKeySequence& keys)
{
    if (keys.isEmpty())
        return {};
    const Qt::KeyboardModifiers modifiers = keys[0].keyboardModifiers();
    QStringList caps;
    if (modifiers & Qt::ControlModifier)
        caps << QStringLiteral("Ctrl");
    if (modifiers & Qt::AltModifier)
        caps << QStringLiteral("Alt");
    if (modifiers & Qt::MetaModifier)
        caps << QStringLiteral("Meta");
    if (modifiers & Qt::ShiftModifier)
        caps << QStringLiteral("Shift");
    return caps << nameOf(keys[0].key());
}

QString keyText(const QKeySequence& keys)
{
    return keycapsOf(keys).join(QLatin1Char('+'));
}

bool isTyping(const QKeySequence& keys)
{
    if (keys.isEmpty() ||
        keys[0].keyboardModifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    const Qt::Key key = keys[0].key();
    return key < Qt::Key_Escape || moves(key);
}

bool isEditing(const QKeySequence& keys)
{
    using Key = QKeySequence;
    for (const auto standard :
         {Key::Copy, Key::Cut, Key::Paste, Key::Undo, Key::Redo, Key::SelectAll, Key::MoveToNextWord,
          Key::MoveToPreviousWord, Key::SelectNextWord, Key::SelectPreviousWord, Key::DeleteStartOfWord,
          Key::DeleteEndOfWord, Key::MoveToStartOfDocument, Key::MoveToEndOfDocument})
        if (Key::keyBindings(standard).contains(keys))
            return true;
    return false;
}

QKeySequence pressedKeys(int key, Qt::KeyboardModifiers modifiers)
{
    switch (key) {
    case 0:
    case Qt::Key_unknown:
    case Qt::Key_Control:
    case Qt::Key_Shift:
    case Qt::Key_Alt:
    case Qt::Key_AltGr:
    case Qt::Key_Meta:
    case Qt::Key_Super_L:
    case Qt::Key_Super_R:
    case Qt::Key_CapsLock:
    case Qt::Key_NumLock:
        return {};
    case Qt::Key_Backtab:
        key = Qt::Key_Tab;
        break;
    case Qt::Key_Enter: // of the keypad
        key = Qt::Key_Return;
        break;
    default:
        break;
    }
    return QKeySequence(QKeyCombination(modifiers & ~Qt::KeypadModifier, Qt::Key(key)));
}

bool suits(KeyPlace place, const QKeySequence& keys)
{
    if (!isTyping(keys))
        return true;
    const Qt::Key key = keys[0].key();
    switch (place) {
    case KeyPlace::Window:
        return false;
    case KeyPlace::Composer:
        return key == Qt::Key_Return || key == Qt::Key_Escape || key == Qt::Key_Up || key == Qt::Key_Down ||
               key == Qt::Key_PageUp || key == Qt::Key_PageDown;
    case KeyPlace::ChatList:
        return key == Qt::Key_Delete || key == Qt::Key_Backspace || key == Qt::Key_Insert;
    }
    return false;
}

bool meet(KeyPlace a, KeyPlace b)
{
    return a == b || a == KeyPlace::Window || b == KeyPlace::Window;
}

} // namespace vitrine::ui
