// SPDX-License-Identifier: GPL-3.0-or-later
// What was unusual, as a person meets it: a list that stays put while it grows, marks over time, and a word
// now and then that never repeats itself.
#include <QApplication>
#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

#include "tests/ui/support/made_pictures.h"
#include "ui/profiler/anomalies/anomaly_bell.h"
#include "ui/profiler/anomalies/anomaly_list.h"
#include "ui/profiler/timeline/overview_panel.h"
#include "ui/profiler/timeline/trend_panel.h"
#include "ui/recording/analysis_maker.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;
using engine::AnomalyKind;

namespace {

AnomalyPicture::Entry entry(AnomalyKind kind, double from, double to, double score, bool open = false)
{
    AnomalyPicture::Entry made;
    made.anomaly.kind = kind;
    made.anomaly.startNs = at(from);
    made.anomaly.endNs = at(to);
    made.anomaly.firstStep = quint64(from);
    made.anomaly.lastStep = quint64(to);
    made.anomaly.score = score;
    made.anomaly.sentence = {"%1 requests waited at once, instead of %2.",
                             {engine::countFigure(9), engine::countFigure(1)}};
    made.open = open;
    return made;
}

SharedAnomalies pictureOf(const QList<AnomalyPicture::Entry>& entries, bool live = true)
{
    auto picture = std::make_shared<AnomalyPicture>();
    picture->startNs = kStart;
    picture->entries = entries;
    picture->count = quint64(entries.size());
    picture->live = live;
    return picture;
}

} // namespace

class AnomaliesTest : public QObject
{
    Q_OBJECT

private:
    Theme m_theme;

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_theme.applyTo(*qApp);
    }

    void theBellDoesNotRepeatItself()
    {
        AnomalyBell bell;
        const auto slow = entry(AnomalyKind::SlowSteps, 100, 900, 30, true);
        const qint64 now = at(1000);
        const auto first = bell.ring(*pictureOf({slow}), now);
        QVERIFY(first && first->kind == AnomalyKind::SlowSteps);
        QVERIFY(!bell.ring(*pictureOf({slow}), now + AnomalyBell::kAnyNs + 1));
        const auto queue = entry(AnomalyKind::Queue, 950, 1000, 20, true);
        QVERIFY(!bell.ring(*pictureOf({slow, queue}), now + AnomalyBell::kAnyNs - 1)); // too soon
        const auto second = bell.ring(*pictureOf({slow, queue}), now + AnomalyBell::kAnyNs + 1);
        QVERIFY(second && second->kind == AnomalyKind::Queue);
        const auto later = entry(AnomalyKind::SlowSteps, 5000, 5100, 30, true);
        QVERIFY(bell.ring(*pictureOf({later}), now + AnomalyBell::kSameKindNs + 1));
    }

    void theBellIsSilentAboutHistoryAndTrifles()
    {
        AnomalyBell bell;
        const auto old = entry(AnomalyKind::SlowSteps, 100, 200, 30);
        QVERIFY(!bell.ring(*pictureOf({old}), at(200) + AnomalyBell::kFreshNs + 1));
        QVERIFY(bell.ring(*pictureOf({old}), at(200) + AnomalyBell::kFreshNs));
        AnomalyBell other;
        QVERIFY(!other.ring(*pictureOf({entry(AnomalyKind::Queue, 1, 2, 9, true)}), at(3)));
        QVERIFY(!other.ring(*pictureOf({entry(AnomalyKind::Queue, 1, 2, std::nan(""), true)}), at(3)));
    }

    void theListSaysWhenWhatAndHowFarAndLeadsThere()
    {
        AnomalyList list(m_theme);
        list.resize(392, 400);
        list.show();
        QVERIFY(list.text().contains(QLatin1String("Nothing so far")));
        list.setPicture(
            pictureOf({entry(AnomalyKind::Queue, 250, 400, 14), entry(AnomalyKind::Gaps, 500, 500, 20)}));
        QVERIFY(!list.text().contains(QLatin1String("Nothing so far")));
        for (const char* said : {"Long queue", "0.25 s", "9 requests waited at once, instead of 1.",
                                 "14 × the usual spread", "Gaps between steps"})
            QVERIFY2(list.text().contains(QString::fromUtf8(said)), qPrintable(list.text()));
        QSignalSpy picked(&list, &AnomalyList::rangePicked);
        QTest::mouseClick(list.view().viewport(), Qt::LeftButton, Qt::NoModifier,
                          list.view().visualRect(list.view().model()->index(1, 0)).center());
        QCOMPARE(picked.size(), 1);
        QCOMPARE(picked.last().first().value<TimeRange>().startNs, at(250));
        QCOMPARE(picked.last().first().value<TimeRange>().endNs, at(400));
        list.view().setCurrentIndex(list.view().model()->index(0, 0)); // the newest, of no length
        QTest::keyClick(&list.view(), Qt::Key_Return);
        QVERIFY(!picked.last().first().value<TimeRange>().isEmpty());
        QVERIFY(!list.grab().isNull());
    }

    void whatComesDoesNotMoveTheChoice()
    {
        AnomalyModel model;
        const auto a = entry(AnomalyKind::Queue, 250, 400, 14), b = entry(AnomalyKind::Gaps, 500, 510, 20);
        model.setPicture(pictureOf({a}));
        const QPersistentModelIndex chosen = model.index(0, 0);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setPicture(pictureOf({a, b}));
        QCOMPARE(reset.size(), 0);
        QCOMPARE(chosen.row(), 1);
        QCOMPARE(chosen.data(AnomalyModel::TitleRole).toString(), QStringLiteral("Long queue"));
        model.setPicture(pictureOf({b})); // the oldest is forgotten
        QCOMPARE(reset.size(), 1);
        QCOMPARE(model.rowCount(), 1);
        model.setPicture({});
        QCOMPARE(model.rowCount(), 0);
    }

    void marksLieWhereItWasAndSayWhat()
    {
        TimeView view;
        view.begin({at(0), at(1000)}, false);
        OverviewPanel overview(view, m_theme);
        overview.resize(1068, 55);
        auto picture = std::make_shared<OverviewPicture>();
        picture->range = {at(0), at(1000)};
        picture->columns = madeTimeline()->steps;
        overview.setPicture(picture);
        overview.setAnomalies(pictureOf({entry(AnomalyKind::Queue, 250, 400, 14)}));
        const double x = overview.scale().x(at(300));
        QVERIFY(overview.tipAt({x, 2}).contains(QLatin1String("Long queue")));
        QVERIFY(!overview.tipAt({overview.scale().x(at(600)), 2}).contains(QLatin1String("Long queue")));
        QCOMPARE(overview.grab().toImage().pixelColor(int(x), 6), m_theme.tokens().warning);

        TrendPanel trends(view, m_theme);
        trends.resize(1068, 260);
        trends.setPicture(madeTimeline());
        trends.setAnomalies(pictureOf({entry(AnomalyKind::Queue, 250, 400, 14)}));
        const auto middle = [&](int chart) {
            return QPointF(trends.scale().x(at(300)), trends.chartRect(chart).center().y());
        };
        QVERIFY(trends.tipAt(middle(TrendPanel::Load)).contains(QLatin1String("Long queue")));
        QVERIFY(!trends.tipAt(middle(TrendPanel::Speed)).contains(QLatin1String("Long queue")));
        QVERIFY(!trends.grab().isNull());
    }
};

QTEST_MAIN(AnomaliesTest)
#include "anomalies_test.moc"
