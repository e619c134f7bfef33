// SPDX-License-Identifier: GPL-3.0-or-later
// The window without a model: layout rules, shortcuts, failures in the banner, language and theme switches.
#include <set>

#include <QApplication>
#include <QFileDialog>
#include <QListView>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "engine/base/clock.h"
#include "tests/ui/support/test_window.h"
#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/profiler/live_dock.h"
#include "ui/shell/load_banner.h"
#include "ui/shell/rail.h"
#include "ui/shell/settings_dialog.h"
#include "ui/shell/sidebar.h"
#include "ui/shell/status_bar.h"

using namespace vitrine;
using namespace vitrine::ui;

class MainWindowTest : public QObject
{
    Q_OBJECT

private:
    using Fixture = TestWindow;

    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }

    void startsWithTheInputFocused()
    {
        Fixture f(m_theme);
        QVERIFY(f.window->chatPage().isAncestorOf(f.window->focusWidget()));
        QVERIFY(f.window->sidebar().isVisible());
        QVERIFY(!f.window->liveDock().isVisible());
    }

    void keysShowAndHideSidebarAndLiveView()
    {
        Fixture f(m_theme);
        QTest::keyClick(f.window.get(), Qt::Key_B, Qt::ControlModifier);
        QVERIFY(!f.window->sidebar().isVisible());
        QTest::keyClick(f.window.get(), Qt::Key_B, Qt::ControlModifier);
        QVERIFY(f.window->sidebar().isVisible());
        QTest::keyClick(f.window.get(), Qt::Key_J, Qt::ControlModifier);
        QVERIFY(f.window->liveDock().isVisible());
        f.window->liveDock().findChildren<QToolButton*>().back()->click();
        QVERIFY(!f.window->liveDock().isVisible());
        QVERIFY(!f.preferences.liveShown());
    }

    void liveViewGivesWayFirstThenTheSidebar()
    {
        Fixture f(m_theme);
        f.window->setLiveShown(true);
        f.window->setSidebarShown(true);
        QVERIFY(f.window->liveDock().isVisible());
        QTest::keyClick(f.window.get(), Qt::Key_Backslash, Qt::ControlModifier);
        QVERIFY(f.window->chatPage().panes().size() == 2);
        QCOMPARE(f.window->sidebar().width(), Sidebar::kWidthBesideTwoPanes);
        QVERIFY(f.window->liveDock().isVisible());
        f.window->resize(1280, 800);
        QVERIFY(!f.window->liveDock().isVisible());
        QVERIFY(f.window->sidebar().isVisible());
        f.window->resize(900, 800);
        QVERIFY(!f.window->sidebar().isVisible());
        f.window->resize(1440, 800);
        QVERIFY(f.window->sidebar().isVisible() && f.window->liveDock().isVisible());
    }

    void aLiveViewAskedForTakesTheSidebarsRoom()
    {
        Fixture f(m_theme);
        f.window->resize(900, 700);
        f.window->setLiveShown(true);
        QVERIFY(f.window->liveDock().isVisible());
        QVERIFY(!f.window->sidebar().isVisible());
    }

    void aFileThatCannotBeReadEndsInTheBanner()
    {
        Fixture f(m_theme);
        f.window->openModel(f.dir.filePath(QStringLiteral("missing.gguf")));
        QTRY_COMPARE(f.window->banner().state(), LoadBanner::State::Failed);
        QVERIFY(f.window->banner().message().contains(QStringLiteral("missing.gguf")));
        QVERIFY(!f.bridge.model());
    }

    void everyControlHasANameForScreenReaders()
    {
        Fixture f(m_theme);
        f.window->setLiveShown(true);
        for (const QAbstractButton* button : f.window->findChildren<QAbstractButton*>())
            if (button->isVisible())
                QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(),
                         button->metaObject()->className());
    }

    void fourPanesFitAndClosingOneGivesItsRoomBack()
    {
        Fixture f(m_theme);
        ChatPage& page = f.window->chatPage();
        for (int i = 0; i < 6; ++i)
            page.newPane();
        QCOMPARE(page.panes().size(), ChatPage::kMostPanes);
        QVERIFY(f.window->minimumWidth() <= 1280);
        f.window->resize(1280, 800);
        QCoreApplication::processEvents();
        for (const ChatPane* pane : page.panes())
            QVERIFY(pane->width() >= ChatPane::kMinimumWidth && pane->isVisible());
        std::set<qint64> shown;
        for (const ChatPane* pane : page.panes())
            shown.insert(pane->conversation()->id().value);
        QCOMPARE(shown.size(), page.panes().size()); // each its own conversation
        page.closePane();
        QCOMPARE(page.panes().size(), ChatPage::kMostPanes - 1);
    }

    void switchingTheLanguageKeepsTheChats()
    {
        Fixture f(m_theme);
        f.window->chatPage().newPane();
        const auto current = f.window->chatPage().currentConversation();
        f.language.setChoice(LanguageChoice::SimplifiedChinese);
        QCoreApplication::processEvents();
        QCOMPARE(f.window->chatPage().panes().size(), 2u);
        QCOMPARE(f.window->chatPage().currentConversation(), current);
        f.language.setChoice(LanguageChoice::English);
        QCoreApplication::processEvents();
        QCOMPARE(f.window->chatPage().currentConversation(), current);
        QCOMPARE(f.window->session().store().size(), 2u);
    }

    void stepsReachTheChartsInTheHueOfTheirChat()
    {
        Fixture f(m_theme);
        f.window->setLiveShown(true);
        engine::StepRecord record;
        record.step = 1;
        record.endNs = engine::nowNs();
        record.blocksReferenced = 7;
        record.rowCount = 1;
        record.rows[0].blocks = 7;
        emit f.bridge.stepsRecorded({record}, 0);
        QTRY_COMPARE(f.window->liveDock().shownView().bins.back().blocksReferenced, 7u);
        QCOMPARE(f.window->liveDock().recordedSteps(), quint64(1));
    }

    void dialogsOpenAndClose()
    {
        Fixture f(m_theme);
        QTest::keyClick(f.window.get(), Qt::Key_Comma, Qt::ControlModifier);
        auto* settings = f.window->findChild<SettingsDialog*>();
        QVERIFY(settings && settings->isVisible());
        settings->close();
        f.window->activateWindow();
        QTest::keyClick(f.window.get(), Qt::Key_Slash, Qt::ControlModifier);
        auto* shortcuts = f.window->findChild<ShortcutSheet*>();
        QVERIFY(shortcuts && shortcuts->isVisible());
        QTest::keyClick(f.window->focusWidget(), Qt::Key_Escape);
        QVERIFY(!shortcuts->isVisible());
    }

    void keysZoomAndTheZoomIsRemembered()
    {
        Fixture f(m_theme);
        QPlainTextEdit* input = f.window->findChild<QPlainTextEdit*>("composerText");
        const int line = QFontMetrics(input->font()).lineSpacing();
        const int status = f.window->statusStrip().height();
        for (int i = 0; i < 20; ++i)
            QTest::keyClick(f.window.get(), Qt::Key_Plus, Qt::ControlModifier);
        QCOMPARE(m_theme.zoom(), 200);
        QCOMPARE(f.preferences.zoomPercent(), 200);
        QCoreApplication::processEvents();
        QVERIFY(QFontMetrics(input->font()).lineSpacing() > 1.8 * line);
        QCOMPARE(f.window->statusStrip().height(), 2 * status);
        QTest::keyClick(f.window.get(), Qt::Key_Minus, Qt::ControlModifier);
        QCOMPARE(m_theme.zoom(), 190);
        QTest::keyClick(f.window.get(), Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(m_theme.zoom(), 100);
        QCOMPARE(f.window->statusStrip().height(), status);
        QVERIFY(QFontMetrics(input->font()).lineSpacing() <= line + 1);
    }

    void detailsWithoutAModelLeadToTheFileDialog()
    {
        Fixture f(m_theme);
        QTest::keyClick(f.window.get(), Qt::Key_I, Qt::ControlModifier);
        auto* files = f.window->findChild<QFileDialog*>();
        QVERIFY(files && files->isVisible());
        files->close();
    }

    void geometryIsRememberedFromOneStartToTheNext()
    {
        QTemporaryDir dir;
        Preferences preferences(dir.filePath(QStringLiteral("g.ini")));
        Language language;
        EngineBridge bridge;
        {
            MainWindow window(bridge, m_theme, language, preferences);
            window.resize(1011, 707);
            window.show();
            window.close();
        }
        MainWindow window(bridge, m_theme, language, preferences);
        QCOMPARE(window.size(), QSize(1011, 707));
    }
};

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
