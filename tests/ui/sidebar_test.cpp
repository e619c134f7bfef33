// SPDX-License-Identifier: GPL-3.0-or-later
// The sidebar by mouse and keyboard: opening, selecting, naming, folders, dragging.
#include <QMenu>
#include <QSignalSpy>
#include <QToolButton>

#include "tests/ui/support/shelf.h"
#include "ui/shell/conversation_drag.h"
#include "ui/shell/selection_bar.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

/// The menu that has come up; chooses what is called so.
bool choose(const QString& text)
{
    auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
    if (menu == nullptr)
        return false;
    for (QAction* action : menu->actions()) {
        if (action->text() != text)
            continue;
        if (action->menu() != nullptr) {
            menu->setActiveAction(action);
            action->menu()->popup(QCursor::pos());
        } else {
            action->trigger();
            while (QWidget* popup = QApplication::activePopupWidget())
                popup->close();
        }
        return true;
    }
    return false;
}

QStringList entriesOf(const QMenu* menu)
{
    QStringList entries;
    for (const QAction* action : menu->actions()) {
        if (!action->isSeparator())
            entries << action->text();
    }
    return entries;
}

} // namespace

class SidebarTest : public QObject
{
    Q_OBJECT

private:
    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }
    void aClickOpensAndCtrlClickSelects();
    void arrowsMoveWithoutOpeningAndEnterOpens();
    void shiftAndArrowsSelectSeveralAndEscapeLetsGo();
    void f2NamesAChatInPlace();
    void escapeLeavesATitleAsItWas();
    void deleteAsksForWhatIsSelectedAndGoesOnBelow();
    void aNewFolderIsNamedAtOnce();
    void foldersFoldByClickAndByArrows();
    void menuMovesTheSelectionIntoAFolder();
    void menuIsThereByKey();
    void exportIsOfferedOnlyWhereItIsPossible();
    void barActsOnSeveral();
    void draggedChatsGoWhereTheyAreDropped();
    void aDraggedFolderTakesItsPlace();
    void foreignDragsAreRefused();
    void everythingHasAName();
};

void SidebarTest::aClickOpensAndCtrlClickSelects()
{
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a"), b = shelf.add("b"), c = shelf.add("c");
    QSignalSpy chosen(&shelf.sidebar, &Sidebar::conversationChosen);
    shelf.click(b);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.first().first().value<ConversationId>(), b);
    shelf.click(a, Qt::ControlModifier);
    shelf.click(c, Qt::ControlModifier);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(shelf.sidebar.list().selectedConversations(), (QList{a, b, c}));
    shelf.click(b, Qt::ControlModifier);
    QCOMPARE(shelf.sidebar.list().selectedConversations(), (QList{a, c}));
    shelf.click(shelf.list.index(0)); // a heading
    QCOMPARE(chosen.size(), 1);
}

void SidebarTest::arrowsMoveWithoutOpeningAndEnterOpens()
{
    Shelf shelf(m_theme);
    shelf.add("a");
    const ConversationId b = shelf.add("b");
    QSignalSpy chosen(&shelf.sidebar, &Sidebar::conversationChosen);
    shelf.sidebar.focusList();
    shelf.press(Qt::Key_Down);
    QCOMPARE(chosen.size(), 0);
    shelf.press(Qt::Key_Return);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.first().first().value<ConversationId>(), b);
}

void SidebarTest::shiftAndArrowsSelectSeveralAndEscapeLetsGo()
{
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a"), b = shelf.add("b"), c = shelf.add("c");
    auto* bar = shelf.sidebar.findChild<SelectionBar*>();
    shelf.sidebar.focusList();
    QVERIFY(!bar->isVisible());
    shelf.press(Qt::Key_Down, Qt::ShiftModifier);
    shelf.press(Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(shelf.sidebar.list().selectedConversations(), (QList{a, b, c}));
    QVERIFY(bar->isVisible());
    shelf.press(Qt::Key_Escape);
    QCOMPARE(shelf.sidebar.list().selectedConversations(), QList{c});
    QVERIFY(!bar->isVisible());
}

void SidebarTest::f2NamesAChatInPlace()
{
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a");
    shelf.sidebar.focusList();
    shelf.press(Qt::Key_F2);
    QVERIFY(shelf.editor() != nullptr);
    QCOMPARE(shelf.editor()->text(), QString("a"));
    QTest::keyClicks(shelf.editor(), "  Better   name ");
    QTest::keyClick(shelf.editor(), Qt::Key_Return);
    QTRY_COMPARE(shelf[a].title(), QString("Better name"));
    QCOMPARE(shelf.rows(), (QStringList{"Today", "Better name"}));
}

void SidebarTest::escapeLeavesATitleAsItWas()
{
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a");
    shelf.sidebar.focusList();
    shelf.press(Qt::Key_F2);
    QTest::keyClicks(shelf.editor(), "other");
    QTest::keyClick(shelf.editor(), Qt::Key_Escape);
    QTRY_VERIFY(!shelf.sidebar.list().isEditing());
    QCOMPARE(shelf[a].title(), QString("a"));
    shelf.press(Qt::Key_F2);
    shelf.editor()->clear();
    QTest::keyClick(shelf.editor(), Qt::Key_Return);
    QTRY_VERIFY(!shelf.sidebar.list().isEditing());
    QCOMPARE(shelf[a].title(), QString("a")); // no title is no title
}

void SidebarTest::deleteAsksForWhatIsSelectedAndGoesOnBelow()
{
    Shelf shelf(m_theme);
    shelf.add("a");
    const ConversationId b = shelf.add("b"), c = shelf.add("c"), d = shelf.add("d");
    connect(&shelf.sidebar, &Sidebar::removalRequested, &shelf.sidebar,
            [&shelf](const QList<ConversationId>& ids) {
                for (const ConversationId id : ids)
                    shelf.store.remove(id);
            });
    QSignalSpy asked(&shelf.sidebar, &Sidebar::removalRequested);
    shelf.click(b);
    shelf.sidebar.list().setFocus();
    shelf.click(c, Qt::ShiftModifier);
    shelf.press(Qt::Key_Delete);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().first().value<QList<ConversationId>>(), (QList{b, c}));
    QCOMPARE(shelf.sidebar.list().selectedConversations(), QList{d});
    QVERIFY(shelf.sidebar.list().hasFocus());
    QSignalSpy undo(&shelf.sidebar, &Sidebar::undoRequested);
    shelf.press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(undo.size(), 1);
}

void SidebarTest::aNewFolderIsNamedAtOnce()
{
    Shelf shelf(m_theme);
    shelf.add("a");
    shelf.sidebar.newFolder();
    QVERIFY(shelf.editor() != nullptr);
    QTest::keyClicks(shelf.editor(), "Thesis");
    QTest::keyClick(shelf.editor(), Qt::Key_Return);
    QTRY_COMPARE(shelf.rows(), (QStringList{"Thesis", "Today", "a"}));
    shelf.sidebar.list().setFocus();
    shelf.press(Qt::Key_F2);
    QTest::keyClicks(shelf.editor(), "Work");
    QTest::keyClick(shelf.editor(), Qt::Key_Return);
    QTRY_COMPARE(shelf.store.folders().front().name, QString("Work"));
    QSignalSpy removal(&shelf.sidebar, &Sidebar::folderRemovalRequested);
    shelf.press(Qt::Key_Delete);
    QCOMPARE(removal.size(), 1);
    QCOMPARE(removal.first().first().value<FolderId>(), shelf.store.folders().front().id);
}

void SidebarTest::foldersFoldByClickAndByArrows()
{
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a");
    const FolderId folder = shelf.store.createFolder("Thesis");
    shelf[a].setFolder(folder);
    shelf.click(shelf.list.indexOf(folder));
    QVERIFY(shelf.store.find(folder)->collapsed);
    QCOMPARE(shelf.rows(), QStringList{"Thesis"});
    shelf.sidebar.list().setFocus();
    shelf.press(Qt::Key_Right);
    QCOMPARE(shelf.rows(), (QStringList{"Thesis", "a"}));
    shelf.press(Qt::Key_Down);
    QCOMPARE(shelf.sidebar.list().currentIndex(), shelf.list.indexOf(a));
    shelf.press(Qt::Key_Left);
    QCOMPARE(shelf.sidebar.list().currentFolder(), folder);
    shelf.press(Qt::Key_Left);
    QVERIFY(shelf.store.find(folder)->collapsed);
}

void SidebarTest::menuMovesTheSelectionIntoAFolder()
{
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a"), b = shelf.add("b");
    const FolderId folder = shelf.store.createFolder("R&D");
    shelf.click(a);
    shelf.click(b, Qt::ControlModifier);
    emit shelf.sidebar.list().menuRequested({}, shelf.list.indexOf(b));
    QVERIFY(choose("Move to"));
    QVERIFY(choose("R&&D"));
    QCOMPARE(shelf[a].folder(), folder);
    QCOMPARE(shelf[b].folder(), folder);
    emit shelf.sidebar.list().menuRequested({}, shelf.list.indexOf(b));
    QVERIFY(choose("Move to"));
    QVERIFY(choose("Out of the folder"));
    QCOMPARE(shelf[a].folder(), FolderId{});
    emit shelf.sidebar.list().menuRequested({}, shelf.list.indexOf(b));
    QVERIFY(choose("Pin"));
    QVERIFY(shelf[a].isPinned() && shelf[b].isPinned());
    QCOMPARE(shelf.rows(), (QStringList{"Pinned", "a", "b", "R&D"}));
}

void SidebarTest::menuIsThereByKey()
{
    Shelf shelf(m_theme);
    shelf.add("a");
    const FolderId first = shelf.store.createFolder("first"), second = shelf.store.createFolder("second");
    shelf.sidebar.list().setFocus();
    shelf.sidebar.list().setCurrentIndex(shelf.list.indexOf(second));
    shelf.press(Qt::Key_F10, Qt::ShiftModifier);
    QVERIFY(choose("Move up"));
    QCOMPARE(shelf.store.folders().front().id, second);
    QContextMenuEvent event(QContextMenuEvent::Keyboard, {}, {});
    QApplication::sendEvent(&shelf.sidebar.list(), &event);
    QVERIFY(choose("Move down"));
    QCOMPARE(shelf.store.folders().front().id, first);
}

void SidebarTest::exportIsOfferedOnlyWhereItIsPossible()
{
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a");
    shelf.click(a);
    const auto entries = [&](const QModelIndex& row) {
        emit shelf.sidebar.list().menuRequested({}, row);
        QWidget* popup = QApplication::activePopupWidget();
        const QStringList found = entriesOf(qobject_cast<QMenu*>(popup));
        popup->close();
        return found;
    };
    QCOMPARE(entries(shelf.list.indexOf(a)), (QStringList{"Open", "Rename", "Pin", "Move to", "Delete"}));
    QCOMPARE(entries({}), (QStringList{"New chat", "New folder…"}));
    shelf.sidebar.setExportAvailable(true);
    QVERIFY(entries(shelf.list.indexOf(a)).contains("Export…"));
    QVERIFY(entries({}).contains("Import…"));
    QSignalSpy exported(&shelf.sidebar, &Sidebar::exportRequested);
    emit shelf.sidebar.list().menuRequested({}, shelf.list.indexOf(a));
    QVERIFY(choose("Export…"));
    QCOMPARE(exported.first().first().value<QList<ConversationId>>(), QList{a});
}

void SidebarTest::barActsOnSeveral()
{
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a"), b = shelf.add("b");
    QSignalSpy removal(&shelf.sidebar, &Sidebar::removalRequested);
    shelf.click(a);
    shelf.click(b, Qt::ControlModifier);
    const auto* bar = shelf.sidebar.findChild<SelectionBar*>();
    const auto button = [bar](const QString& name) {
        for (QToolButton* each : bar->findChildren<QToolButton*>()) {
            if (each->accessibleName() == name && each->isVisible())
                return each;
        }
        return static_cast<QToolButton*>(nullptr);
    };
    QVERIFY(button("Export") == nullptr);
    QTest::mouseClick(button("Pin"), Qt::LeftButton);
    QVERIFY(shelf[a].isPinned() && shelf[b].isPinned());
    QCOMPARE(shelf.sidebar.list().selectedConversations(),
             (QList{a, b})); // still selected, where they are now
    QVERIFY(button("Unpin") != nullptr);
    QTest::mouseClick(button("Delete 2 chats"), Qt::LeftButton);
    QCOMPARE(removal.first().first().value<QList<ConversationId>>(), (QList{a, b}));
}

void SidebarTest::draggedChatsGoWhereTheyAreDropped()
{
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a"), b = shelf.add("b"), c = shelf.add("c");
    const FolderId folder = shelf.store.createFolder("Thesis");
    shelf[c].setPinned(true);
    shelf.drop(dragOf(QList{a, b}), shelf.place(shelf.list.indexOf(folder)));
    QCOMPARE(shelf.rows(), (QStringList{"Pinned", "c", "Thesis", "a", "b"}));
    shelf.drop(dragOf(QList{c}), shelf.place(shelf.list.indexOf(b))); // a chat stands for its folder
    QCOMPARE(shelf.rows(), (QStringList{"Thesis", "a", "b", "c"}));
    shelf.drop(dragOf(QList{a}), {100, 600}); // below everything
    QCOMPARE(shelf.rows(), (QStringList{"Thesis", "b", "c", "Today", "a"}));
    shelf.list.setPinnedAlways(true);
    QCOMPARE(shelf.rows().first(), QString("Pinned"));
    shelf.drop(dragOf(QList{a, b}), shelf.place(shelf.list.index(0)));
    shelf.list.setPinnedAlways(false);
    QCOMPARE(shelf.rows(), (QStringList{"Pinned", "a", "b", "Thesis", "c"}));
}

void SidebarTest::aDraggedFolderTakesItsPlace()
{
    Shelf shelf(m_theme);
    const FolderId one = shelf.store.createFolder("one");
    const FolderId two = shelf.store.createFolder("two");
    const FolderId three = shelf.store.createFolder("three");
    shelf.drop(dragOf(three), {50, 1});
    QCOMPARE(shelf.rows(), (QStringList{"three", "one", "two"}));
    shelf.drop(dragOf(three), shelf.place(shelf.list.indexOf(two)) - QPoint(0, 4));
    QCOMPARE(shelf.rows(), (QStringList{"one", "three", "two"}));
    shelf.drop(dragOf(one), {50, 600});
    QCOMPARE(shelf.rows(), (QStringList{"three", "two", "one"}));
}

void SidebarTest::foreignDragsAreRefused()
{
    Shelf shelf(m_theme);
    shelf.add("a");
    QMimeData text;
    text.setText("12 13");
    QDragEnterEvent enter({50, 50}, Qt::MoveAction, &text, Qt::LeftButton, {});
    QApplication::sendEvent(shelf.viewport(), &enter);
    QVERIFY(!enter.isAccepted());
    const QStringList before = shelf.rows();
    shelf.drop(dragOf(QList{ConversationId{77}}), {50, 50}); // of another window
    QCOMPARE(shelf.rows(), before);
}

void SidebarTest::everythingHasAName()
{
    Shelf shelf(m_theme);
    const ConversationId a = shelf.add("a");
    shelf[a].openReply(ReplyId{1});
    const QString text = shelf.list.indexOf(a).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(text.startsWith("a, ") && text.contains("queued"), qPrintable(text));
    for (const QWidget* each : shelf.sidebar.findChildren<QWidget*>()) {
        if (each->isVisible() && each->focusPolicy() != Qt::NoFocus && each != shelf.viewport())
            QVERIFY2(!each->accessibleName().isEmpty(), each->metaObject()->className());
    }
}

QTEST_MAIN(SidebarTest)
#include "sidebar_test.moc"
