// SPDX-License-Identifier: GPL-3.0-or-later
// The sheet where a person sees and changes the keys of the window's commands, and where else they are named.
#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>

#include "tests/ui/support/test_window.h"
#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/chat/elided_label.h"
#include "ui/chat/message_view.h"
#include "ui/shell/commands/command_tips.h"
#include "ui/shell/commands/keycaps.h"
#include "ui/shell/commands/send_keys.h"
#include "ui/shell/commands/shortcut_row.h"
#include "ui/shell/conversation_view.h"
#include "ui/shell/rail.h"
#include "ui/shell/search_field.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/status_bar.h"
#include "ui/shell/status_item.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

QKeySequence keys(const char* text)
{
    return QKeySequence::fromString(QLatin1String(text), QKeySequence::PortableText);
}

} // namespace

class ShortcutsTest : public QObject
{
    Q_OBJECT

private:
    using Fixture = TestWindow;

    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void noTwoCommandsOfTheWindowShareAKey()
    {
        Fixture f(m_theme);
        QSet<QKeySequence> seen;
        QSet<QString> ids;
        for (const Command& command : f.commands().all()) {
            QVERIFY2(!ids.contains(command.id), qPrintable(command.id));
            ids.insert(command.id);
            QCOMPARE(f.commands().keysOf(command.id), command.keys); // nobody lost one
            for (const QKeySequence& key : command.keys) {
                QVERIFY2(!seen.contains(key), qPrintable(key.toString()));
                seen.insert(key);
            }
        }
    }

    void keycapsReadAsOnTheKeyboard()
    {
        QCOMPARE(keycapsOf(keys("Ctrl+Shift+C")), (QStringList{"Ctrl", "Shift", "C"}));
        QCOMPARE(keycapsOf(keys("Ctrl++")), (QStringList{"Ctrl", "+"}));
        QCOMPARE(keycapsOf(keys("Ctrl+\\")), (QStringList{"Ctrl", "\\"}));
        QCOMPARE(keycapsOf(QKeySequence(Qt::Key_Return)), QStringList{"Enter"});
        QCOMPARE(keycapsOf(QKeySequence(Qt::Key_Up)), QStringList{QStringLiteral("↑")});
        QCOMPARE(keycapsOf({}), QStringList());
    }

    void theSheetListsEveryCommandAndClosesWithItsKeys()
    {
        Fixture f(m_theme);
        QVERIFY(f.active);
        QWidget* before = f.window->focusWidget();
        ShortcutSheet* sheet = f.openSheet();
        QVERIFY(sheet && sheet->isVisible());
        QCOMPARE(sheet->shownIds().size(), qsizetype(f.commands().all().size()));
        QTest::keyClick(f.window->focusWidget(), Qt::Key_Slash, Qt::ControlModifier);
        QVERIFY(!sheet->isVisible());
        QCOMPARE(f.window->focusWidget(), before);
    }

    void theFilterTakesWordsAndKeys()
    {
        Fixture f(m_theme);
        ShortcutSheet* sheet = f.openSheet();
        QVERIFY(sheet);
        QTest::keyClicks(&sheet->filter(), "side");
        QCOMPARE(sheet->shownIds(), QStringList{"window.sidebar"});
        QTest::keyClick(&sheet->filter(), Qt::Key_N, Qt::ControlModifier); // found, not run
        QCOMPARE(sheet->filter().text(), QStringLiteral("Ctrl+N"));
        QCOMPARE(sheet->shownIds(), QStringList{"chat.new"});
        QVERIFY(sheet->isVisible());
        QTest::keyClick(&sheet->filter(), Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(sheet->shownIds(), QStringList{"input.newLine"});
        QTest::keyClicks(&sheet->filter(), "zzzz");
        QVERIFY(sheet->shownIds().isEmpty());
        QTest::keyClick(&sheet->filter(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(&sheet->filter(), Qt::Key_Backspace);
        QCOMPARE(sheet->shownIds().size(), qsizetype(f.commands().all().size()));
    }

    void aClickOnARowRebindsIt()
    {
        Fixture f(m_theme);
        ShortcutSheet* sheet = f.openSheet();
        QVERIFY(sheet);
        QVERIFY(!sheet->restore().isEnabled());
        ShortcutRow* row = sheet->row("window.sidebar");
        QTest::mouseClick(&row->button(), Qt::LeftButton);
        QVERIFY(row->button().isWaiting());
        QTest::keyClick(&row->button(), Qt::Key_M, Qt::ControlModifier | Qt::AltModifier);
        QVERIFY(!row->button().isWaiting());
        QCOMPARE(f.commands().keyOf("window.sidebar"), keys("Ctrl+Alt+M"));
        QVERIFY(sheet->restore().isEnabled());
        QTest::keyClick(&row->button(), Qt::Key_Escape);
        QVERIFY(f.window->sidebar().isVisible());
        QTest::keyClick(f.window.get(), Qt::Key_M, Qt::ControlModifier | Qt::AltModifier);
        QVERIFY(!f.window->sidebar().isVisible());
    }

    void aConflictIsToldAndTakenOverOnlyWhenAskedFor()
    {
        Fixture f(m_theme);
        ShortcutSheet* sheet = f.openSheet();
        QVERIFY(sheet);
        ShortcutRow* row = sheet->row("window.live");
        QTest::mouseClick(&row->button(), Qt::LeftButton);
        QTest::keyClick(&row->button(), Qt::Key_N, Qt::ControlModifier);
        QVERIFY2(row->note().contains(QStringLiteral("Ctrl+N is used by “New chat”")),
                 qPrintable(row->note()));
        QCOMPARE(f.commands().keyOf("window.live"), keys("Ctrl+J"));
        QTest::keyClick(&row->takeOver(), Qt::Key_Space);
        QCOMPARE(f.commands().keyOf("window.live"), keys("Ctrl+N"));
        QVERIFY(f.commands().keysOf("chat.new").isEmpty());
        QVERIFY(row->note().isEmpty());
        QTest::mouseClick(&sheet->restore(), Qt::LeftButton);
        QCOMPARE(f.commands().keyOf("window.live"), keys("Ctrl+J"));
        QCOMPARE(f.commands().keyOf("chat.new"), keys("Ctrl+N"));
    }

    void whileARowWaitsKeysDoNothingElse()
    {
        Fixture f(m_theme);
        ShortcutSheet* sheet = f.openSheet();
        QVERIFY(sheet);
        ShortcutRow* row = sheet->row("window.sidebar");
        QTest::mouseClick(&row->button(), Qt::LeftButton);
        QTest::keyClick(&row->button(), Qt::Key_X); // typing
        QVERIFY(row->button().isWaiting());
        QVERIFY(row->note().contains(QStringLiteral("typing")));
        QTest::keyClick(&row->button(), Qt::Key_C, Qt::ControlModifier);
        QVERIFY(row->note().contains(QStringLiteral("text fields")));
        QTest::keyClick(&row->button(), Qt::Key_Escape); // gives up, and the sheet stays
        QVERIFY(!row->button().isWaiting());
        QVERIFY(sheet->isVisible());
        QCOMPARE(f.commands().keyOf("window.sidebar"), keys("Ctrl+B"));
        QTest::mouseClick(&row->button(), Qt::LeftButton);
        QTest::keyClick(&row->button(), Qt::Key_Backspace);
        QVERIFY(f.commands().keysOf("window.sidebar").isEmpty());
    }

    void theInputsKeysAreRebound()
    {
        Fixture f(m_theme);
        ShortcutSheet* sheet = f.openSheet();
        QVERIFY(sheet);
        ShortcutRow* send = sheet->row("input.send");
        QTest::mouseClick(&send->button(), Qt::LeftButton);
        QTest::keyClick(&send->button(), Qt::Key_Left); // moves the cursor
        QVERIFY(send->note().contains(QStringLiteral("typing")));
        QTest::keyClick(&send->button(), Qt::Key_Return, Qt::ShiftModifier);
        QVERIFY2(send->note().contains(QStringLiteral("used by “New line”")), qPrintable(send->note()));
        QTest::mouseClick(&send->button(), Qt::LeftButton);
        QTest::keyClick(&send->button(), Qt::Key_F9);
        QCOMPARE(f.commands().keysOf("input.send"), QList{keys("F9")});
        QTest::keyClick(&sheet->filter(), Qt::Key_Escape);
        auto* text = f.window->findChild<QPlainTextEdit*>("composerText");
        QTest::keyClicks(text, "a");
        QTest::keyClick(text, Qt::Key_Return); // breaks the line now
        QCOMPARE(text->toPlainText(), QStringLiteral("a\n"));
    }

    void theListsKeysAreRebound()
    {
        Fixture f(m_theme);
        const ConversationId id = f.addChat(QStringLiteral("Zebra one"));
        f.window->chatPage().openConversation(id);
        f.commands().rebind("chats.rename", keys("Ctrl+E"));
        f.commands().rebind("chats.remove", keys("Backspace"));
        ConversationView& list = f.window->sidebar().list();
        list.setFocus();
        QTest::keyClick(&list, Qt::Key_F2);
        QVERIFY(!list.isEditing());
        QTest::keyClick(&list, Qt::Key_E, Qt::ControlModifier);
        QVERIFY(list.isEditing());
        QTest::keyClick(f.window->focusWidget(), Qt::Key_Escape);
        QTest::keyClick(&list, Qt::Key_Delete);
        QVERIFY(f.store().find(id));
        QTest::keyClick(&list, Qt::Key_Backspace);
        QVERIFY(!f.store().find(id));
    }

    void keysMayMeanDifferentThingsInPlacesThatNeverMeet()
    {
        Fixture f(m_theme);
        using Objection = CommandSet::Objection;
        CommandSet& c = f.commands();
        QCOMPARE(c.judge("input.send", keys("F2")).objection, Objection::None);
        QCOMPARE(c.judge("window.live", keys("F2")).owner, QStringLiteral("chats.rename"));
        QCOMPARE(c.judge("chats.rename", keys("Ctrl+N")).owner, QStringLiteral("chat.new"));
        QCOMPARE(c.judge("window.live", keys("Return")).objection, Objection::Typing);
        QCOMPARE(c.judge("chats.rename", keys("Down")).objection, Objection::Typing);
        QCOMPARE(c.judge("chats.remove", keys("Backspace")).objection, Objection::None);
        QCOMPARE(c.judge("input.send", keys("Ctrl+C")).objection, Objection::Editing);
        c.rebind("input.stop", keys("F2"));
        QCOMPARE(c.keyOf("chats.rename"), keys("F2"));
        c.rebind("window.live", keys("F2")); // meets both
        QVERIFY(c.keysOf("input.stop").isEmpty() && c.keysOf("chats.rename").isEmpty());
        c.restoreDefaults();
        QCOMPARE(c.keyOf("chats.rename"), keys("F2"));
        QCOMPARE(c.keyOf("input.stop"), keys("Esc"));
    }

    void theSettingOfSendingAndTheSheetAreOneThing()
    {
        Fixture f(m_theme);
        sendWith(f.commands(), SendWith::CtrlEnter);
        ShortcutSheet* sheet = f.openSheet();
        QVERIFY(sheet);
        QCOMPARE(sheet->row("input.send")->keys(), keys("Ctrl+Return"));
        f.commands().rebind("input.newLine", keys("Return"));
        sendWith(f.commands(), SendWith::Enter); // takes Enter back
        QCOMPARE(sheet->row("input.send")->keys(), keys("Return"));
        QVERIFY(f.commands().keysOf("input.newLine").isEmpty());
        f.commands().rebind("input.send", keys("Ctrl+Return"));
        QCOMPARE(sendsWith(f.commands()), SendWith::CtrlEnter);
        f.commands().rebind("input.send", keys("F9"));
        QCOMPARE(sendsWith(f.commands()), SendWith::Other);
    }

    void tooltipsNameTheKeysInForce()
    {
        Fixture f(m_theme);
        QWidget* plus = nullptr;
        for (QWidget* child : f.window->sidebar().findChildren<QWidget*>())
            if (child->property("command").toString() == QStringLiteral("chat.new"))
                plus = child;
        QVERIFY(plus);
        QCOMPARE(f.window->habits().tips().tipOf(*plus), QStringLiteral("New chat (Ctrl+N)"));
        f.commands().rebind("chat.new", keys("F8"));
        QCOMPARE(f.window->habits().tips().tipOf(*plus), QStringLiteral("New chat (F8)"));
        f.commands().rebind("chat.new", {});
        QCOMPARE(f.window->habits().tips().tipOf(*plus), QStringLiteral("New chat"));
    }

    void whatIsWrittenAboutKeysFollowsThem()
    {
        Fixture f(m_theme);
        const auto hint = [&f] { // beside Send
            QStringList shown;
            for (const ElidedLabel* label :
                 f.window->chatPage().focusedPane().composer().findChildren<ElidedLabel*>(
                     QString(), Qt::FindDirectChildrenOnly))
                shown << label->fullText();
            return shown.join('|');
        };
        auto* search = f.window->sidebar().findChild<SearchField*>();
        const auto* model = f.window->statusStrip().findChild<StatusItem*>();
        QCOMPARE(search->keys(), QStringLiteral("Ctrl Shift F"));
        QCOMPARE(hint(), QStringLiteral("Open a model first (Ctrl+O)."));
        QCOMPARE(model->toolTip(), QStringLiteral("Open a model… (Ctrl+O)"));
        f.commands().rebind("window.search", keys("F4"));
        f.commands().rebind("model.open", keys("Ctrl+Shift+O"));
        QCOMPARE(search->keys(), QStringLiteral("F4"));
        QCOMPARE(hint(), QStringLiteral("Open a model first (Ctrl+Shift+O)."));
        QCOMPARE(model->toolTip(), QStringLiteral("Open a model… (Ctrl+Shift+O)"));
        f.window->chatPage().newPane(); // one that comes later knows them too
        QCOMPARE(hint(), QStringLiteral("Open a model first (Ctrl+Shift+O)."));
        f.commands().rebind("model.open", {});
        QCOMPARE(hint(), QStringLiteral("Open a model first."));
        QCOMPARE(model->toolTip(), QStringLiteral("Open a model…"));
        f.language.setChoice(LanguageChoice::SimplifiedChinese);
        QCoreApplication::processEvents();
        QCOMPARE(hint(), QStringLiteral("请先打开一个模型。"));
        f.language.setChoice(LanguageChoice::English);
        QCoreApplication::processEvents();
    }

    void matchesInAChatAreGoneThroughByKeys()
    {
        Fixture f(m_theme);
        f.window->chatPage().openConversation(f.addChat(QStringLiteral("zebra one, zebra two, zebra three")));
        MessageView& messages = f.window->chatPage().focusedPane().messages();
        f.press(Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(f.window->focusWidget(), "zebra");
        QTRY_COMPARE(messages.currentMatch(), 1);
        f.press(Qt::Key_F3);
        QCOMPARE(messages.currentMatch(), 2);
        f.commands().rebind("chat.findNext", keys("F8"));
        f.press(Qt::Key_F3);
        QCOMPARE(messages.currentMatch(), 2);
        f.press(Qt::Key_F8);
        QCOMPARE(messages.currentMatch(), 3);
        f.press(Qt::Key_F3, Qt::ShiftModifier);
        QCOMPARE(messages.currentMatch(), 2);
        f.window->chatPage().focusComposer(); // from anywhere
        f.press(Qt::Key_F8);
        QCOMPARE(messages.currentMatch(), 3);
    }

    void theMenuOfAChatNamesTheKeys()
    {
        Fixture f(m_theme);
        f.window->chatPage().openConversation(f.addChat(QStringLiteral("Zebra one")));
        f.commands().rebind("chats.rename", keys("F6"));
        ConversationView& list = f.window->sidebar().list();
        list.setFocus();
        QTest::keyClick(&list, Qt::Key_F10, Qt::ShiftModifier);
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu);
        QMap<QString, QString> shown;
        for (const QAction* action : menu->actions())
            shown.insert(action->text(), action->shortcut().toString());
        QCOMPARE(shown.value("Rename"), QStringLiteral("F6"));
        QCOMPARE(shown.value("Delete"), QStringLiteral("Del"));
        menu->close();
    }

    /// A key in a text of the program would stay when the person chose none.
    void noTooltipNamesKeysThatAreGone()
    {
        Fixture f(m_theme);
        f.window->chatPage().newPane();
        f.window->showModels();
        QSet<QKeySequence> gone;
        for (const Command& command : f.commands().all()) {
            gone.unite(QSet<QKeySequence>(command.keys.begin(), command.keys.end()));
            f.commands().rebind(command.id, {});
        }
        static const QRegularExpression named(QStringLiteral("\\(([^()]+)\\)"));
        int seen = 0;
        for (const QWidget* child : f.window->findChildren<QWidget*>()) {
            const QString tip = f.window->habits().tips().tipOf(*child);
            seen += !tip.isEmpty();
            for (auto match = named.globalMatch(tip); match.hasNext();) {
                const QKeySequence key = QKeySequence::fromString(match.next().captured(1));
                const bool fixed = key == keys("Esc"); // of panels and bars
                QVERIFY2(fixed || !gone.contains(key), qPrintable(tip));
            }
        }
        QVERIFY(seen > 20);
    }

    void everyWidgetThatNamesACommandNamesARealOne()
    {
        Fixture f(m_theme);
        int named = 0;
        for (const QWidget* child : f.window->findChildren<QWidget*>()) {
            const QString id = child->property("command").toString();
            if (id.isEmpty())
                continue;
            ++named;
            QVERIFY2(f.commands().find(id), qPrintable(id));
        }
        QVERIFY(named >= 5);
    }
};

QTEST_MAIN(ShortcutsTest)
#include "shortcuts_test.moc"
