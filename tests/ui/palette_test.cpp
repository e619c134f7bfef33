// SPDX-License-Identifier: GPL-3.0-or-later
// The palette: what a query means, what it finds, where it leads; sources that answer late.
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QTemporaryDir>
#include <QTest>

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/models/model_records.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/main_window.h"
#include "ui/shell/palette/command_palette.h"
#include "ui/shell/palette/fuzzy_match.h"
#include "ui/shell/rail.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/window_habits.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

/// Answers only when told to.
class LateSource : public PaletteSource
{
public:
    PaletteGroup group() const override { return PaletteGroup::Conversations; }
    void ask(const QString& query) override { asked << query; }
    void answer(const QString& query, const QString& title)
    {
        PaletteEntry entry{title};
        entry.open = [this, title](OpenWhere where) { opened = {title, where}; };
        emit answered(query, {entry});
    }
    QStringList asked;
    std::pair<QString, OpenWhere> opened;
};

} // namespace

class PaletteTest : public QObject
{
    Q_OBJECT

private:
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
        CommandPalette* open()
        {
            QTest::keyClick(window->focusWidget(), Qt::Key_K, Qt::ControlModifier);
            for (auto* palette : window->findChildren<CommandPalette*>())
                if (palette->isVisible())
                    return palette;
            return nullptr;
        }
        ConversationId addChat(const QString& text)
        {
            Conversation& chat = window->session().store().create();
            chat.addUserMessage(text);
            return chat.id();
        }
        QTemporaryDir dir;
        Preferences preferences;
        Language language;
        EngineBridge bridge;
        std::unique_ptr<MainWindow> window;
        bool active = false;
    };

    Theme m_theme;

    static QStringList titles(const CommandPalette& palette)
    {
        QStringList shown;
        for (int row = 0; row < palette.list().rowCount(); ++row)
            if (const PaletteEntry* entry = palette.list().entryAt(row))
                shown << entry->title;
        return shown;
    }
    static QStringList headings(const CommandPalette& palette)
    {
        QStringList shown;
        for (int row = 0; row < palette.list().rowCount(); ++row)
            if (!palette.list().entryAt(row))
                shown << palette.list().data(palette.list().index(row), Qt::DisplayRole).toString();
        return shown;
    }
    static QString current(const CommandPalette& palette)
    {
        const PaletteEntry* entry = palette.list().entryAt(palette.currentRow());
        return entry ? entry->title : QString();
    }

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void queriesMeanTexts_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("matches");
        QTest::addColumn<QList<int>>("positions");
        QTest::newRow("start") << "pre"
                               << "Prefix tree" << true << QList<int>{0, 1, 2};
        QTest::newRow("word") << "TREE"
                              << "Prefix tree" << true << QList<int>{7, 8, 9, 10};
        QTest::newRow("inside") << "ref"
                                << "Prefix tree" << true << QList<int>{1, 2, 3};
        QTest::newRow("initials") << "nc"
                                  << "New chat" << true << QList<int>{0, 4};
        QTest::newRow("mixed") << "nech"
                               << "New chat" << true << QList<int>{0, 1, 4, 5};
        QTest::newRow("figures") << "qw4"
                                 << "Qwen3-4B" << true << QList<int>{0, 1, 6};
        QTest::newRow("capitals") << "sl"
                                  << "SmolLM2" << true << QList<int>{0, 4};
        QTest::newRow("two words") << "tree pre"
                                   << "Prefix tree" << true << QList<int>{0, 1, 2, 7, 8, 9, 10};
        QTest::newRow("strewn") << "pet"
                                << "Prefix tree" << false << QList<int>{};
        QTest::newRow("one missing") << "pre chat"
                                     << "Prefix tree" << false << QList<int>{};
        QTest::newRow("longer") << "prefix trees"
                                << "Prefix tree" << false << QList<int>{};
        QTest::newRow("empty") << ""
                               << "Prefix tree" << true << QList<int>{};
        QTest::newRow("chinese") << "对话"
                                 << "新对话" << true << QList<int>{1, 2};
        QTest::newRow("no text") << "a"
                                 << "" << false << QList<int>{};
    }

    void queriesMeanTexts()
    {
        QFETCH(QString, query);
        QFETCH(QString, text);
        const auto match = fuzzyMatch(query, text);
        QTEST(match.has_value(), "matches");
        QTEST(match ? match->positions : QList<int>(), "positions");
    }

    void closerMatchesScoreMore()
    {
        const int start = fuzzyMatch("set", "Settings")->score;
        const int word = fuzzyMatch("set", "Open settings")->score;
        const int initials = fuzzyMatch("os", "Open settings")->score;
        const int inside = fuzzyMatch("set", "Reset")->score;
        QVERIFY(start > word && word > initials && initials > inside);
    }

    void hugeTextsAndQueriesAreBounded()
    {
        const QString text = QString("ab ").repeated(100'000);
        QVERIFY(fuzzyMatch("aaab", text));
        QVERIFY(!fuzzyMatch(QString(10'000, 'a'), text));
        QVERIFY(!fuzzyMatch("zz", text + "zz")); // far behind what is looked at
    }

    void opensWithWhatIsUsedMostAndTakesTheFocus()
    {
        Fixture f(m_theme);
        QVERIFY(f.active);
        f.addChat(QStringLiteral("Slow events query"));
        QWidget* before = f.window->focusWidget();
        CommandPalette* palette = f.open();
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
        CommandPalette* palette = f.open();
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
        CommandPalette* palette = f.open();
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
        CommandPalette* palette = f.open();
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
        CommandPalette* palette = f.open();
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
        CommandPalette* palette = f.open();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "zebra one");
        QTest::keyClick(&palette->field(), Qt::Key_Return);
        QCOMPARE(f.window->chatPage().currentConversation(), one);
        QCOMPARE(f.window->chatPage().panes().size(), 1U);
        palette = f.open();
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
        CommandPalette* palette = f.open();
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
        CommandPalette* palette = f.open();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "zebra");
        const PaletteEntry* entry = palette->list().entryAt(palette->currentRow());
        QVERIFY(entry);
        QVERIFY2(entry->detail.contains("3 messages"), qPrintable(entry->detail));
    }

    void aClickOpensToo()
    {
        Fixture f(m_theme);
        const ConversationId id = f.addChat(QStringLiteral("Zebra one"));
        CommandPalette* palette = f.open();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "zebra");
        const QRect row = palette->view().visualRect(palette->list().index(1));
        QTest::mouseClick(palette->view().viewport(), Qt::LeftButton, {}, row.center());
        QCOMPARE(f.window->chatPage().currentConversation(), id);
    }

    void aClickBesideDismissesAndReachesNothingBehind()
    {
        Fixture f(m_theme);
        CommandPalette* palette = f.open();
        QVERIFY(palette);
        QTest::mouseClick(palette, Qt::LeftButton, {}, QPoint(20, palette->height() - 20));
        QVERIFY(!palette->isVisible());
        QVERIFY(!f.window->findChild<SettingsDialog*>());
    }

    void settingsTakeEffectAtOnce()
    {
        Fixture f(m_theme);
        CommandPalette* palette = f.open();
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
        CommandPalette* palette = f.open();
        QVERIFY(palette);
        QTest::keyClick(&palette->field(), Qt::Key_B, Qt::ControlModifier);
        QVERIFY(!palette->isVisible());
        QVERIFY(!f.window->sidebar().isVisible());
        palette = f.open();
        QVERIFY(palette);
        QTest::keyClick(&palette->field(), Qt::Key_K, Qt::ControlModifier); // its own: only away
        QVERIFY(!palette->isVisible());
        QVERIFY(f.window->focusWidget() && f.window->chatPage().isAncestorOf(f.window->focusWidget()));
    }

    void aSourceMayAnswerLate()
    {
        Fixture f(m_theme);
        auto* late = new LateSource;
        f.window->habits().addPaletteSource(late);
        CommandPalette* palette = f.open();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), "qqq");
        QVERIFY(titles(*palette).isEmpty());
        QCOMPARE(late->asked.last(), QStringLiteral("qqq"));
        late->answer(QStringLiteral("qq"), QStringLiteral("to an earlier question"));
        QVERIFY(titles(*palette).isEmpty());
        late->answer(QStringLiteral("qqq"), QStringLiteral("found in a text"));
        QCOMPARE(titles(*palette), QStringList{"found in a text"});
        QTest::keyClick(&palette->field(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(late->opened, std::pair(QStringLiteral("found in a text"), OpenWhere::NewPane));
    }

    void aLateAnswerLeavesTheChosenRowAlone()
    {
        Fixture f(m_theme);
        auto* late = new LateSource;
        f.window->habits().addPaletteSource(late);
        CommandPalette* palette = f.open();
        QVERIFY(palette);
        QTest::keyClicks(&palette->field(), ">");
        palette->field().clear();
        QTest::keyClicks(&palette->field(), "text");
        QTest::keyClick(&palette->field(), Qt::Key_Down);
        const QString chosen = current(*palette);
        late->answer(QStringLiteral("text"), QStringLiteral("text in a chat"));
        QVERIFY(titles(*palette).contains(QStringLiteral("text in a chat")));
        QCOMPARE(current(*palette), chosen);
    }

    void commandsAreFoundByTheirEnglishNamesToo()
    {
        Fixture f(m_theme);
        f.language.setChoice(LanguageChoice::SimplifiedChinese);
        QCoreApplication::processEvents();
        CommandPalette* palette = f.open();
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
        CommandPalette* palette = f.open();
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
