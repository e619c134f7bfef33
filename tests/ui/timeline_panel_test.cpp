// SPDX-License-Identifier: GPL-3.0-or-later
// The panels over time: dragging selects, the wheel zooms about the pointer, keys do the same; what is drawn
// does not grow with the recording.
#include <QApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "tests/ui/support/made_pictures.h"
#include "ui/profiler/timeline/batch_panel.h"
#include "ui/profiler/timeline/overview_panel.h"
#include "ui/profiler/timeline/request_panel.h"
#include "ui/profiler/timeline/step_panel.h"
#include "ui/profiler/timeline/trend_panel.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

void turnWheel(QWidget& widget, const QPointF& at, int angle, Qt::KeyboardModifiers modifiers = {})
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, {0, angle}, Qt::NoButton, modifiers, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(&widget, &event);
}

void drag(QWidget& widget, const QPoint& from, const QPoint& to, Qt::MouseButton button = Qt::LeftButton)
{
    QTest::mousePress(&widget, button, {}, from);
    QMouseEvent move(QEvent::MouseMove, to, widget.mapToGlobal(QPointF(to)), Qt::NoButton, button, {});
    QApplication::sendEvent(&widget, &move);
    QTest::mouseRelease(&widget, button, {}, to);
}

/// A million steps in 2,000 columns, as a recording answers for them, and requests by the hundred.
std::shared_ptr<TimelinePicture> crowdedTimeline()
{
    auto picture = madeTimeline();
    picture->steps.clear();
    for (StepLaneRow& lane : picture->lanes)
        lane.bars.clear();
    for (int k = 0; k < 2000; ++k) {
        const double from = k * 0.5;
        StepColumn column = step(quint64(k) * 500 + 1, from, from + 0.5, 100, 3);
        column.digest.steps = 500;
        picture->steps.append(column);
        for (StepLaneRow& lane : picture->lanes)
            lane.bars.append({at(from), at(from + 0.5), quint64(k), 500, 0.8F});
    }
    picture->requests.clear();
    for (int r = 0; r < 12; ++r) {
        RequestRow row = request(quint64(r + 1), QStringLiteral("Chat %1").arg(r),
                                 {bar(0, 1000, engine::LifePhase::Decode)});
        row.bars.clear();
        for (int k = 0; k < 2000; ++k)
            row.bars.append(bar(k * 0.5, k * 0.5 + 0.5, engine::LifePhase::Decode, 250));
        picture->requests.append(row);
    }
    picture->requestCount = 4000;
    return picture;
}

} // namespace

class TimelinePanelTest : public QObject
{
    Q_OBJECT

private:
    PanelStage m_stage;
    Theme& m_theme = m_stage.theme;
    TimeView& m_view = m_stage.view;

    template<class Panel>
    std::unique_ptr<Panel> shown(const QSize& size = {1028, 240})
    {
        return m_stage.shown<Panel>(size);
    }

private slots:
    void initTestCase() { m_stage.open(); }
    void init() { m_view.begin({at(0), at(1000)}, false); }

    void allPanelsHaveTheSameTimesAtTheSamePlace()
    {
        const auto requests = shown<RequestPanel>();
        const auto steps = shown<StepPanel>();
        const auto batch = shown<BatchPanel>();
        const auto trends = shown<TrendPanel>();
        QCOMPARE(requests->plotRect().left(), 212.0);
        for (const qint64 ns : {at(0), at(250), at(1000)}) {
            QCOMPARE(steps->scale().x(ns), requests->scale().x(ns));
            QCOMPARE(batch->scale().x(ns), requests->scale().x(ns));
            QCOMPARE(trends->scale().x(ns), requests->scale().x(ns));
        }
        QCOMPARE(requests->scale().x(at(250)), 412.0);
    }

    void draggingSelectsATime()
    {
        const auto panel = shown<StepPanel>();
        drag(*panel, {412, 20}, {612, 20});
        QCOMPARE(m_view.selection(), TimeRange({at(250), at(500)}));
        drag(*panel, {612, 20}, {812, 20}); // its end
        QCOMPARE(m_view.selection(), TimeRange({at(250), at(750)}));
        QVERIFY(!m_view.moment());
    }

    void theWheelZoomsAboutThePointer()
    {
        const auto panel = shown<StepPanel>();
        turnWheel(*panel, {412, 20}, 240);
        QVERIFY(m_view.visible().length() < 1000 * kMs);
        QVERIFY(std::abs(panel->scale().x(at(250)) - 412) < 0.01);
        const TimeRange before = m_view.visible();
        turnWheel(*panel, {412, 20}, -120, Qt::ShiftModifier);
        QCOMPARE(m_view.visible().length(), before.length());
        QVERIFY(m_view.visible().startNs > before.startNs);
    }

    void theMiddleButtonPans()
    {
        const auto panel = shown<StepPanel>();
        m_view.show({at(200), at(600)});
        drag(*panel, {500, 20}, {300, 20}, Qt::MiddleButton);
        QCOMPARE(m_view.visible(), TimeRange({at(300), at(700)}));
        QVERIFY(!m_view.hasSelection());
    }

    void aClickPicksTheRequestAndADoubleClickZoomsToIt()
    {
        const auto panel = shown<RequestPanel>();
        panel->setPicture(madeTimeline());
        QSignalSpy picked(panel.get(), &TimelinePanel::requestPicked);
        QTest::mouseClick(panel.get(), Qt::LeftButton, {}, {900, 40});
        QCOMPARE(picked.count(), 1);
        QCOMPARE(picked[0][0].value<engine::RequestId>(), engine::RequestId{1});
        QCOMPARE(panel->picked(), engine::RequestId{1});
        QTest::mouseDClick(panel.get(), Qt::LeftButton, {}, {230, 40}); // its prompt, 0 to 100 ms
        QCOMPARE(m_view.visible(), TimeRange({at(0), at(140)}));
    }

    void aClickOnAPreemptionShowsIt()
    {
        const auto panel = shown<RequestPanel>();
        panel->setPicture(madeTimeline());
        QSignalSpy preempted(panel.get(), &TimelinePanel::preemptionPicked);
        QTest::mouseClick(panel.get(), Qt::LeftButton, {}, {592, 63}); // the second row at 475 ms
        QCOMPARE(preempted.count(), 1);
        QCOMPARE(*m_view.moment(), at(300));
        QVERIFY(m_view.isEvent());
    }

    void tooltipsExplainTheTermAndGiveFigures()
    {
        const auto panel = shown<RequestPanel>();
        panel->setPicture(madeTimeline());
        const QString tip = panel->tipAt({592, 63});
        QVERIFY2(tip.contains("Kyoto packing list") && tip.contains("340 ms") &&
                     tip.contains("given to another"),
                 qPrintable(tip));
        QVERIFY(panel->tipAt({60, 40}).contains("1,200"));
        const auto steps = shown<StepPanel>();
        steps->setPicture(madeTimeline());
        const QString forward = steps->tipAt({232, 45});
        QVERIFY2(forward.contains("forward") && forward.contains("480"), qPrintable(forward));
        const auto batch = shown<BatchPanel>();
        batch->setPicture(madeTimeline());
        QVERIFY(batch->tipAt({232, 45}).contains("480"));
        QCOMPARE(batch->budget(), (std::pair(512U, 512U)));
    }

    void keysMoveInTimeAndThroughTheRows()
    {
        const auto panel = shown<RequestPanel>();
        panel->setPicture(madeTimeline());
        QSignalSpy picked(panel.get(), &TimelinePanel::requestPicked);
        QTest::keyClick(panel.get(), Qt::Key_Plus);
        QVERIFY(m_view.visible().length() < 1000 * kMs);
        QTest::keyClick(panel.get(), Qt::Key_Home);
        QCOMPARE(m_view.visible().startNs, at(0));
        QTest::keyClick(panel.get(), Qt::Key_Right);
        QVERIFY(m_view.visible().startNs > at(0));
        QTest::keyClick(panel.get(), Qt::Key_End);
        QCOMPARE(m_view.visible().endNs, at(1000));
        QTest::keyClick(panel.get(), Qt::Key_Down);
        QTest::keyClick(panel.get(), Qt::Key_Down);
        QCOMPARE(picked.last()[0].value<engine::RequestId>(), engine::RequestId{2});
        m_view.select({at(100), at(200)});
        QTest::keyClick(panel.get(), Qt::Key_Return);
        QCOMPARE(m_view.visible(), TimeRange({at(100), at(200)}));
        QTest::keyClick(panel.get(), Qt::Key_Escape);
        QVERIFY(!m_view.hasSelection());
    }

    void aLongListScrollsAndAsksForItsRowsAlone()
    {
        const auto panel = shown<RequestPanel>({1028, 26 + 10 * 25});
        panel->setPicture(crowdedTimeline());
        QSignalSpy rows(panel.get(), &TimelinePanel::rowsChanged);
        QVERIFY(panel->rowsAsked() < 20);
        turnWheel(*panel, {412, 60}, -120, Qt::ControlModifier);
        QCOMPARE(panel->firstRow(), qsizetype(3));
        QVERIFY(!rows.isEmpty());
        panel->setFilter(QStringLiteral("Kyoto"));
        QCOMPARE(panel->firstRow(), qsizetype(0));
    }

    void aRequestOutOfViewIsScrolledTo()
    {
        const auto panel = shown<RequestPanel>({1028, 26 + 10 * 25});
        panel->setPicture(crowdedTimeline());
        QSignalSpy rows(panel.get(), &TimelinePanel::rowsChanged);
        panel->reveal(engine::RequestId{900});
        QCOMPARE(rows.count(), 1); // a picture is asked for
        auto answer = crowdedTimeline();
        answer->query.wanted = engine::RequestId{900};
        answer->wantedRow = 899;
        panel->setPicture(answer);
        QVERIFY(panel->firstRow() <= 899 && panel->firstRow() + 10 > 899);
        turnWheel(*panel, {412, 60}, -120, Qt::ControlModifier);
        const qsizetype moved = panel->firstRow();
        panel->setPicture(answer); // later pictures leave what a person scrolled to
        QCOMPARE(panel->firstRow(), moved);
    }

    void whatIsDrawnDoesNotGrowWithTheRecording()
    {
        const auto picture = crowdedTimeline();
        const auto requests = shown<RequestPanel>();
        const auto steps = shown<StepPanel>();
        const auto batch = shown<BatchPanel>();
        const auto trends = shown<TrendPanel>();
        for (TimelinePanel* panel :
             std::initializer_list<TimelinePanel*>{requests.get(), steps.get(), batch.get(), trends.get()}) {
            panel->setPicture(picture);
            panel->grab();
            const int all = panel->itemsDrawn();
            QVERIFY2(all > 100 && all < 25'000, qPrintable(QString::number(all)));
            m_view.show({at(400), at(410)}); // a hundredth of it: what is out of view is not visited
            panel->grab();
            QVERIFY2(panel->itemsDrawn() < all / 10, qPrintable(QString::number(panel->itemsDrawn())));
            m_view.showAll();
        }
    }

    void aPictureOfAnotherTimeIsDrawnWhereItIsNow()
    {
        const auto panel = shown<StepPanel>();
        panel->setPicture(madeTimeline());
        const auto forward = [&] { // a pixel of the first step's forward bar
            return panel->grab().toImage().pixelColor(int(panel->scale().x(at(45))), 2 * 18 + 9);
        };
        QCOMPARE(forward(), m_theme.tokens().prefill);
        m_view.show({at(0), at(100)});
        QCOMPARE(forward(), m_theme.tokens().prefill);
        const QColor later = panel->grab().toImage().pixelColor(int(panel->scale().x(at(95))), 2 * 18 + 9);
        QVERIFY(later != m_theme.tokens().prefill); // nothing was computed there
    }

    void theOverviewsWindowIsDraggedAndDrawnAnew()
    {
        OverviewPanel panel(m_view, m_theme);
        panel.resize(1028, 55);
        panel.show();
        auto picture = std::make_shared<OverviewPicture>();
        picture->range = {at(0), at(1000)};
        for (int k = 0; k < 100; ++k)
            picture->columns.append(step(quint64(k), k * 10, k * 10 + 10, 0, 5));
        picture->preemptions = {at(300)};
        panel.setPicture(picture);
        m_view.show({at(200), at(400)});
        QCOMPARE(panel.windowRect().left(), 372.0);
        drag(panel, {450, 20}, {610, 20});
        QCOMPARE(m_view.visible(), TimeRange({at(400), at(600)}));
        drag(panel, {852, 20}, {932, 20}); // where nothing is
        QCOMPARE(m_view.visible(), TimeRange({at(800), at(900)}));
        QTest::mouseDClick(&panel, Qt::LeftButton, {}, {500, 20});
        QVERIFY(m_view.showsAll());
        panel.grab();
        QVERIFY(panel.itemsDrawn() > 100 && panel.itemsDrawn() < 200);
        QVERIFY(panel.tipAt({452, 50}).contains("preempted"));
        QVERIFY(panel.tipAt({700, 20}).contains("500 tokens/s"));
    }

    void oddPicturesAreDrawnWithoutHarm()
    {
        auto picture = madeTimeline();
        picture->requests[0].bars = {{at(900), at(100), 77, 0, -3.0F},
                                     {-engine::kMostNs, engine::kMostNs, 2, 1, 1.0F}};
        picture->requests[0].tokens = {engine::kMostNs - 1, at(1)};
        picture->steps[0].endNs = picture->steps[0].startNs;
        picture->lanes[0].bars[0].coverage = std::numeric_limits<float>::quiet_NaN();
        const auto requests = shown<RequestPanel>();
        const auto steps = shown<StepPanel>();
        const auto batch = shown<BatchPanel>();
        const auto trends = shown<TrendPanel>();
        for (TimelinePanel* panel :
             std::initializer_list<TimelinePanel*>{requests.get(), steps.get(), batch.get(), trends.get()}) {
            panel->setPicture(picture);
            QVERIFY(!panel->grab().isNull());
            for (int x = 0; x < 1028; x += 97)
                for (int y = 0; y < 240; y += 31)
                    (void)panel->tipAt(QPointF(x, y));
        }
    }
};

QTEST_MAIN(TimelinePanelTest)
#include "timeline_panel_test.moc"
