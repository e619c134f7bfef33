// SPDX-License-Identifier: GPL-3.0-or-later
// The lanes of threads: what they show, say and ask for; what is drawn does not grow with the recording; and
// what a picked request and a picked step show of each other.
#include <limits>

#include <QApplication>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/support/made_pictures.h"
#include "ui/chat/menu_button.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/profiler/timeline/request_panel.h"
#include "ui/profiler/timeline/step_panel.h"
#include "ui/profiler/timeline/thread_panel.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

NvtxLaneName lane(const QString& name, quint32 thread, int levels = 1, bool spans = false)
{
    NvtxLaneName lane;
    lane.name = name;
    lane.domain = QStringLiteral("vitrine");
    lane.key =
        (spans ? QStringLiteral("spans/") : QStringLiteral("thread/")) + name + QStringLiteral("/vitrine");
    lane.thread = thread;
    lane.levels = levels;
    lane.of = spans ? engine::NvtxLaneOf::Spans : engine::NvtxLaneOf::Thread;
    return lane;
}

NvtxBar told(double from, double to, quint32 name, quint32 spans = 1)
{
    NvtxBar bar;
    bar.startNs = at(from);
    bar.endNs = at(to);
    bar.name = name;
    bar.spans = spans;
    bar.coverage = 0.5F;
    return bar;
}

/// The engine's thread with a range in a range, a mark and a payload; a worker; spans of steps.
std::shared_ptr<TimelinePicture> madeThreads()
{
    auto picture = madeTimeline();
    NvtxPicture& nvtx = picture->nvtx;
    nvtx.texts = {QString(),
                  QStringLiteral("schedule"),
                  QStringLiteral("plan"),
                  QStringLiteral("scheduler"),
                  QStringLiteral("preempted"),
                  QStringLiteral("gate up")};
    nvtx.lanes = {lane(QStringLiteral("engine"), 7, 2), lane(QStringLiteral("worker 1"), 8),
                  lane(QStringLiteral("step"), 0, 1, true)};
    NvtxBar schedule = told(100, 200, 1);
    schedule.category = 3;
    schedule.payloadKind = engine::NvtxPayload::Unsigned;
    schedule.payload = 17;
    nvtx.rows = {{0, 0.1, {{schedule}, {told(120, 150, 2)}}, {told(300, 300, 4)}},
                 {1, 0.755, {{told(0, 400, 5), told(500, 505, 5, 40)}}, {}},
                 {2, 0, {{told(0, 500, 1)}}, {}}};
    return picture;
}

/// A counter's lane alone: 4 from the beginning on, then between -2 and 8, then 1.
std::shared_ptr<TimelinePicture> madeCounter()
{
    auto picture = madeTimeline();
    NvtxLaneName counter = lane(QStringLiteral("queue waiting"), 0, 2);
    counter.of = engine::NvtxLaneOf::Counter;
    counter.unit = QStringLiteral("requests");
    picture->nvtx.lanes = {counter};
    NvtxLaneRow row;
    row.samples = {{at(0), 4, 4, 4, 0}, {at(300), -2, 8, 3, 25}, {at(600), 1, 1, 1, 1}};
    picture->nvtx.rows = {row};
    return picture;
}

/// A million ranges on sixteen threads, as a recording answers for them.
std::shared_ptr<TimelinePicture> crowdedThreads()
{
    auto picture = madeThreads();
    NvtxPicture& nvtx = picture->nvtx;
    nvtx.lanes.clear();
    nvtx.rows.clear();
    for (int thread = 0; thread < 16; ++thread) {
        nvtx.lanes.append(lane(QStringLiteral("worker %1").arg(thread), quint32(thread), 2));
        NvtxLaneRow row{thread, 0.5, {{}, {}}, {}};
        for (int k = 0; k < 1600; ++k)
            for (auto& level : row.levels)
                level.append(told(k * 0.625, k * 0.625 + 0.625, 5, 20));
        nvtx.rows.append(row);
    }
    return picture;
}

} // namespace

class ThreadPanelTest : public QObject
{
    Q_OBJECT

private:
    PanelStage m_stage;
    Theme& m_theme = m_stage.theme;
    TimeView& m_view = m_stage.view;

    std::unique_ptr<ThreadPanel> shown(const SharedTimeline& picture, const QSize& size = {1028, 120})
    {
        return m_stage.shown<ThreadPanel>(size, picture);
    }

private slots:
    void initTestCase() { m_stage.open(); }
    void init() { m_view.begin({at(0), at(1000)}, false); }

    void aRangeSaysWhatItIs()
    {
        const auto panel = shown(madeThreads());
        const QString tip = panel->tipAt({panel->scale().x(at(110)), 8});
        QCOMPARE(tip,
                 QStringLiteral("schedule, 100 ms\nengine\nDomain vitrine\nCategory scheduler\nPayload 17"));
        const QString inner = panel->tipAt({panel->scale().x(at(130)), 3 + 15 + 5});
        QVERIFY2(inner.startsWith(QStringLiteral("plan, 30.0 ms")), qPrintable(inner));
        QVERIFY(panel->tipAt({panel->scale().x(at(300)), 5}).startsWith(QStringLiteral("preempted\n")));
        QCOMPARE(panel->tipAt({panel->scale().x(at(700)), 8}), QString());
    }

    void severalThatCannotBeToldApartSayHowMany()
    {
        const auto panel = shown(madeThreads());
        const QString tip = panel->tipAt({panel->scale().x(at(502)), 36 + 8}); // on the second lane
        QVERIFY2(tip.startsWith(QStringLiteral("40 events in 5.0 ms, busy for 50%")), qPrintable(tip));
    }

    void aCounterSaysItsValueAndHowFarItWent()
    {
        const auto panel = shown(madeCounter());
        const auto tip = [&](double x) { return panel->tipAt({x, 10}); };
        QCOMPARE(tip(panel->scale().x(at(100))), QStringLiteral("queue waiting: 4 requests\nDomain vitrine"));
        QCOMPARE(tip(panel->scale().x(at(400))),
                 QStringLiteral("queue waiting: 3 requests\n25 samples, from -2 to 8\nDomain vitrine"));
        QVERIFY(tip(20).startsWith(QStringLiteral("queue waiting\nDomain vitrine\nA counter")));
    }

    void aCounterIsDrawnAsHighAsItIs()
    {
        auto picture = madeCounter();
        picture->nvtx.rows.first().samples = {{at(0), 1, 1, 1, 1}, {at(500), 10, 10, 10, 1}};
        const auto panel = shown(picture, {1028, 60});
        const QImage image = panel->grab().toImage();
        const QColor ground = image.pixelColor(int(panel->scale().x(at(250))), 45);
        const auto painted = [&](double ns) {
            int rows = 0;
            for (int y = 0; y < 36; ++y)
                rows += image.pixelColor(int(panel->scale().x(at(ns))), y) != ground ? 1 : 0;
            return rows;
        };
        QVERIFY2(painted(750) > 3 * painted(250) && painted(250) > 0,
                 qPrintable(QStringLiteral("%1 %2").arg(painted(750)).arg(painted(250))));
        picture = madeCounter(); // no number is too large
        const double huge = std::numeric_limits<double>::max();
        picture->nvtx.rows.first().samples = {{at(0), -huge, huge, huge, 2}, {at(500), -huge, 0, -huge, 2}};
        QVERIFY(!shown(picture)->grab().isNull());
    }

    void whatAGpuDidLeadsToTheCallThatAskedForIt()
    {
        auto picture = madeThreads();
        NvtxPicture& nvtx = picture->nvtx;
        nvtx.texts << QStringLiteral("cudaGraphLaunch") << QStringLiteral("engine");
        NvtxBar& kernel = nvtx.rows[1].levels[0].first();
        kernel.startNs = at(200);
        kernel.callNs = at(150);
        kernel.call = quint32(nvtx.texts.size() - 2);
        kernel.callThread = quint32(nvtx.texts.size() - 1);
        const auto panel = shown(picture);
        const QPointF on(panel->scale().x(at(300)), 36 + 8);
        QVERIFY(panel->tipAt(on).contains(
            QStringLiteral("Asked for by cudaGraphLaunch on engine, 50.0 ms before")));
        QSignalSpy picked(panel.get(), &TimelinePanel::stepPicked);
        QTest::mouseClick(panel.get(), Qt::LeftButton, {}, on.toPoint());
        QCOMPARE(picked.first().first().toLongLong(), at(150));
    }

    void aClickPicksTheStepOfTheTime()
    {
        const auto panel = shown(madeThreads());
        QSignalSpy picked(panel.get(), &TimelinePanel::stepPicked);
        QTest::mouseClick(panel.get(), Qt::LeftButton, {}, QPoint(int(panel->scale().x(at(150))), 8));
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked.first().first().toLongLong(), at(100)); // where the range begins
        QTest::mouseDClick(panel.get(), Qt::LeftButton, {}, QPoint(int(panel->scale().x(at(150))), 8));
        QVERIFY(m_view.visible().length() < at(200) - at(0)); // and goes to it
    }

    void whatIsDrawnIsBoundedByThePixels()
    {
        const auto panel = shown(crowdedThreads());
        panel->grab();
        const int all = panel->itemsDrawn();
        QVERIFY2(all > 1000 && all < 25'000,
                 qPrintable(QString::number(all))); // of 51,200 bars: those in view
        m_view.show({at(400), at(410)});
        panel->grab();
        QVERIFY2(panel->itemsDrawn() < all / 10, qPrintable(QString::number(panel->itemsDrawn())));
    }

    void onlyLanesInViewAreAskedFor()
    {
        const auto panel = shown(crowdedThreads());
        QCOMPARE(panel->firstLane(), qsizetype(0));
        QVERIFY(panel->lanesAsked() >= 4 && panel->lanesAsked() < 12);
        QSignalSpy changed(panel.get(), &TimelinePanel::rowsChanged);
        QTest::keyClick(panel.get(), Qt::Key_Down);
        QTest::keyClick(panel.get(), Qt::Key_Down);
        QVERIFY(!changed.isEmpty());
        QVERIFY(panel->firstLane() > 0);
    }

    void withoutLanesItSaysWhy()
    {
        const auto panel = shown(madeTimeline());
        panel->setEmptyText(QStringLiteral("No NVTX events yet."));
        panel->grab();
        QCOMPARE(panel->itemsDrawn(), 1);
    }

    void hiddenLanesTakeNoRoom()
    {
        auto picture = madeThreads();
        const auto panel = shown(picture);
        const int before = panel->sizeHint().height();
        auto less = std::make_shared<TimelinePicture>(*picture);
        less->nvtx.lanes[0].hidden = true;
        less->nvtx.rows.removeFirst();
        panel->setPicture(less);
        QCOMPARE(before - panel->sizeHint().height(), 2 * ThreadPanel::kLevel + 2 * ThreadPanel::kMargin);
        QVERIFY(panel->tipAt({50, 8}).startsWith(QStringLiteral("worker 1"))); // now the first
    }

    void whichLanesAreShownIsKept()
    {
        QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        {
            TimelinePage page(m_view, settings, m_theme);
            page.resize(1440, 900);
            page.show();
            page.setTimeline(madeThreads());
            page.findChild<MenuButton*>(QStringLiteral("lanes"))->click();
            QMenu* menu = page.findChild<QMenu*>();
            QVERIFY(menu != nullptr);
            QStringList texts;
            for (QAction* action : menu->actions()) {
                if (!action->isSeparator())
                    texts << action->text();
                if (action->text() == QLatin1String("worker 1"))
                    action->trigger();
            }
            QCOMPARE(texts, (QStringList{"engine", "worker 1", "spans: step", "Show all lanes"}));
            QCOMPARE(page.query().hiddenLanes, QStringList{QStringLiteral("thread/worker 1/vitrine")});
            menu->close();
        }
        TimelinePage again(m_view, settings, m_theme);
        QCOMPARE(again.query().hiddenLanes, QStringList{QStringLiteral("thread/worker 1/vitrine")});
    }

    void aPickedRequestMarksItsStepsAndAStepItsRequests()
    {
        auto picture = madeThreads();
        StepPanel steps(m_view, m_theme);
        steps.resize(1028, 120);
        steps.setPicture(picture);
        steps.grab();
        const int without = steps.itemsDrawn();
        picture = std::make_shared<TimelinePicture>(*picture);
        picture->wantedSteps = {{at(0), at(300), 1, 1, 1.0F}, {at(640), at(1000), 7, 1, 1.0F}};
        steps.setPicture(picture);
        const QImage image = steps.grab().toImage();
        QCOMPARE(steps.itemsDrawn(), without + 2);
        const int below = 3 * StepPanel::kLane - 2; // the forward lane's lower edge
        QCOMPARE(image.pixelColor(int(steps.scale().x(at(150))), below), m_theme.tokens().accent);
        QVERIFY(image.pixelColor(int(steps.scale().x(at(450))), below) != m_theme.tokens().accent);

        RequestPanel requests(m_view, m_theme);
        requests.resize(1028, 120);
        requests.setPicture(picture);
        requests.grab();
        QCOMPARE(requests.outlined(), 0);
        requests.setStep({at(100), at(200)}, {engine::RequestId{2}, engine::RequestId{99}});
        requests.grab();
        QCOMPARE(requests.outlined(), 1);
        m_view.show({at(700), at(900)});
        requests.grab();
        QCOMPARE(requests.outlined(), 0); // the step is out of view
    }

    void oddPicturesAreDrawnWithoutHarm()
    {
        auto picture = madeThreads();
        picture->nvtx.rows[0].levels[0] = {told(900, 100, 99, 0)};
        picture->nvtx.rows[0].levels[0][0].coverage = std::numeric_limits<float>::quiet_NaN();
        picture->nvtx.rows[1].levels[0][0].startNs = -engine::kMostNs;
        picture->nvtx.rows[1].levels[0][0].endNs = engine::kMostNs;
        picture->nvtx.rows[0].levels.resize(20);
        picture->nvtx.lanes[1].levels = 16;
        const auto panel = shown(picture);
        QVERIFY(!panel->grab().isNull());
        for (int x = 0; x < 1028; x += 97)
            for (int y = 0; y < 120; y += 11)
                (void)panel->tipAt(QPointF(x, y));
    }
};

QTEST_MAIN(ThreadPanelTest)
#include "thread_panel_test.moc"
