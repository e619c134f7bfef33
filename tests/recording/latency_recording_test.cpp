// SPDX-License-Identifier: GPL-3.0-or-later
// What is worked out beside the pictures of a recording: where time went, advice, what a change did, and two
// recordings beside each other.
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/recording/support/written_run.h"
#include "ui/recording/comparison.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

class LatencyRecordingTest : public QObject
{
    Q_OBJECT

private:
    static constexpr int kPatience = 60'000;

    RecordedRun m_run;

private slots:
    void initTestCase()
    {
        m_run = recordRun();
        QVERIFY2(m_run.error.empty(), m_run.error.c_str());
    }

    void everyPartOfAWaitAddsUp()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        const SharedLatency picture = answer(session, &RecordingSession::latencyReady, [&] {
            session.askLatency({{}, engine::RequestId{3}});
        });
        QCOMPARE(picture->requests, qsizetype(5));
        QCOMPARE(picture->rows.size(), qsizetype(5));
        for (const LatencyRow& row : picture->rows)
            QCOMPARE(row.latency.toFirstToken.total(), row.latency.firstTokenNs - row.latency.arrivalNs);
        QCOMPARE(picture->chosen.request, engine::RequestId{3});
        QCOMPARE(picture->gaps.size(), qsizetype(29)); // 30 tokens
        for (const engine::TokenGap& gap : picture->gaps)
            QCOMPARE(gap.ownNs + gap.interferenceNs + gap.waitingNs + gap.overheadNs,
                     gap.endNs - gap.startNs);
        QVERIFY(picture->p50Ns > 0 && picture->p95Ns >= picture->p50Ns);
        QVERIFY(!picture->targetNs); // a file does not say
    }

    void aRangeLeavesOutWhatLiesElsewhere()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy changed(&session, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        const TimeRange all = session.summary().range;
        const TimeRange late{all.startNs + all.length() / 2, all.endNs};
        const SharedLatency picture = answer(session, &RecordingSession::latencyReady, [&] {
            session.askLatency({late, {}});
        });
        QVERIFY(picture->chosen.request.value != 0); // of those that are there
        QVERIFY(!picture->gaps.isEmpty());
        for (const engine::TokenGap& gap : picture->gaps)
            QVERIFY(gap.endNs >= late.startNs);
        for (const LatencyRow& row : picture->rows)
            QVERIFY(row.latency.firstTokenNs >= late.startNs);
    }

    void advicePointsIntoTheRecording()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        const SharedAdvice advice =
            answer(session, &RecordingSession::adviceReady, [&] { session.askAdvice({}); });
        QCOMPARE(advice->steps, quint64(m_run.steps.size()));
        QCOMPARE(advice->blocks, m_run.start.blocks);
        QVERIFY(!advice->diagnoses.isEmpty()); // five requests in a pool of fourteen blocks
        for (const engine::Diagnosis& diagnosis : advice->diagnoses)
            for (const TimeRange& range : diagnosis.evidence.ranges)
                QVERIFY(session.summary().range.touches(range));
    }

    void aChangeIsMeasuredOnBothItsSides()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        const qint64 middle = m_run.steps[m_run.steps.size() / 2].record.startNs;
        const MeasureQuery query{middle, engine::GainMetric::BetweenTokensP95};
        const MeasuredChange change =
            answer(session, &RecordingSession::measured, [&] { session.askMeasure(query); });
        quint64 working = 0;
        for (const engine::RecordedStep& step : m_run.steps)
            working += step.rows.empty() ? 0 : 1;
        QCOMPARE(change.stepsBefore + change.stepsAfter, working);
        QVERIFY(change.stepsBefore > 0 && change.stepsAfter > 0);
        QVERIFY(change.before.betweenP95 > 0 && change.after.betweenP95 > 0);
        QVERIFY(!change.seriesBefore.isEmpty() && !change.seriesAfter.isEmpty());
    }

    void aRecordingComparedWithItselfHasNotChanged()
    {
        QTemporaryDir first, second;
        RecordingSession a(writtenRun(first, m_run)), b(writtenRun(second, m_run));
        RunComparer comparer;
        QSignalSpy ready(&comparer, &RunComparer::ready);
        comparer.compare(&a, &b);
        QTRY_COMPARE_WITH_TIMEOUT(ready.size(), 1, kPatience);
        const auto result = ready.first().first().value<SharedComparison>();
        QCOMPARE(result->comparison.pairs, std::size_t(5));
        for (const engine::CompareRow& row : result->comparison.rows)
            QVERIFY(row.change == 0.0 && row.verdict != engine::Verdict::Better &&
                    row.verdict != engine::Verdict::Worse);
        QVERIFY(!comparer.isBusy());
    }

    void aComparisonEndsWithARecordingThatGoes()
    {
        QTemporaryDir folder;
        RecordingSession a(writtenRun(folder, m_run));
        auto b = std::make_unique<RecordingSession>(folder.filePath(QStringLiteral("none.vtrace")));
        RunComparer comparer;
        comparer.compare(&a, b.get());
        QVERIFY(comparer.isBusy());
        b.reset();
        QVERIFY(!comparer.isBusy());
    }
};

QTEST_GUILESS_MAIN(LatencyRecordingTest)
#include "latency_recording_test.moc"
