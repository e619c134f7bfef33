// SPDX-License-Identifier: GPL-3.0-or-later
// Commands and their keys: what runs, what is remembered, who wins a key, and the sheet where a person
// changes them.
#include <QApplication>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/shell/commands/command_set.h"
#include "ui/shell/commands/command_tips.h"
#include "ui/shell/commands/keycaps.h"
#include "ui/shell/commands/shortcut_row.h"
#include "ui/shell/commands/shortcut_sheet.h"
#include "ui/shell/main_window.h"
#include "ui/shell/rail.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/window_habits.h"

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
    /// A bare window with three commands that count.
    struct Rig
    {
        explicit Rig(const QString& path) : preferences(path), commands(window, preferences)
        {
            commands.add({"a", "A", CommandGroup::Chat, "", {keys("Ctrl+R")}, [this] { ++ran["a"]; }});
            commands.add({"b", "B", CommandGroup::Chat, "", {keys("F2")}, [this] { ++ran["b"]; }});
            commands.add({"listed", "Listed", CommandGroup::Chat, "", {keys("Ctrl+Return")}});
            window.show();
            window.activateWindow();
            active = QTest::qWaitForWindowActive(&window);
        }
        QWidget window;
        Preferences preferences;
        CommandSet commands;
        QMap<QString, int> ran;
        bool active = false;
    };

    struct Fixture
    {
        explicit Fixture(Theme& theme) : preferences(dir.filePath(QStringLiteral("v.ini")))
        {
            language.setChoice(LanguageChoice::English);
            window = std::make_unique<MainWindow>(bridge, theme, language, preferences);
            window->resize(1440, 900);
            window->show();
            window->activateWindow();
            active = QTest::qWaitForWindowActive(window.get());
        }
        ShortcutSheet* openSheet()
        {
            QTest::keyClick(window->focusWidget(), Qt::Key_Slash, Qt::ControlModifier);
            return window->findChild<ShortcutSheet*>();
        }
        CommandSet& commands() const { return window->habits().commands(); }

        QTemporaryDir dir;
        Preferences preferences;
        Language language;
        EngineBridge bridge;
        std::unique_ptr<MainWindow> window;
        bool active = false;
    };

    Theme m_theme;
    QTemporaryDir m_dir;
    int m_files = 0;

    QString newIni() { return m_dir.filePath(QStringLiteral("%1.ini").arg(++m_files)); }

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void keysRunTheirCommand()
    {
        Rig rig(newIni());
        QVERIFY(rig.active);
        QTest::keyClick(&rig.window, Qt::Key_R, Qt::ControlModifier);
        QTest::keyClick(&rig.window, Qt::Key_F2);
        QCOMPARE(rig.ran, (QMap<QString, int>{{"a", 1}, {"b", 1}}));
    }

    void aCommandThatIsNotEnabledDoesNothing()
    {
        Rig rig(newIni());
        bool enabled = false;
        rig.commands.add({"c",
                          "C",
                          CommandGroup::Chat,
                          "",
                          {keys("F3")},
                          [&] { ++rig.ran["c"]; },
                          [&enabled] { return enabled; }});
        QTest::keyClick(&rig.window, Qt::Key_F3);
        QCOMPARE(rig.ran.value("c"), 0);
        enabled = true;
        QTest::keyClick(&rig.window, Qt::Key_F3);
        QCOMPARE(rig.ran.value("c"), 1);
    }

    void chosenKeysReplaceTheDefaultAndSurviveARestart()
    {
        const QString ini = newIni();
        {
            Rig rig(ini);
            rig.commands.rebind("a", keys("Ctrl+Shift+G"));
            QTest::keyClick(&rig.window, Qt::Key_R, Qt::ControlModifier);
            QCOMPARE(rig.ran.value("a"), 0);
            QTest::keyClick(&rig.window, Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
            QCOMPARE(rig.ran.value("a"), 1);
        }
        Rig rig(ini);
        QCOMPARE(rig.commands.keyOf("a"), keys("Ctrl+Shift+G"));
        QCOMPARE(rig.commands.keyOf("b"), keys("F2"));
    }

    void onlyWhatDiffersFromTheDefaultIsKept()
    {
        const QString ini = newIni();
        Rig rig(ini);
        QVERIFY(!rig.commands.hasChosenKeys());
        rig.commands.rebind("a", keys("F5"));
        QCOMPARE(rig.preferences.shortcuts().keys(), QStringList{"a"});
        rig.commands.rebind("a", keys("Ctrl+R"));
        QVERIFY(rig.preferences.shortcuts().isEmpty());
        QVERIFY(!rig.commands.hasChosenKeys());
    }

    void keysOfAnotherCommandAreNamedAndCanBeTakenOver()
    {
        const QString ini = newIni();
        {
            Rig rig(ini);
            const auto verdict = rig.commands.judge("b", keys("Ctrl+R"));
            QCOMPARE(verdict.objection, CommandSet::Objection::Taken);
            QCOMPARE(verdict.owner, QStringLiteral("a"));
            rig.commands.rebind("b", keys("Ctrl+R"));
            QVERIFY(rig.commands.keysOf("a").isEmpty());
            QTest::keyClick(&rig.window, Qt::Key_R, Qt::ControlModifier);
            QCOMPARE(rig.ran, (QMap<QString, int>{{"b", 1}}));
        }
        Rig rig(ini);
        QCOMPARE(rig.commands.keyOf("b"), keys("Ctrl+R"));
        QVERIFY(rig.commands.keysOf("a").isEmpty());
        rig.commands.restoreDefaults();
        QCOMPARE(rig.commands.keyOf("a"), keys("Ctrl+R"));
        QCOMPARE(rig.commands.keyOf("b"), keys("F2"));
        QVERIFY(rig.preferences.shortcuts().isEmpty());
    }

    void aDefaultYieldsToAChosenKey()
    {
        Rig rig(newIni());
        rig.commands.rebind("a", keys("F9"));
        rig.commands.add({"late", "Late", CommandGroup::Chat, "", {keys("F9")}, [&] { ++rig.ran["late"]; }});
        QTest::keyClick(&rig.window, Qt::Key_F9);
        QCOMPARE(rig.ran, (QMap<QString, int>{{"a", 1}}));
        rig.commands.restoreDefaults();
        QTest::keyClick(&rig.window, Qt::Key_F9);
        QCOMPARE(rig.ran, (QMap<QString, int>{{"a", 1}, {"late", 1}}));
    }

    void keysThatPeopleTypeWithAreRefused_data()
    {
        QTest::addColumn<QString>("pressed");
        QTest::addColumn<CommandSet::Objection>("objection");
        QTest::newRow("letter") << "G" << CommandSet::Objection::Typing;
        QTest::newRow("capital") << "Shift+G" << CommandSet::Objection::Typing;
        QTest::newRow("space") << "Space" << CommandSet::Objection::Typing;
        QTest::newRow("tab") << "Tab" << CommandSet::Objection::Typing;
        QTest::newRow("arrow") << "Left" << CommandSet::Objection::Typing;
        QTest::newRow("copy") << "Ctrl+C" << CommandSet::Objection::Editing;
        QTest::newRow("word") << "Ctrl+Left" << CommandSet::Objection::Editing;
        QTest::newRow("send") << "Ctrl+Return" << CommandSet::Objection::Editing;
        QTest::newRow("function") << "F7" << CommandSet::Objection::None;
        QTest::newRow("alt") << "Alt+G" << CommandSet::Objection::None;
        QTest::newRow("own") << "Ctrl+R" << CommandSet::Objection::None;
        QTest::newRow("none") << "" << CommandSet::Objection::None;
    }

    void keysThatPeopleTypeWithAreRefused()
    {
        QFETCH(QString, pressed);
        Rig rig(newIni());
        const auto verdict = rig.commands.judge("a", QKeySequence::fromString(pressed));
        QTEST(verdict.objection, "objection");
    }

    void damagedKeysInTheSettingsFallBackToTheDefault()
    {
        const QString ini = newIni();
        {
            QSettings file(ini, QSettings::IniFormat);
            file.setValue("shortcuts/a", "no such key");
            file.setValue("shortcuts/b", 17.5);
            file.setValue("shortcuts/gone.command", "F8");
        }
        Rig rig(ini);
        QCOMPARE(rig.commands.keyOf("a"), keys("Ctrl+R"));
        QVERIFY(rig.commands.keysOf("b").size() <= 1);
        rig.commands.rebind("a", keys("F6"));
        QVERIFY(rig.preferences.shortcuts().contains("gone.command")); // somebody's, not ours to throw away
    }

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

    void fixedKeysOfTheInputAreListedAndStay()
    {
        Fixture f(m_theme);
        ShortcutSheet* sheet = f.openSheet();
        QVERIFY(sheet);
        ShortcutRow* send = sheet->row("input.send");
        QTest::mouseClick(&send->button(), Qt::LeftButton);
        QVERIFY(!send->button().isWaiting());
        QCOMPARE(send->keys(), QKeySequence(Qt::Key_Return));
        f.window->setCtrlEnterSends(true);
        QCOMPARE(send->keys(), QKeySequence(Qt::CTRL | Qt::Key_Return));
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
