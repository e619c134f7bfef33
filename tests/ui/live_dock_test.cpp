// SPDX-License-Identifier: GPL-3.0-or-later
// The dock shows what was recorded, stands still while paused, and draws with 1 px pens in the theme.
#include <QApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "ui/profiler/charts.h"
#include "ui/profiler/live_dock.h"
#include "ui/profiler/live_section.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
std::int64_t s_now = 0; // the dock's clock in these tests

engine::StepRecord stepAt(std::uint64_t number, double second)
{
    engine::StepRecord record;
    record.step = number;
    record.endNs = static_cast<std::int64_t>(second * kSecond);
    record.tokenBudget = 512;
    record.blocksReferenced = 40;
    record.blocksCached = 25;
    record.blocksFree = 35;
    return record;
}

void collectPens(QCustomPlot& plot, QList<QPen>& pens)
{
    for (int i = 0; i < plot.plottableCount(); ++i)
        pens << plot.plottable(i)->pen();
    for (QCPAxisRect* rect : plot.axisRects())
        for (QCPAxis* axis : rect->axes())
            pens << axis->basePen() << axis->tickPen() << axis->grid()->pen() << axis->grid()->zeroLinePen();
}

} // namespace

class LiveDockTest : public QObject
{
    Q_OBJECT

private:
    Theme m_theme;

private slots:
    void initTestCase() { m_theme.applyTo(*qApp); }
    void init() { s_now = 100 * kSecond; }

    void chartsShowTheRecordsGivenIn()
    {
        LiveDock dock(m_theme, nullptr, [] { return s_now; });
        dock.resize(LiveDock::kWidth, 850);
        dock.show();
        auto a = stepAt(1, 98.5), b = stepAt(2, 99.5);
        a.prefillTokens = 384;
        b.decodeTokens = 3;
        b.preemptions = 1;
        dock.addSteps({a, b}, 0);
        QTRY_VERIFY(dock.shownView().anyStep);
        auto* batch = dock.findChild<BatchChart*>();
        const auto* prefill = qobject_cast<QCPBars*>(batch->plottable(0));
        const auto* decode = qobject_cast<QCPBars*>(batch->plottable(1));
        QCOMPARE(prefill->data()->size(), int(LiveSeries::kSeconds));
        // Second 98 of now = 100: two full bins left of the one that is filling.
        QCOMPARE(prefill->data()->at(57)->key, -2.5);
        QCOMPARE(prefill->data()->at(57)->value, 384.0);
        QCOMPARE(decode->data()->at(58)->value, 3.0);
        const auto* cached = dock.findChild<KvChart*>()->graph(0);
        QCOMPARE((cached->data()->constEnd() - 1)->value, 65.0);
        QCOMPARE(dock.findChild<KvChart*>()->yAxis->range().upper, 100.0);
    }

    void pauseFreezesTheViewWhileDataGoOn()
    {
        LiveDock dock(m_theme, nullptr, [] { return s_now; });
        dock.show();
        dock.addSteps({stepAt(1, 99.5)}, 0);
        QTRY_VERIFY(dock.shownView().anyStep);
        dock.setPaused(true);
        auto later = stepAt(2, 99.7);
        later.preemptions = 5;
        dock.addSteps({later}, 0);
        QTest::qWait(3 * LiveDock::kRefreshMs);
        QCOMPARE(dock.shownView().preemptions, 0u);
        dock.setPaused(false);
        QCOMPARE(dock.shownView().preemptions, 5u);
    }

    void doesNotPaintWhileHidden()
    {
        LiveDock dock(m_theme, nullptr, [] { return s_now; });
        dock.addSteps({stepAt(1, 99.5)}, 0);
        QTest::qWait(3 * LiveDock::kRefreshMs);
        QVERIFY(!dock.shownView().anyStep);
        dock.show();
        QVERIFY(dock.shownView().anyStep);
    }

    void saysHowManyRecordsWereDropped()
    {
        LiveDock dock(m_theme);
        const auto says = [&dock](const QString& text) {
            for (const QLabel* label : dock.findChildren<QLabel*>())
                if (label->text() == text)
                    return true;
            return false;
        };
        QVERIFY(says(QStringLiteral("No records dropped")));
        dock.addSteps({}, 1234);
        QVERIFY(says(QStringLiteral("%1 records dropped").arg(QLocale().toString(1234))));
    }

    void everyPenIsOnePixel()
    {
        LiveDock dock(m_theme);
        dock.show();
        QList<QPen> pens;
        const auto charts = dock.findChildren<ChartPlot*>();
        QCOMPARE(charts.size(), 4);
        for (ChartPlot* chart : charts)
            collectPens(*chart, pens);
        QVERIFY(pens.size() > 40);
        for (const QPen& pen : pens)
            QVERIFY(pen.style() == Qt::NoPen || pen.widthF() == 1.0);
    }

    void chartsFollowTheTheme()
    {
        LiveDock dock(m_theme);
        dock.show();
        auto* prefix = dock.findChild<PrefixChart*>();
        QCOMPARE(prefix->graph(0)->pen().color(), lightTokens().cachedInk);
        m_theme.setChoice(ThemeChoice::Dark);
        QCOMPARE(prefix->graph(0)->pen().color(), darkTokens().cachedInk);
        m_theme.setChoice(ThemeChoice::Light);
    }

    void explainsItsTermsAndHasNames()
    {
        LiveDock dock(m_theme);
        for (const LiveSection* section : dock.findChildren<LiveSection*>()) {
            QVERIFY(!section->accessibleName().isEmpty());
            QVERIFY(section->toolTip().size() > 40);
        }
        for (const QToolButton* button : dock.findChildren<QToolButton*>())
            QVERIFY(!button->accessibleName().isEmpty());
    }

    void closeAsksToBeClosed()
    {
        LiveDock dock(m_theme);
        QSignalSpy closed(&dock, &LiveDock::closeRequested);
        dock.findChildren<QToolButton*>().back()->click();
        QCOMPARE(closed.count(), 1);
    }
};

QTEST_MAIN(LiveDockTest)
#include "live_dock_test.moc"
