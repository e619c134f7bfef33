// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of a recording that is a file: what is in it, what a block and a preemption were, and the newest
// question instead of every one.
#include <algorithm>
#include <sstream>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "engine/telemetry/metrics.h"
#include "engine/telemetry/metrics_text.h"
#include "tests/recording/support/written_run.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

class RecordingSessionTest : public QObject
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

    void aFileIsReadAndShown()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy changed(&session, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        const RecordingSummary& summary = session.summary();
        QCOMPARE(summary.steps, quint64(m_run.steps.size()));
        QCOMPARE(summary.requests, qsizetype(5));
        QVERIFY(summary.preemptions > 0 && !summary.live);
        QCOMPARE(summary.unixNs, qint64(1'700'000'000'000'000'000));

        TimelineQuery query;
        query.serial = 3;
        query.range = summary.range;
        query.columns = 4000;
        query.rows = 4;
        const SharedTimeline picture =
            answer(session, &RecordingSession::timelineReady, [&] { session.askTimeline(query); });
        QCOMPARE(picture->query.serial, quint64(3));
        QCOMPARE(picture->requestCount, qsizetype(5));
        QCOMPARE(picture->requests.size(), qsizetype(4));
        QCOMPARE(picture->requests[1].name.title, QStringLiteral("Kyoto packing list"));
        QCOMPARE(picture->requests[1].name.conversation, quint64(9));
        QCOMPARE(picture->requests[0].replyTokens, 30U);
        QCOMPARE(picture->lanes.size(), qsizetype(engine::kStepPhases));
        quint64 decoded = 0, expected = 0;
        for (const StepColumn& column : picture->steps)
            decoded += column.digest.decodeTokens;
        for (const engine::RecordedStep& step : m_run.steps)
            expected += step.record.decodeTokens;
        QCOMPARE(decoded, expected);
        QVERIFY(!picture->preemptions.isEmpty());
    }

    void aFilterLeavesTheRequestsThatMatch()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy changed(&session, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        TimelineQuery query;
        query.range = session.summary().range;
        query.columns = 300;
        query.rows = 10;
        for (const auto& [filter, count] : {std::pair("kyoto", 1), {"#3", 1}, {"nothing", 0}, {"", 5}}) {
            query.filter = QString::fromLatin1(filter);
            const SharedTimeline picture =
                answer(session, &RecordingSession::timelineReady, [&] { session.askTimeline(query); });
            QCOMPARE(picture->requestCount, qsizetype(count));
        }
    }

    void theBlockMapCountsEveryBlockOnce()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy changed(&session, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        for (const engine::RecordedStep& step : m_run.steps) {
            if (step.record.step == 0)
                continue;
            const qint64 ns = step.record.startNs;
            const SharedBlockMap map =
                answer(session, &RecordingSession::blocksReady, [&] { session.askBlocks(ns); });
            QCOMPARE(map->cells.size(), qsizetype(m_run.start.blocks));
            quint32 held = 0;
            for (const BlockOwner& owner : map->owners)
                held += owner.blocks;
            QCOMPARE(held + map->shared + map->cached + map->free, m_run.start.blocks);
            if (map->step == step.record.step)
                QCOMPARE(map->free, step.record.blocksFree);
        }
    }

    void aBlockSaysWhatLiesInItAndWhatHappenedToIt()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy changed(&session, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        const qint64 middle = m_run.steps[m_run.steps.size() / 2].record.startNs;
        quint32 texts = 0, histories = 0;
        for (quint32 block = 0; block < m_run.start.blocks; ++block) {
            const BlockDetails details =
                answer(session, &RecordingSession::blockReady, [&] { session.askBlock(block, middle); });
            QCOMPARE(details.block, block);
            texts += details.text.startsWith(QLatin1Char('<')) ? 1 : 0;
            histories += details.history.isEmpty() ? 0 : 1;
            QVERIFY(quint64(details.history.size()) <= details.moments);
        }
        QVERIFY(texts > 3 && histories > 3);
    }

    void preemptionsAreWalkedThrough()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy changed(&session, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        PreemptionQuery query{session.summary().range.startNs - 1, 1, 0};
        const auto ask = [&] {
            return answer(session, &RecordingSession::preemptionReady, [&] { session.askPreemption(query); });
        };
        qsizetype seen = 0;
        for (PreemptionDetails details = ask(); details.number != 0; details = ask()) {
            QCOMPARE(details.number, ++seen);
            QVERIFY(details.detail.timeNs >= query.ns && details.victim.request.value != 0);
            QCOMPARE(details.detail.victim, details.victim.request);
            QCOMPARE(details.choices.size(), qsizetype(details.detail.alternatives.size() + 1));
            QCOMPARE(details.count, session.summary().preemptions);
            query = {details.detail.timeNs, 1, details.number};
        }
        QCOMPARE(seen, session.summary().preemptions);
        query = {query.ns, -1, seen};
        QCOMPARE(ask().number, seen - 1);
        query = {query.ns, -1, 1};
        QCOMPARE(ask().number, qsizetype(0));
    }

    void theMetricsOfAllAndOfAPartAreThoseOfTheirSteps()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy changed(&session, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        engine::Metrics expected("SmolLM2");
        for (const engine::RecordedStep& step : m_run.steps)
            expected.add(step);
        std::ostringstream text;
        engine::writeMetrics(expected.families(), text);
        const SharedMetrics all = answer(session, &RecordingSession::metricsReady, [&] {
            session.askMetrics({7, {}});
        });
        QCOMPARE(all->query.serial, quint64(7));
        QCOMPARE(all->text, QString::fromStdString(text.str()));
        const auto tokens = all->courses.constFind(QStringLiteral("vitrine:generation_tokens_total"));
        QVERIFY(tokens != all->courses.constEnd() && tokens->size() > 1);
        QVERIFY(std::is_sorted(tokens->begin(), tokens->end()));

        const TimeRange whole = session.summary().range;
        const SharedMetrics part = answer(session, &RecordingSession::metricsReady, [&] {
            session.askMetrics({8, {whole.startNs, whole.startNs + whole.length() / 2}});
        });
        const auto steps = [](const SharedMetrics& picture) {
            for (const engine::MetricFamily& family : picture->families)
                if (family.name == "vitrine:engine_steps_total")
                    return family.values.front().value;
            return -1.0;
        };
        QVERIFY(steps(part) > 0 && steps(part) < steps(all));
    }

    void whatWasNotAsUsualIsToldWithoutBeingAskedFor()
    {
        RecordedRun slow;
        slow.start = m_run.start;
        qint64 now = 1'000'000'000;
        for (quint64 i = 1; i <= 400; ++i) {
            engine::RecordedStep& step = slow.steps.emplace_back();
            const bool bad = i > 300 && i <= 320;
            step.record.step = i;
            step.record.startNs = now;
            step.record.predictedNs = 10'000'000;
            step.record.running = 1;
            const qint64 took = (bad ? 60'000'000 : 10'000'000) + qint64(i % 7) * 40'000;
            step.phases = {{engine::StepPhase::Forward, now, now + took}};
            now += took;
            step.record.endNs = now;
            step.rows = {{engine::RequestId{1}, 0, 1, 5, 1}};
        }
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, slow));
        SharedAnomalies told;
        connect(&session, &RecordingSession::anomaliesReady, this,
                [&](const SharedAnomalies& picture) { told = picture; });
        QTRY_VERIFY_WITH_TIMEOUT(told && !told->entries.isEmpty(), kPatience);
        const auto slowSteps =
            std::find_if(told->entries.begin(), told->entries.end(), [](const AnomalyPicture::Entry& entry) {
                return entry.anomaly.kind == engine::AnomalyKind::SlowSteps;
            });
        QVERIFY(slowSteps != told->entries.end());
        QCOMPARE(slowSteps->anomaly.firstStep, quint64(301));
        QVERIFY(!slowSteps->open && !told->live);
    }

    void aFileThatIsNoneIsRefusedWithAReason()
    {
        QTemporaryDir folder;
        RecordingSession session(folder.filePath(QStringLiteral("none.vtrace")));
        QSignalSpy failed(&session, &RecordingSession::openFailed);
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, kPatience);
        QVERIFY(failed.first().first().toString().contains(QStringLiteral("none.vtrace")));
    }

    void ofManyQuestionsTheNewestIsAnswered()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy changed(&session, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        quint64 last = 0, answers = 0;
        connect(&session, &RecordingSession::timelineReady, this, [&](const SharedTimeline& picture) {
            QVERIFY(picture->query.serial > last);
            last = picture->query.serial;
            ++answers;
        });
        TimelineQuery query;
        query.range = session.summary().range;
        for (query.serial = 1; query.serial <= 1000; ++query.serial)
            session.askTimeline(query);
        QTRY_COMPARE_WITH_TIMEOUT(last, quint64(1000), kPatience);
        QVERIFY2(answers < 1000, qPrintable(QString::number(answers)));
    }
};

QTEST_GUILESS_MAIN(RecordingSessionTest)
#include "recording_session_test.moc"
