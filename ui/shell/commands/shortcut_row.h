// SPDX-License-Identifier: GPL-3.0-or-later
// One command of the shortcut sheet and its keys. Pressed, it waits for new ones; what speaks against them is
// said below it. Thread: UI.
//
// While it waits every key but Esc (keeps the old ones) and Backspace (no keys) is the answer, also those
// that are shortcuts of the window.
#pragma once

#include <QAbstractButton>

#include "ui/shell/commands/command_set.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;

namespace vitrine::ui {

/// The line itself.
class ShortcutButton : public QAbstractButton
{
    Q_OBJECT

public:
    explicit ShortcutButton(const Theme& theme, QWidget* parent = nullptr);

    void setKeys(const QKeySequence& keys);
    void setWaiting(bool waiting);
    bool isWaiting() const { return m_waiting; }
    QSize sizeHint() const override;

signals:
    void keysPressed(const QKeySequence& keys); ///< empty: none any more
    void gaveUp();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QKeySequence m_keys;
    bool m_waiting = false;
};

class ShortcutRow : public QWidget
{
    Q_OBJECT

public:
    /// Both outlive it. REQUIRES: the command is one of the set.
    ShortcutRow(CommandSet& commands, const Command& command, const Theme& theme, QWidget* parent = nullptr);

    const QString& id() const { return m_id; }
    QString title() const;
    QKeySequence keys() const { return m_commands.keyOf(m_id); }
    ShortcutButton& button() const { return *m_button; }
    QPushButton& takeOver() const { return *m_takeOver; }
    /// What is said below it, empty when nothing is.
    QString note() const;
    bool meansQuery(const QString& query) const;

signals:
    void waitingChanged(bool waiting);

private:
    void buildNote(const Theme& theme);
    void setWaiting(bool waiting);
    void take(const QKeySequence& keys);
    void refresh();

    CommandSet& m_commands;
    QString m_id;
    QKeySequence m_offered; // and taken by another command
    ShortcutButton* m_button = nullptr;
    QWidget* m_noteBox = nullptr;
    QLabel* m_note = nullptr;
    QPushButton* m_takeOver = nullptr;
};

} // namespace vitrine::ui
