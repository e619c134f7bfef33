// SPDX-License-Identifier: GPL-3.0-or-later
// Panels and views of the Profiler in windows of their own: they go on showing the recording over the shared
// time, come back when they are closed, and open again where they were.
#include <QApplication>
#include <QEvent>
#include <QMenu>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include "tests/recording/support/written_run.h"
#include "ui/profiler/analysis/analysis_tabs.h"
#include "ui/profiler/analysis/block_life_page.h"
#include "ui/profiler/page/float_window.h"
#include "ui/profiler/page/page_header.h"
#include "ui/profiler/page/panel_section.h"
#include "ui/profiler/page/panel_stack.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/profiler/timeline/request_panel.h"
#include "ui/profiler/timeline/step_panel.h"
#include "ui/shell/language.h"
#include "ui/shell/preferences.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

class ProfilerWindowsTest : public QObject
{
    Q_OBJECT

private:
    static constexpr int kPatience = 60'000;

    Theme m_theme;
    RecordedRun m_run;
    QTemporaryDir m_folder;
    std::unique_ptr<Preferences> m_preferences;
    std::unique_ptr<RecordingSession> m_session;
    std::unique_ptr<ProfilerPage> m_page;

    void openPage()
    {
        m_page = std::make_unique<ProfilerPage>(*m_preferences, m_theme);
        m_page->resize(1388, 820);
        addAnalysisTabs(*m_page, m_theme);
        m_page->setSession(m_session.get());
        m_page->show();
        QTRY_VERIFY_WITH_TIMEOUT(m_page->showsRecording() && m_page->timeline().requests().picture(),
                                 kPatience);
    }
    PanelStack& stack() { return m_page->timeline().stack(); }
    PanelSection* section(const char* key)
    {
        for (PanelSection* one : stack().sections())
            if (one->key() == QLatin1String(key))
                return one;
        return nullptr;
    }
    FloatWindow* windowOf(const char* key) { return stack().windowOf(section(key)); }

private slots:
    void initTestCase()
    {
        m_theme.applyTo(*qApp);
        m_run = recordRun();
        QVERIFY2(m_run.error.empty(), m_run.error.c_str());
    }
    void init()
    {
        m_preferences = std::make_unique<Preferences>(m_folder.filePath(QStringLiteral("v.ini")));
        m_preferences->store().clear();
        m_session = std::make_unique<RecordingSession>(writtenRun(m_folder, m_run));
        openPage();
    }
    void cleanup()
    {
        m_page.reset();
        m_session.reset();
    }

    void theRoomOfFoldedPanelsGoesToTheRequests()
    {
        PanelSection* blocks = section("blocks");
        const int before = section("requests")->height(), room = blocks->height();
        blocks->setFolded(true);
        const int given = room - blocks->maximumHeight();
        QVERIFY(given > 0);
        QTRY_VERIFY(section("requests")->height() >= before + given / 2);
        for (int i = 1; i < stack().sections().size(); ++i) { // one follows upon the other
            const PanelSection *above = stack().sections()[i - 1], *below = stack().sections()[i];
            QTRY_VERIFY(below->y() - (above->y() + above->height()) <= 2);
        }
    }

    void theButtonInTheHeadingOpensAWindowAndBringsItBack()
    {
        PanelSection* steps = section("steps");
        const auto press = [steps](const QString& name) {
            for (QToolButton* button : steps->findChildren<QToolButton*>())
                if (button->accessibleName() == name) {
                    button->setFocus();
                    QTest::keyClick(button, Qt::Key_Space);
                    return true;
                }
            return false;
        };
        QVERIFY(press(QStringLiteral("Steps in its own window")));
        FloatWindow* window = windowOf("steps");
        QVERIFY(window != nullptr && window->isVisible() && window->isWindow());
        QCOMPARE(window->windowTitle(), QStringLiteral("Steps"));
        QCOMPARE(window->accessibleName(), QStringLiteral("Steps"));
        QVERIFY(steps->isVisible() && steps->window() == window);
        QVERIFY(press(QStringLiteral("Put Steps back into the page")));
        QVERIFY(windowOf("steps") == nullptr);
        QVERIFY(steps->isVisible() && steps->window() == m_page.get());
        QCOMPARE(stack().sections()[2], steps); // where it was
    }

    void closingTheWindowPutsThePanelBack()
    {
        stack().setFloating(section("requests"), true);
        QVERIFY(windowOf("requests") != nullptr);
        windowOf("requests")->close();
        QTRY_VERIFY(windowOf("requests") == nullptr);
        QVERIFY(section("requests")->window() == m_page.get());
    }

    void theKeyThatClosesWindowsPutsThePanelBack()
    {
        stack().setFloating(section("batch"), true);
        QTest::keyClick(&section("batch")->content(), Qt::Key_W, Qt::ControlModifier);
        QTRY_VERIFY(windowOf("batch") == nullptr);
    }

    void aPanelInAWindowSharesTheTime()
    {
        stack().setFloating(section("steps"), true);
        const TimeRange all = m_page->view().bounds();
        const TimeRange part{all.startNs + all.length() / 3, all.startNs + all.length() / 2};
        const auto shows = [&](const TimeRange& range) {
            const SharedTimeline& picture = m_page->timeline().steps().picture();
            return picture && picture->query.range == range;
        };
        m_page->view().showAround(part);
        QTRY_VERIFY_WITH_TIMEOUT(shows(m_page->view().visible()), kPatience);
        QSignalSpy picked(&m_page->view(), &TimeView::selectionChanged);
        m_page->view().select(part);
        QCOMPARE(picked.count(), 1);
    }

    void aPanelInAWindowIsKeptUpWhileThePageIsHidden()
    {
        stack().setFloating(section("requests"), true);
        m_page->hide();
        QVERIFY(section("requests")->isVisible());
        m_page->view().showAll();
        const TimeRange all = m_page->view().bounds();
        m_page->view().showAround({all.startNs, all.startNs + all.length() / 4});
        const TimeRange wanted = m_page->view().visible();
        QTRY_VERIFY_WITH_TIMEOUT(m_page->timeline().requests().picture()->query.range == wanted, kPatience);
    }

    void aWiderWindowIsGivenMoreColumns()
    {
        const quint32 before = m_page->timeline().query().columns;
        stack().setFloating(section("steps"), true);
        windowOf("steps")->resize(3000, 300);
        QTRY_VERIFY(m_page->timeline().query().columns > before);
    }

    void anotherLanguageIsSpokenInTheWindowToo()
    {
        stack().setFloating(section("steps"), true);
        Language language;
        language.setChoice(LanguageChoice::SimplifiedChinese);
        QTRY_COMPARE(windowOf("steps")->windowTitle(), QStringLiteral("步"));
        language.setChoice(LanguageChoice::English);
        QTRY_COMPARE(windowOf("steps")->windowTitle(), QStringLiteral("Steps"));
    }

    void windowsOpenAgainWhereTheyWere()
    {
        stack().setFloating(section("batch"), true);
        const QRect place(90, 110, 640, 330);
        windowOf("batch")->setGeometry(place);
        m_page->setFloating(QStringLiteral("blocks"), true);
        stack().setShown(section("charts"), false);
        QTRY_VERIFY(m_preferences->store()
                        .value("profiler/panels")
                        .toStringList()
                        .join(' ')
                        .contains(QStringLiteral("/1/90/110/640/330")));
        m_page.reset();
        openPage();
        QVERIFY(windowOf("batch") != nullptr && windowOf("batch")->isVisible());
        QCOMPARE(windowOf("batch")->geometry(), place);
        QVERIFY(m_page->windowOf(QStringLiteral("blocks")) != nullptr);
        QVERIFY(section("charts")->isClosed());
    }

    void windowsWaitUntilThePanelsAreSeen()
    {
        stack().setFloating(section("batch"), true);
        m_page.reset();
        m_page = std::make_unique<ProfilerPage>(*m_preferences, m_theme);
        QVERIFY(windowOf("batch") == nullptr);
        stack().setShown(section("charts"), true); // is kept, and the window not forgotten
        m_page->show();
        QVERIFY(windowOf("batch") == nullptr); // there is no recording yet
        m_page->setSession(m_session.get());
        QTRY_VERIFY_WITH_TIMEOUT(windowOf("batch") != nullptr, kPatience);
    }

    void aPlaceOutOfReachIsMended()
    {
        m_page.reset();
        m_preferences->store().setValue("profiler/panels", QStringList{"steps/1/0/120/1/-9000/-9000/99999/0",
                                                                       "batch/1/0/90/1/40000/9/300/200",
                                                                       "requests/1/0/200/1/0/0/7"});
        m_preferences->store().setValue(
            "profiler/windows", QStringList{"ranks/1/77777/1/2/3", "nothing/1/0/0/300/300", "blocks/1/x"});
        openPage();
        const QRect screen = m_page->screen()->availableGeometry();
        for (FloatWindow* window :
             {windowOf("steps"), windowOf("batch"), m_page->windowOf(QStringLiteral("ranks"))}) {
            QVERIFY(window != nullptr);
            QVERIFY(window->width() >= FloatWindow::kLeast.width());
            QVERIFY(screen.contains(window->geometry().topLeft()));
        }
        QVERIFY(windowOf("requests") == nullptr);
        QVERIFY(m_page->windowOf(QStringLiteral("blocks")) == nullptr);
    }

    void resettingTheLayoutBringsEverythingHome()
    {
        stack().move(section("blocks"), 2);
        stack().setFloating(section("batch"), true);
        stack().setShown(section("steps"), false);
        section("requests")->setFolded(true);
        m_page->setFloating(QStringLiteral("ranks"), true);
        QMenu menu;
        emit m_page->header().panelMenuWanted(menu);
        menu.actions().last()->trigger();
        QStringList keys;
        for (const PanelSection* one : stack().sections()) {
            keys << one->key();
            QVERIFY(!one->isClosed() && !one->isFloating());
            QCOMPARE(one->isFolded(), one->key() == QLatin1String("charts"));
        }
        QCOMPARE(keys, (QStringList{"blocks", "requests", "steps", "threads", "batch", "charts"}));
        QVERIFY(m_page->windowOf(QStringLiteral("ranks")) == nullptr);
        QVERIFY(!m_preferences->store().contains("profiler/panels"));
    }

    void aViewStandsBesideTheTimeline()
    {
        m_page->showTab(QStringLiteral("blocks"));
        m_page->setFloating(QStringLiteral("blocks"), true);
        auto* life = m_page->findChild<BlockLifePage*>();
        QVERIFY(life->isVisible() && m_page->timeline().isVisible());
        QCOMPARE(m_page->currentTab(), QStringLiteral("timeline"));
        QTRY_VERIFY_WITH_TIMEOUT(!life->isComputing(), kPatience);
        const TimeRange all = m_page->view().bounds();
        m_page->view().select({all.startNs, all.startNs + all.length() / 2});
        QVERIFY(life->scope().startsWith(QLatin1String("Of the selection")));
        m_page->showTab(QStringLiteral("blocks")); // is in front already
        QCOMPARE(m_page->currentTab(), QStringLiteral("timeline"));
        m_page->windowOf(QStringLiteral("blocks"))->close();
        QTRY_VERIFY(m_page->windowOf(QStringLiteral("blocks")) == nullptr);
        m_page->showTab(QStringLiteral("blocks"));
        QVERIFY(life->isVisible() && life->window() == m_page.get());
    }

    void theTimelineStaysInThePage()
    {
        m_page->setFloating(QStringLiteral("timeline"), true);
        QVERIFY(m_page->windowOf(QStringLiteral("timeline")) == nullptr);
    }

    void thePageGoesWithItsWindows()
    {
        stack().setFloating(section("steps"), true);
        m_page->setFloating(QStringLiteral("ranks"), true);
        const QPointer<FloatWindow> panel = windowOf("steps"),
                                    view = m_page->windowOf(QStringLiteral("ranks"));
        m_page.reset();
        QVERIFY(panel.isNull() && view.isNull());
    }

    void draggedOutOfThePageItIsAWindowThere()
    {
        PanelSection* batch = section("batch");
        emit batch->dropped(batch->mapToGlobal(QPoint(10, 10))); // within: nothing happens
        QVERIFY(windowOf("batch") == nullptr);
        const QPoint outside = m_page->mapToGlobal(QPoint(m_page->width(), 0)) + QPoint(-300, -200);
        m_page->move(m_page->pos() + QPoint(0, 400));
        emit batch->dropped(outside);
        QVERIFY(windowOf("batch") != nullptr);
    }
};

QTEST_MAIN(ProfilerWindowsTest)
#include "profiler_windows_test.moc"
