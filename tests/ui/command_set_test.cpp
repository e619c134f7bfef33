// SPDX-License-Identifier: GPL-3.0-or-later
// Commands and their keys: what runs, what is remembered, who wins a key.
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

#include "ui/shell/commands/command_set.h"
#include "ui/shell/preferences.h"
#include "ui/shell/window_commands.h"

using namespace vitrine::ui;

namespace {

QKeySequence keys(const char* text)
{
    return QKeySequence::fromString(QLatin1String(text), QKeySequence::PortableText);
}

} // namespace

class CommandSetTest : public QObject
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
            addInputCommands(commands);
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

    QTemporaryDir m_dir;
    int m_files = 0;

    QString newIni() { return m_dir.filePath(QStringLiteral("%1.ini").arg(++m_files)); }

private slots:
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
        QTest::newRow("send") << "Ctrl+Return" << CommandSet::Objection::Taken;
        QTest::newRow("enter") << "Return" << CommandSet::Objection::Typing;
        QTest::newRow("delete") << "Del" << CommandSet::Objection::Typing;
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
};

QTEST_MAIN(CommandSetTest)
#include "command_set_test.moc"
