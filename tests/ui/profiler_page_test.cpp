// SPDX-License-Identifier: GPL-3.0-or-later
// The Profiler page over a real recording: what it says before there is one, what a click leads to, search,
// inspectors, panels that are moved and stay so.
#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/recording/support/written_run.h"
#include "tests/ui/support/made_pictures.h"
#include "ui/profiler/blocks/block_map_panel.h"
#include "ui/profiler/inspect/inspector_form.h"
#include "ui/profiler/inspect/link_button.h"
#include "ui/profiler/page/inspector.h"
#include "ui/profiler/page/page_header.h"
#include "ui/profiler/page/panel_section.h"
#include "ui/profiler/page/panel_stack.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/profiler/page/recording_notes.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/profiler/timeline/batch_panel.h"
#include "ui/profiler/timeline/overview_panel.h"
#include "ui/profiler/timeline/request_panel.h"
#include "ui/profiler/timeline/step_panel.h"
#include "ui/profiler/timeline/trend_panel.h"
#include "ui/recording/recording_session.h"
#include "ui/shell/preferences.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

class ProfilerPageTest : public QObject
{
    Q_OBJECT

private:
    static constexpr int kPatience = 60'000;

    Theme m_theme;
    RecordedRun m_run;
    QTemporaryDir m_folder;
    std::unique_ptr<Preferences> m_preferences;

    QString written() const { return writtenRun(m_folder, m_run); }
    std::unique_ptr<ProfilerPage> shownPage(RecordingSession* session, const QSize& size = {1388, 820})
    {
        auto page = std::make_unique<ProfilerPage>(*m_preferences, m_theme);
        page->resize(size);
        page->setSession(session);
        page->show();
        return page;
    }
    /// Presses what is called so; false: it is not there.
    static bool follow(Inspector& inspector, const char* text)
    {
        for (auto* button : inspector.findChildren<LinkButton*>())
            if (button->text() == QLatin1String(text)) {
                button->click();
                return true;
            }
        return false;
    }
    static bool waitForPictures(ProfilerPage& page)
    {
        return QTest::qWaitFor(
            [&] {
                const TimelinePage& timeline = page.timeline();
                return page.showsRecording() && timeline.requests().picture() && timeline.blocks().map();
            },
            kPatience);
    }

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_theme.applyTo(*qApp);
        m_run = recordRun();
        QVERIFY2(m_run.error.empty(), m_run.error.c_str());
        QVERIFY(!written().isEmpty());
    }
    void init()
    {
        m_preferences = std::make_unique<Preferences>(m_folder.filePath(QStringLiteral("v.ini")));
        m_preferences->store().clear();
    }

    void withoutARecordingItSaysWhatToDo()
    {
        const auto page = shownPage(nullptr);
        QVERIFY(!page->showsRecording());
        QVERIFY(page->notes().isVisible());
        QCOMPARE(page->notes().state(), RecordingNotes::State::Nothing);
        QVERIFY(page->notes().text().contains("Ask something on the Chat page"));
        QSignalSpy chat(page.get(), &ProfilerPage::chatRequested),
            open(page.get(), &ProfilerPage::openRecordingRequested);
        for (auto* button : page->notes().findChildren<QPushButton*>())
            button->click();
        QCOMPARE(chat.count(), 1);
        QCOMPARE(open.count(), 1);
        QVERIFY(!page->header().exportButton().isEnabled());
    }

    void aFileThatCannotBeReadSaysWhy()
    {
        const QString path = m_folder.filePath(QStringLiteral("broken.vtrace"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is no recording");
        file.close();
        RecordingSession session(path);
        const auto page = shownPage(&session);
        QTRY_COMPARE_WITH_TIMEOUT(page->notes().state(), RecordingNotes::State::Failed, kPatience);
        QVERIFY(page->notes().isVisible());
        QVERIFY(!page->notes().text().isEmpty());
    }

    void aRecordingIsShownInAllPanels()
    {
        RecordingSession session(written());
        const auto page = shownPage(&session);
        QVERIFY(waitForPictures(*page));
        const TimelinePage& timeline = page->timeline();
        QCOMPARE(page->view().visible(), session.summary().range);
        QCOMPARE(timeline.requests().picture()->requests.size(), qsizetype(5));
        QVERIFY(timeline.steps().picture() && timeline.batch().picture() && timeline.trends().picture());
        QCOMPARE(timeline.blocks().map()->cells.size(), qsizetype(14));
        QVERIFY(!page->header().liveButton().isVisible());
        const auto sections = timeline.stack().sections();
        QCOMPARE(sections.size(), qsizetype(6));
        QCOMPARE(sections[1]->note(), QStringLiteral("5 of 5"));
        QVERIFY(timeline.inspector().form().text().contains("SmolLM2"));
    }

    void aPreemptionIsExplainedAndWalkedThrough()
    {
        RecordingSession session(written());
        const auto page = shownPage(&session);
        QVERIFY(waitForPictures(*page));
        Inspector& inspector = page->timeline().inspector();
        emit inspector.preemptionWanted({session.summary().range.startNs - 1, 1});
        QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Preemption, kPatience);
        QVERIFY(page->view().isEvent());
        const QString text = inspector.form().text();
        for (const char* said : {"Cause", "Victim", "Blocks given back", "Alternatives", "Outcome", "1 of "})
            QVERIFY2(text.contains(QLatin1String(said)), said);
        const qint64 first = *page->view().moment();
        if (session.summary().preemptions > 1) {
            emit inspector.preemptionWanted({first, 1});
            QTRY_VERIFY_WITH_TIMEOUT(*page->view().moment() > first, kPatience);
        }
    }

    void aRequestLeadsToItsMessage()
    {
        RecordingSession session(written());
        const auto page = shownPage(&session);
        QVERIFY(waitForPictures(*page));
        QSignalSpy message(page.get(), &ProfilerPage::messageRequested);
        emit page->timeline().requests().requestPicked(engine::RequestId{2});
        Inspector& inspector = page->timeline().inspector();
        QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Request, kPatience);
        QVERIFY(inspector.form().text().contains("To the first token"));
        for (auto* button : inspector.findChildren<QPushButton*>())
            if (button->text() == QLatin1String("Go to message"))
                button->click();
        QCOMPARE(message.count(), 1);
        QCOMPARE(message[0][0].toULongLong(), 9ULL);
        QCOMPARE(message[0][1].toULongLong(), 11ULL);
    }

    void aBlockIsShownWithItsTextAndHistory()
    {
        RecordingSession session(written());
        const auto page = shownPage(&session);
        QVERIFY(waitForPictures(*page));
        page->view().setMoment(session.summary().range.startNs + session.summary().range.length() / 2);
        BlockMapPanel& blocks = page->timeline().blocks();
        const SharedBlockMap before = blocks.map();
        QTRY_VERIFY_WITH_TIMEOUT(blocks.map() != before, kPatience);
        quint32 held = 0;
        while (held < 14 && blocks.map()->cells[held].state == CellState::Free)
            ++held;
        QVERIFY(held < 14);
        emit blocks.blockPicked(held);
        emit blocks.blockHovered(held == 0 ? 1 : 0); // the pointer moves on at once
        Inspector& inspector = page->timeline().inspector();
        QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Block, kPatience);
        const QString text = inspector.form().text();
        QVERIFY2(text.contains(QStringLiteral("Block %1").arg(held)), qPrintable(text));
        QVERIFY2(text.contains(QLatin1String("History")) && text.contains(QLatin1Char('<')),
                 qPrintable(text));
    }

    void searchGoesToRequestsAndSteps()
    {
        RecordingSession session(written());
        const auto page = shownPage(&session);
        QVERIFY(waitForPictures(*page));
        Inspector& inspector = page->timeline().inspector();
        const auto search = [&](const QString& text) {
            page->focusSearch();
            page->header().search().setText(text);
            QTest::keyClick(&page->header().search(), Qt::Key_Return);
        };
        search(QStringLiteral("kyoto"));
        QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Request, kPatience);
        QVERIFY(inspector.form().text().contains("Kyoto packing list"));
        QCOMPARE(page->timeline().requests().picked(), engine::RequestId{2});
        search(QStringLiteral("step 7"));
        QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Step, kPatience);
        QVERIFY(inspector.form().text().contains("Step 7"));
        search(QStringLiteral("no such chat"));
        QTRY_VERIFY_WITH_TIMEOUT(page->header().selection().contains("no such chat"), kPatience);
    }

    void theSameSearchAgainGoesToTheNextOne()
    {
        RecordingSession session(written());
        const auto page = shownPage(&session);
        QVERIFY(waitForPictures(*page));
        const auto search = [&](const QString& text) {
            page->header().search().setText(text);
            QTest::keyClick(&page->header().search(), Qt::Key_Return);
        };
        const auto picked = [&] { return page->timeline().requests().picked().value; };
        for (const quint64 expected : {1, 3, 4, 5, 1}) { // 2 has another title
            search(QStringLiteral("Request"));
            QTRY_COMPARE_WITH_TIMEOUT(picked(), expected, kPatience);
        }
    }

    void aRequestLeadsToItsStepsItsBlocksAndItsWait()
    {
        RecordingSession session(written());
        const auto page = shownPage(&session);
        QVERIFY(waitForPictures(*page));
        Inspector& inspector = page->timeline().inspector();
        const auto ask = [&] {
            emit page->timeline().requests().requestPicked(engine::RequestId{2});
            QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Request, kPatience);
        };
        ask();
        QVERIFY(follow(inspector, "Its blocks"));
        QCOMPARE(page->timeline().blocks().marked(), engine::RequestId{2});
        QSignalSpy latency(page.get(), &ProfilerPage::latencyWanted);
        QVERIFY(follow(inspector, "Where its time went"));
        QCOMPARE(latency.size(), 1);
        QCOMPARE(latency[0][0].value<engine::RequestId>(), engine::RequestId{2});
        QVERIFY(follow(inspector, "Its first step"));
        QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Step, kPatience);
        QVERIFY(inspector.form().text().contains("Kyoto packing list")); // one of the batch
        const qint64 first = *page->view().moment();
        ask();
        QVERIFY(follow(inspector, "Its last step"));
        QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Step, kPatience);
        QVERIFY(inspector.form().text().contains("Kyoto packing list"));
        QVERIFY(*page->view().moment() > first);
    }

    void aPreemptionLeadsToItsStepAndBack()
    {
        RecordingSession session(written());
        const auto page = shownPage(&session);
        QVERIFY(waitForPictures(*page));
        Inspector& inspector = page->timeline().inspector();
        emit inspector.preemptionWanted({session.summary().range.startNs - 1, 1});
        QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Preemption, kPatience);
        QVERIFY(inspector.form().text().contains("Made room for"));
        QVERIFY(follow(inspector, "The step"));
        QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Step, kPatience);
        QVERIFY(follow(inspector, "The preemption in it"));
        QTRY_COMPARE_WITH_TIMEOUT(inspector.subject(), Inspector::Subject::Preemption, kPatience);
    }

    void theSelectionIsSaidInTheHead()
    {
        const auto page = shownPage(nullptr);
        page->view().begin({at(0), at(100'000)}, false);
        page->view().select({at(42'680), at(43'250)});
        QCOMPARE(page->header().selection(), QStringLiteral("570 ms selected, 42.68 to 43.25 s"));
        page->view().clearSelection();
        QVERIFY(page->header().selection().isEmpty());
    }

    void panelsFoldMoveAndCloseAndStaySo()
    {
        {
            const auto page = shownPage(nullptr);
            PanelStack& stack = page->timeline().stack();
            stack.move(stack.sections()[0], 1);
            stack.sections()[0]->setFolded(true);
            stack.setShown(stack.sections()[3], false);
            QCOMPARE(stack.sections()[0]->key(), QStringLiteral("requests"));
        }
        const auto page = shownPage(nullptr);
        PanelStack& stack = page->timeline().stack();
        QCOMPARE(stack.sections()[0]->key(), QStringLiteral("requests"));
        QCOMPARE(stack.sections()[1]->key(), QStringLiteral("blocks"));
        QVERIFY(stack.sections()[0]->isFolded());
        QVERIFY(stack.sections()[3]->isClosed());
        QMenu menu;
        stack.fillMenu(menu);
        QVERIFY(!menu.actions()[3]->isChecked());
        menu.actions()[3]->trigger();
        QVERIFY(!stack.sections()[3]->isClosed());
    }

    void aDamagedArrangementIsNoHarm()
    {
        m_preferences->store().setValue(
            "profiler/panels",
            QStringList{"nothing/1/0/5", "requests", "steps/x/y/-7", "steps/1/0/99999999999"});
        const auto page = shownPage(nullptr);
        QCOMPARE(page->timeline().stack().sections().size(), qsizetype(6));
        QVERIFY(!page->grab().isNull());
    }

    void inANarrowWindowTheInspectorIsADrawer()
    {
        RecordingSession session(written());
        const auto page = shownPage(&session, {1100, 760});
        QVERIFY(waitForPictures(*page));
        TimelinePage& timeline = page->timeline();
        QVERIFY(!timeline.isInspectorShown());
        emit timeline.steps().stepPicked(session.summary().range.startNs);
        QTRY_VERIFY_WITH_TIMEOUT(timeline.isInspectorShown(), kPatience);
        emit timeline.inspector().closeRequested();
        QVERIFY(!timeline.isInspectorShown());
        page->resize(1388, 820);
        QVERIFY(timeline.isInspectorShown());
    }

    void furtherViewsAreTabs()
    {
        const auto page = shownPage(nullptr);
        auto* view = new QWidget;
        page->addTab(
            QStringLiteral("latency"), [] { return QStringLiteral("Latency"); }, view);
        page->showTab(QStringLiteral("latency"));
        QCOMPARE(page->currentTab(), QStringLiteral("latency"));
        page->showTab(QStringLiteral("timeline"));
        QCOMPARE(page->currentTab(), QStringLiteral("timeline"));
    }

    void aRecordingThatGoesAwayLeavesThePage()
    {
        auto session = std::make_unique<RecordingSession>(written());
        const auto page = shownPage(session.get());
        QVERIFY(waitForPictures(*page));
        session.reset();
        QVERIFY(page->session() == nullptr);
        QVERIFY(!page->showsRecording());
        QTRY_VERIFY(page->notes().isVisible());
    }

    void lightAndDarkAndLargeTextAreDrawn()
    {
        RecordingSession session(written());
        const auto page = shownPage(&session);
        QVERIFY(waitForPictures(*page));
        m_theme.setChoice(ThemeChoice::Dark);
        const QColor dark = page->grab().toImage().pixelColor(700, 400);
        m_theme.setChoice(ThemeChoice::Light);
        QVERIFY(page->grab().toImage().pixelColor(700, 400) != dark);
        m_theme.setZoom(200);
        QVERIFY(!page->grab().isNull());
        m_theme.setZoom(100);
    }
};

QTEST_MAIN(ProfilerPageTest)
#include "profiler_page_test.moc"
