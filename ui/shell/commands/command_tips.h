// SPDX-License-Identifier: GPL-3.0-or-later
// Tooltips that name the keys a command has now. A widget that does what a command does says which:
// setProperty("command", "chat.new"); its own tooltip carries no keys. Thread: UI.
#pragma once

#include <QObject>

namespace vitrine::ui {

class CommandSet;

class CommandTips : public QObject
{
    Q_OBJECT

public:
    /// Watches the application's tooltips from now on. The commands outlive it.
    explicit CommandTips(const CommandSet& commands, QObject* parent = nullptr);

    /// The widget's tooltip with the keys, "New chat (Ctrl+N)".
    QString tipOf(const QWidget& widget) const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    const CommandSet& m_commands;
};

} // namespace vitrine::ui
