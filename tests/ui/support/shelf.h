// SPDX-License-Identifier: GPL-3.0-or-later
// A sidebar in a window of its own, over conversations in memory, for tests of it.
#pragma once

#include <memory>

#include <QApplication>
#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QTest>

#include "ui/shell/conversation_view.h"
#include "ui/shell/search_field.h"
#include "ui/shell/sidebar.h"

namespace vitrine::ui {

struct Shelf
{
    explicit Shelf(const Theme& theme) : list(store), sidebar(list, theme)
    {
        list.setToday(today);
        sidebar.resize(Sidebar::kWidth, 700);
        sidebar.show();
        sidebar.activateWindow();
        active = QTest::qWaitForWindowActive(&sidebar);
    }

    ConversationId add(const QString& title, int daysAgo = 0)
    {
        Conversation& conversation = store.create();
        conversation.addUserMessage(title);
        conversation.setLastActivity(
            QDateTime(today.addDays(-daysAgo), QTime(12, 0).addSecs(-60 * ++minutes)));
        return conversation.id();
    }
    Conversation& operator[](ConversationId id) const { return *store.find(id); }
    QWidget* viewport() const { return sidebar.list().viewport(); }
    QPoint place(const QModelIndex& row) const { return sidebar.list().visualRect(row).center(); }
    void click(const QModelIndex& row, Qt::KeyboardModifiers keys = {}) const
    {
        QTest::mouseClick(viewport(), Qt::LeftButton, keys, place(row));
    }
    void click(ConversationId id, Qt::KeyboardModifiers keys = {}) const { click(list.indexOf(id), keys); }
    void press(int key, Qt::KeyboardModifiers keys = {}) const
    {
        QTest::keyClick(&sidebar.list(), Qt::Key(key), keys);
    }
    QLineEdit* editor() const { return qobject_cast<QLineEdit*>(sidebar.focusWidget()); }
    SearchField& search() const { return *sidebar.findChild<SearchField*>(); }

    void drop(QMimeData* data, const QPoint& at) const
    {
        const std::unique_ptr<QMimeData> owned(data);
        QDragEnterEvent enter(at, Qt::MoveAction, data, Qt::LeftButton, {});
        QApplication::sendEvent(viewport(), &enter);
        QVERIFY(enter.isAccepted());
        QDragMoveEvent move(at, Qt::MoveAction, data, Qt::LeftButton, {});
        QApplication::sendEvent(viewport(), &move);
        QVERIFY(move.isAccepted());
        QDropEvent drop(at, Qt::MoveAction, data, Qt::LeftButton, {});
        QApplication::sendEvent(viewport(), &drop);
        QVERIFY(drop.isAccepted());
    }
    QStringList rows() const
    {
        QStringList rows;
        for (int i = 0; i < list.rowCount(); ++i)
            rows << list.index(i).data().toString();
        return rows;
    }

    const QDate today{2026, 3, 20};
    int minutes = 0;
    ConversationStore store;
    ConversationList list;
    Sidebar sidebar;
    bool active = false;
};

} // namespace vitrine::ui
