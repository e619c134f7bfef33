// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown of a recording's time: zoom, the way back, the selection, following a recording that grows.
#include <QSignalSpy>
#include <QTest>

#include "ui/profiler/timeline/time_text.h"
#include "ui/profiler/timeline/time_view.h"

using namespace vitrine::ui;

namespace {

constexpr qint64 kSecond = 1'000'000'000;

TimeRange seconds(double from, double to)
{
    return {qint64(from * kSecond), qint64(to * kSecond)};
}

} // namespace

class TimeViewTest : public QObject
{
    Q_OBJECT

private slots:
    void aFileIsShownWhole()
    {
        TimeView view;
        view.begin(seconds(5, 105), false);
        QCOMPARE(view.visible(), seconds(5, 105));
        QVERIFY(!view.isFollowing());
        QVERIFY(!view.canGoBack());
    }

    void zoomKeepsTheTimeUnderThePointer()
    {
        TimeView view;
        view.begin(seconds(0, 100), false);
        view.zoomAbout(25 * kSecond, 0.5);
        QCOMPARE(view.visible(), seconds(12.5, 62.5));
        const TimeScale scale{view.visible(), 212, 800};
        QCOMPARE(scale.x(25 * kSecond), 412.0); // a quarter of the way, as before
    }

    void nothingOutsideTheRecordingIsShown()
    {
        TimeView view;
        view.begin(seconds(10, 20), false);
        view.show(seconds(-50, 12));
        QCOMPARE(view.visible(), seconds(10, 20));
        view.show(seconds(18, 22));
        QCOMPARE(view.visible(), seconds(16, 20));
        view.zoomAbout(17 * kSecond, 1000);
        QCOMPARE(view.visible(), seconds(10, 20));
        view.zoomAbout(12 * kSecond, 1e-12);
        QCOMPARE(view.visible().length(), TimeView::kLeastNs);
    }

    void backAndForwardWalkThroughWhatWasSeen()
    {
        TimeView view;
        view.begin(seconds(0, 100), false);
        view.show(seconds(10, 20));
        view.zoomAbout(15 * kSecond, 0.5);
        view.zoomAbout(15 * kSecond, 0.5); // one gesture with the one before
        QCOMPARE(view.visible(), seconds(13.75, 16.25));
        view.back();
        QCOMPARE(view.visible(), seconds(10, 20));
        view.back();
        QCOMPARE(view.visible(), seconds(0, 100));
        QVERIFY(!view.canGoBack());
        view.forward();
        view.forward();
        QCOMPARE(view.visible(), seconds(13.75, 16.25));
        QVERIFY(!view.canGoForward());
        view.back();
        view.show(seconds(50, 60));
        QVERIFY(!view.canGoForward());
    }

    void theWayBackIsBounded()
    {
        TimeView view;
        view.begin(seconds(0, 1000), false);
        for (int i = 0; i < 300; ++i)
            view.show(seconds(i, i + 1));
        int steps = 0;
        for (; view.canGoBack() && steps < 1000; ++steps)
            view.back();
        QCOMPARE(steps, int(TimeView::kMostSteps));
    }

    void aSelectionIsOrderedAndCutToTheRecording()
    {
        TimeView view;
        view.begin(seconds(0, 100), false);
        QSignalSpy changed(&view, &TimeView::selectionChanged);
        view.select(seconds(30, 20));
        QCOMPARE(view.selection(), seconds(20, 30));
        view.showSelection();
        QCOMPARE(view.visible(), seconds(20, 30));
        view.select(seconds(90, 200));
        QCOMPARE(view.selection(), seconds(90, 100));
        view.clearSelection();
        QVERIFY(!view.hasSelection());
        QCOMPARE(changed.count(), 3);
    }

    void followingSlidesWithTheEndAndKeepsItsLength()
    {
        TimeView view;
        view.begin(seconds(0, 4), true);
        QCOMPARE(view.visible(), seconds(0, 4));
        view.setBounds(seconds(0, 25));
        QCOMPARE(view.visible(), seconds(15, 25));
        view.zoomAbout(20 * kSecond, 0.5);
        QVERIFY(view.isFollowing());
        view.setBounds(seconds(0, 30));
        QCOMPARE(view.visible(), seconds(25, 30));
    }

    void lookingBackStopsFollowingAndWhatIsSeenStays()
    {
        TimeView view;
        view.begin(seconds(0, 50), true);
        QSignalSpy following(&view, &TimeView::followingChanged);
        view.panBy(-5 * kSecond);
        QCOMPARE(following.count(), 1);
        QCOMPARE(view.visible(), seconds(35, 45));
        view.setBounds(seconds(0, 80));
        QCOMPARE(view.visible(), seconds(35, 45));
        view.setFollowing(true);
        QCOMPARE(view.visible(), seconds(70, 80));
    }

    void oldTimesThatWereDroppedAreLeft()
    {
        TimeView view;
        view.begin(seconds(0, 50), false);
        view.show(seconds(5, 10));
        view.setBounds(seconds(20, 60));
        QCOMPARE(view.visible(), seconds(20, 25));
    }

    void anEmptyRecordingHasNothingToZoom()
    {
        TimeView view;
        view.begin({}, true);
        view.zoomAbout(0, 0.5);
        view.panBy(100);
        view.showAll();
        view.setMoment(77);
        QCOMPARE(view.visible(), TimeRange());
        QCOMPARE(*view.moment(), 0);
        view.setBounds(seconds(1, 3));
        QCOMPARE(view.visible(), seconds(1, 3));
    }

    void timesAreWrittenAsExactAsTheyDiffer()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QCOMPARE(durationText(300'000), QStringLiteral("0.3 ms"));
        QCOMPARE(durationText(47.3e6), QStringLiteral("47.3 ms"));
        QCOMPARE(durationText(565e6), QStringLiteral("565 ms"));
        QCOMPARE(durationText(1.5e9), QStringLiteral("1.50 s"));
        QCOMPARE(durationText(12'000), QStringLiteral("12 µs"));
        QCOMPARE(durationText(125e9), QStringLiteral("2 min 5 s"));
        QCOMPARE(placeText(42'750'000'000, 1e8), QStringLiteral("42.8 s"));
        QCOMPARE(placeText(42'750'000'000, 1e7), QStringLiteral("42.75 s"));
        QCOMPARE(placeText(42'000'000'000, 5e9), QStringLiteral("42 s"));
        QCOMPARE(markStep(1e6, 100), 1e8);
        QCOMPARE(markStep(1.5e6, 100), 2e8);
        QCOMPARE(markStep(3e6, 100), 5e8);
    }
};

QTEST_MAIN(TimeViewTest)
#include "time_view_test.moc"
