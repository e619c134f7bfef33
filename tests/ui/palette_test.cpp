// SPDX-License-Identifier: GPL-3.0-or-later
// The palette: what it finds and where it leads.
#include <QApplication>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QTest>

#include "tests/ui/support/palette_rows.h"
#include "tests/ui/support/test_window.h"
#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/models/model_records.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/rail.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/sidebar.h"

using namespace vitrine;
using namespace vitrine::ui;

class PaletteTest : public QObject
{
    Q_OBJECT

private:
    using Fixture = TestWindow;

    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void opensWithWhatIsUsedMostAndTakesTheFocus()
    {
        Fixture f(m_theme);
        QVERIFY(f.active);
        f.addChat(QStringLiteral("Slow events query"));
        QWidget* before = f.window->focusWidget();
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QCOMPARE(f.window->focusWidget(), &palette->field());
        QCOMPARE(headings(*palette), (QStringList{"Commands", "Conversations", "Models and settings"}));
        QVERIFY(titles(*palette).contains(QStringLiteral("Slow events query")));
        QVERIFY(!current(*palette).isEmpty());
        QTest::keyClick(&palette->field(), Qt::Key_Escape);
        QVERIFY(!palette->isVisible());
        QCOMPARE(f.window->focusWidget(), before);
    }

    void typingFindsAndEnterRuns()
    {
        Fixture f(m_theme);
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "sidebar");
        QCOMPARE(titles(*palette), QStringList{"Sidebar"});
        QVERIFY(f.window->sidebar().isVisible());
        QTest::keyClick(&palette->field(), Qt::Key_Return);
        QVERIFY(!f.window->sidebar().isVisible());
        QVERIFY(!palette->isVisible());
    }

    void resultsAreCounted()
    {
        Fixture f(m_theme);
        f.addChat(QStringLiteral("Zebra one"));
        f.addChat(QStringLiteral("Zebra two"));
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        const auto says = [palette](const QString& text) {
            for (const QLabel* label : palette->findChildren<QLabel*>())
                if (label->isVisible() && label->text() == text)
                    return true;
            return false;
        };
        QTest::keyClicks(&palette->field(), "zebra");
        QVERIFY(says(QStringLiteral("2 results")));
        QTest::keyClicks(&palette->field(), " t");
        QVERIFY(says(QStringLiteral("1 result")));
        QTest::keyClicks(&palette->field(), "xyz");
        QVERIFY(says(QStringLiteral("0 results")) && says(QStringLiteral("Nothing found.")));
        QTest::keyClick(&palette->field(), Qt::Key_Return); // nothing to open
        QVERIFY(palette->isVisible());
    }

    void prefixesNarrowToAGroup()
    {
        Fixture f(m_theme);
        f.addChat(QStringLiteral("Theme of a novel"));
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), ">");
        QCOMPARE(headings(*palette), QStringList{"Commands"});
        QVERIFY(palette->list().entryCount() > 10); // all of them
        palette->field().clear();
        QTest::keyClicks(&palette->field(), "# theme");
        QCOMPARE(titles(*palette), QStringList{"Theme of a novel"});
        palette->field().clear();
        QTest::keyClicks(&palette->field(), "@theme");
        QCOMPARE(headings(*palette), QStringList{"Models and settings"});
        QCOMPARE(palette->list().entryCount(), 3);
    }

    void arrowsGoRoundAndSkipHeadings()
    {
        Fixture f(m_theme);
        f.addChat(QStringLiteral("Theme of a novel"));
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "theme");
        QCOMPARE(current(*palette), QStringLiteral("Theme of a novel"));
        QTest::keyClick(&palette->field(), Qt::Key_Down);
        QCOMPARE(current(*palette), QStringLiteral("Theme: like the system"));
        QTest::keyClick(&palette->field(), Qt::Key_Up);
        QTest::keyClick(&palette->field(), Qt::Key_Up);
        QCOMPARE(current(*palette), QStringLiteral("Theme: dark"));
        QTest::keyClick(&palette->field(), Qt::Key_Down);
        QCOMPARE(current(*palette), QStringLiteral("Theme of a novel"));
    }

    void aModelIsChosenAmongTheRecentOnes()
    {
        Fixture f(m_theme);
        for (const char* name : {"one.gguf", "two.gguf"}) {
            QFile file(f.dir.filePath(name));
            QVERIFY(file.open(QFile::WriteOnly));
            ModelRecords(f.preferences).addRecent(file.fileName());
        }
        ModelRecords(f.preferences).addRecent(f.dir.filePath("gone.gguf"));
        QTest::keyClick(f.window->focusWidget(), Qt::Key_L, Qt::ControlModifier);
        auto* palette = f.window->findChild<CommandPalette*>();
        QVERIFY(palette && palette->isVisible());
        QCOMPARE(palette->field().text(), QStringLiteral("@"));
        QTest::keyClicks(&palette->field(), "one");
        QCOMPARE(current(*palette), QStringLiteral("Load one.gguf"));
        QTest::keyClick(&palette->field(), Qt::Key_Return);
        QTRY_COMPARE(f.window->banner().state(),
                     LoadBanner::State::Failed); // it is no model, but it was opened
        QVERIFY(f.window->banner().message().contains("one.gguf"));
    }

    void aConversationOpensHereOrInANewPane()
    {
        Fixture f(m_theme);
        const ConversationId one = f.addChat(QStringLiteral("Zebra one"));
        const ConversationId two = f.addChat(QStringLiteral("Zebra two"));
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "zebra one");
        QTest::keyClick(&palette->field(), Qt::Key_Return);
        QCOMPARE(f.window->chatPage().currentConversation(), one);
        QCOMPARE(f.window->chatPage().panes().size(), 1U);
        palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "zebra two");
        QTest::keyClick(&palette->field(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(f.window->chatPage().panes().size() == 2);
        QCOMPARE(f.window->chatPage().currentConversation(), two);
        QCOMPARE(f.window->chatPage().panes().front()->conversation()->id(), one);
    }

    void aConversationOpensAlsoFromThePageOfTheModels()
    {
        Fixture f(m_theme);
        const ConversationId id = f.addChat(QStringLiteral("Zebra one"));
        f.window->showModels();
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "zebra one");
        QTest::keyClick(&palette->field(), Qt::Key_Return);
        QVERIFY(f.window->chatPage().isVisible());
        QCOMPARE(f.window->chatPage().currentConversation(), id);
    }

    void keysForThePageOfTheChatsShowIt()
    {
        Fixture f(m_theme);
        for (const auto& [key, modifiers] : {std::pair{Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier},
                                             {Qt::Key_Backslash, Qt::KeyboardModifiers(Qt::ControlModifier)},
                                             {Qt::Key_W, Qt::KeyboardModifiers(Qt::ControlModifier)}}) {
            f.window->showModels();
            QTest::keyClick(f.window->focusWidget(), key, modifiers);
            QVERIFY(f.window->chatPage().isVisible());
        }
        QVERIFY(f.window->sidebar().isVisible());
    }

    void chatsThatWaitToBeLoadedTellHowMuchWasSaid()
    {
        Fixture f(m_theme);
        ConversationRecord kept;
        kept.id = 1;
        kept.title = QStringLiteral("Zebra of yesterday");
        kept.messages = 3;
        f.window->session().store().restore({{}, {kept}});
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "zebra");
        const PaletteEntry* entry = palette->list().entryAt(palette->currentRow());
        QVERIFY(entry);
        QVERIFY2(entry->detail.contains("3 messages"), qPrintable(entry->detail));
    }

    void daysAreWrittenInTheLanguageOfTheWindow()
    {
        Fixture f(m_theme);
        const QDate longAgo = QDate::currentDate().addYears(-2);
        ConversationRecord kept;
        kept.id = 1;
        kept.title = QStringLiteral("Zebra");
        kept.messages = 3;
        kept.lastActivity = QDateTime(longAgo, QTime(12, 0)).toMSecsSinceEpoch();
        f.window->session().store().restore({{}, {kept}});
        const auto detail = [&f] {
            CommandPalette* palette = f.openPalette();
            palette->field().setText(QStringLiteral("zebra"));
            const PaletteEntry* entry = palette->list().entryAt(palette->currentRow());
            const QString shown = entry ? entry->detail : QString();
            QTest::keyClick(&palette->field(), Qt::Key_Escape);
            return shown;
        };
        const QLocale english(QLocale::English), chinese(QLocale::Chinese);
        QCOMPARE(detail(), english.toString(longAgo, "d MMM yyyy") + QStringLiteral(", 3 messages"));
        f.language.setChoice(LanguageChoice::SimplifiedChinese);
        QCoreApplication::processEvents();
        const QString day = chinese.toString(longAgo, QStringLiteral("yyyy年M月d日"));
        QVERIFY2(detail().startsWith(day), qPrintable(detail()));
        f.language.setChoice(LanguageChoice::English);
        QCoreApplication::processEvents();
    }

    void aClickOpensToo()
    {
        Fixture f(m_theme);
        const ConversationId id = f.addChat(QStringLiteral("Zebra one"));
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "zebra");
        const QRect row = palette->view().visualRect(palette->list().index(1));
        QTest::mouseClick(palette->view().viewport(), Qt::LeftButton, {}, row.center());
        QCOMPARE(f.window->chatPage().currentConversation(), id);
    }

    void aClickBesideDismissesAndReachesNothingBehind()
    {
        Fixture f(m_theme);
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::mouseClick(palette, Qt::LeftButton, {}, QPoint(20, palette->height() - 20));
        QVERIFY(!palette->isVisible());
        QVERIFY(!f.window->findChild<SettingsDialog*>());
    }

    void settingsTakeEffectAtOnce()
    {
        Fixture f(m_theme);
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "theme dark");
        QTest::keyClick(&palette->field(), Qt::Key_Return);
        QVERIFY(m_theme.isDark());
        QCOMPARE(f.preferences.theme(), ThemeChoice::Dark);
        m_theme.setChoice(ThemeChoice::Light);
    }

    void keysOfOtherCommandsWorkAndPutThePaletteAway()
    {
        Fixture f(m_theme);
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClick(&palette->field(), Qt::Key_B, Qt::ControlModifier);
        QVERIFY(!palette->isVisible());
        QVERIFY(!f.window->sidebar().isVisible());
        palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClick(&palette->field(), Qt::Key_K, Qt::ControlModifier); // its own: only away
        QVERIFY(!palette->isVisible());
        QVERIFY(f.window->focusWidget() && f.window->chatPage().isAncestorOf(f.window->focusWidget()));
    }

    void commandsAreFoundByTheirEnglishNamesToo()
    {
        Fixture f(m_theme);
        f.language.setChoice(LanguageChoice::SimplifiedChinese);
        QCoreApplication::processEvents();
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "sidebar");
        QCOMPARE(titles(*palette), QStringList{QStringLiteral("侧边栏")});
        f.language.setChoice(LanguageChoice::English);
        QCoreApplication::processEvents();
    }

    void fitsASmallWindow()
    {
        Fixture f(m_theme);
        f.window->resize(640, 480);
        CommandPalette* palette = f.openPalette();
        QVERIFY(palette);
        const QPoint end = palette->field().mapTo(palette, palette->field().rect().bottomRight());
        QVERIFY(palette->rect().contains(end));
        for (const QWidget* child : palette->findChildren<QWidget*>())
            if (child->isVisible() && child->parentWidget() == palette)
                QVERIFY(palette->rect().contains(child->geometry()));
    }
};

QTEST_MAIN(PaletteTest)
#include "palette_test.moc"
