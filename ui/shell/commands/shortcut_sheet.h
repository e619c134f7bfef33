// SPDX-License-Identifier: GPL-3.0-or-later
// All commands and their keys at the right of the window, to be read, searched and changed. Thread: UI.
#pragma once

#include <vector>

#include "ui/shell/overlay/overlay.h"

class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QToolButton;

namespace vitrine::ui {

class CommandSet;
class ShortcutRow;

class ShortcutSheet : public Overlay
{
    Q_OBJECT

public:
    static constexpr int kWidth = 420;

    /// All outlive it. `ownCommand` opens and closes the sheet: its keys are shown and never filtered by.
    ShortcutSheet(const Theme& theme, CommandSet& commands, const QString& ownCommand, QWidget& window);

    QLineEdit& filter() const { return *m_filter; }
    QPushButton& restore() const { return *m_restore; }
    ShortcutRow* row(const QString& id) const;
    /// Ids of the rows the filter leaves, in order.
    QStringList shownIds() const;

protected:
    QRect panelIn(const QRect& room) const override;
    QWidget* firstFocus() const override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Group
    {
        QLabel* heading;
        std::vector<ShortcutRow*> rows;
    };

    void build();
    QWidget* makeHeader();
    QWidget* makeFilter();
    QWidget* makeRows();
    QWidget* makeFooter();
    void applyFilter();
    bool takesAsFilter(const QKeySequence& keys) const;
    void refresh();

    CommandSet& m_commands;
    QString m_own;
    std::vector<Group> m_groups;
    QFrame* m_frame = nullptr;
    QWidget* m_header = nullptr;
    QLineEdit* m_filter = nullptr;
    QScrollArea* m_scroll = nullptr;
    QLabel* m_nothing = nullptr;
    QLabel* m_hint = nullptr;
    QPushButton* m_restore = nullptr;
};

} // namespace vitrine::ui
