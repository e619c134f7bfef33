// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/commands/send_keys.h"

#include "ui/keys/input_keys.h"
#include "ui/shell/commands/command_set.h"

namespace vitrine::ui {
namespace {

const QString kSend = QStringLiteral("input.send");

} // namespace

SendWith sendsWith(const KeyBook& keys)
{
    const QKeySequence first = keys.keyOf(kSend);
    if (first == QKeySequence(Qt::Key_Return))
        return SendWith::Enter;
    return first == QKeySequence(Qt::CTRL | Qt::Key_Return) ? SendWith::CtrlEnter : SendWith::Other;
}

void sendWith(CommandSet& commands, SendWith choice)
{
    if (choice == SendWith::Other || choice == sendsWith(commands))
        return;
    const QKeySequence ctrlEnter(Qt::CTRL | Qt::Key_Return);
    commands.choose(kSend, choice == SendWith::Enter ? ComposerKeys().send : KeyList{ctrlEnter});
}

} // namespace vitrine::ui
