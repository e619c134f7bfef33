// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings as the Profiler asks for them: of the running engine while it runs, of a file, and the newest
// question instead of every one.
#include <algorithm>
#include <sstream>

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "engine/telemetry/metrics.h"
#include "engine/telemetry/metrics_text.h"
#include "engine/trace/trace_writer.h"
#include "tests/bridge/support/heard_reply.h"
#include "tests/engine/support/recorded_run.h"
#include "ui/recording/comparison.h"
#include "ui/recording/recording_session.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

/// A real run under pressure, as a file.
QString writtenRun(const QTemporaryDir& folder, const RecordedRun& run)
{
    engine::TraceOrigin origin;
    origin.pool = run.start;
    origin.model = "SmolLM2";
    origin.unixNs = 1'700'000'000'000'000'000;
    origin.steadyNs = run.steps.front().record.startNs;
    const QString path = folder.filePath(QStringLiteral("run.vtrace"));
    auto writer = engine::TraceWriter::create(
        path.toStdString(), origin,
        {.wordOf = [](engine::TokenId token) { return "<" + std::to_string(token) + ">"; }});
    if (!writer || !writer->label(engine::RequestId{2}, {"Kyoto packing list", 9, 11}) ||
        !writer->add(run.steps) || !writer->finish(0))
        return {};
    return path;
}

template<class Value, class Ask>
Value answer(RecordingSession& session, void (RecordingSession::*signal)(const Value&), Ask ask)
{
    Value value{};
    int answers = 0;
    const auto connection = QObject::connect(&session, signal, &session, [&](const Value& heard) {
        value = heard;
        ++answers;
    });
    ask();
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answers > 0, kPatience); }();
    QObject::disconnect(connection);
    return value;
}

} // namespace

class RecordingSessionTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(!defaultModel().isEmpty(), "the default model is missing");
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

    void theRunningEngineIsFollowed()
    {
        EngineBridge bridge(shortSteps());
        RecordingSession session(bridge.feed());
        QSignalSpy ready(&bridge, &EngineBridge::modelReady);
        bridge.loadModel(defaultModel());
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), kPatience);
        engine::RequestId request;
        connect(&bridge, &EngineBridge::replySubmitted, this,
                [&](ReplyId, engine::RequestId number) { request = number; });
        session.name(5, QStringLiteral("A question"), 2);
        Heard heard(bridge, bridge.newReplyId());
        bridge.generate(heard.reply, textRequest("The capital of France is", 24));
        QTRY_VERIFY_WITH_TIMEOUT(request.value != 0, kPatience);
        session.label(request, 5, 6);
        QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(session.summary().steps >= 20, kPatience);
        QVERIFY(session.summary().live);
        QVERIFY(!session.summary().model.isEmpty() && !session.summary().device.isEmpty());
        const RequestDetails details =
            answer(session, &RecordingSession::requestReady, [&] { session.askRequest(request); });
        QCOMPARE(details.name.title, QStringLiteral("A question"));
        QCOMPARE(details.name.hue, std::size_t(2));
        QVERIFY(details.life.replyTokens > 0);
    }

    void aRunningRecordingIsWrittenToAFileThatStandsAlone()
    {
        QTemporaryDir folder;
        EngineBridge bridge(shortSteps());
        RecordingSession session(bridge.feed());
        QSignalSpy ready(&bridge, &EngineBridge::modelReady);
        bridge.loadModel(defaultModel());
        QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), kPatience);
        engine::RequestId first;
        connect(&bridge, &EngineBridge::replySubmitted, this,
                [&](ReplyId, engine::RequestId number) { first = number; });
        Heard before(bridge, bridge.newReplyId());
        bridge.generate(before.reply, textRequest("One two three", 40));
        QTRY_COMPARE_WITH_TIMEOUT(before.ends, 1, kPatience);
        const auto hasEnded = [&] {
            const RequestDetails details =
                answer(session, &RecordingSession::requestReady, [&] { session.askRequest(first); });
            return details.life.endNs != 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(hasEnded(), kPatience);

        const QString path = folder.filePath(QStringLiteral("new/live.vtrace"));
        session.startRecording(path);
        QTRY_VERIFY_WITH_TIMEOUT(session.fileRecording().active, kPatience);
        const quint64 empty = session.fileRecording().bytes;
        Heard heard(bridge, bridge.newReplyId());
        bridge.generate(heard.reply, textRequest("One two three", 40));
        QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(hasEnded(), kPatience); // of the second one: all of it has come
        QTRY_VERIFY_WITH_TIMEOUT(session.fileRecording().bytes > empty, kPatience);
        session.stopRecording();
        QTRY_VERIFY_WITH_TIMEOUT(!session.fileRecording().active, kPatience);
        QCOMPARE(session.fileRecording().error, QString());

        RecordingSession read(path);
        QSignalSpy changed(&read, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        QVERIFY(read.summary().damage.isEmpty());
        QCOMPARE(read.summary().requests, qsizetype(1)); // the one before had ended
        const SharedBlockMap live = answer(session, &RecordingSession::blocksReady,
                                           [&] { session.askBlocks(session.summary().range.endNs); });
        const SharedBlockMap map =
            answer(read, &RecordingSession::blocksReady, [&] { read.askBlocks(read.summary().range.endNs); });
        QCOMPARE(map->cells.size(), live->cells.size());
        QVERIFY(live->cached > 0);
        QCOMPARE(map->cached, live->cached); // also of what was there before
        QCOMPARE(map->free, live->free);
    }

    void aPartOfARecordingIsExportedInEveryFormat_data()
    {
        QTest::addColumn<QString>("suffix");
        for (const char* suffix : {"vtrace", "json", "pftrace", "csv"})
            QTest::newRow(suffix) << QString::fromLatin1(suffix);
    }

    void aPartOfARecordingIsExportedInEveryFormat()
    {
        QFETCH(QString, suffix);
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy changed(&session, &RecordingSession::changed);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), kPatience);
        const TimeRange all = session.summary().range;
        QSignalSpy exported(&session, &RecordingSession::exported);
        const QString whole = folder.filePath(QStringLiteral("whole.") + suffix);
        const QString part = folder.filePath(QStringLiteral("part.") + suffix);
        session.exportTo(whole);
        session.exportTo(part, {all.startNs + all.length() / 3, all.startNs + all.length() / 2});
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 2, kPatience);
        for (const QList<QVariant>& call : exported)
            QCOMPARE(call[1].toString(), QString());
        QVERIFY(QFileInfo(part).size() > 0);
        QVERIFY(QFileInfo(part).size() < QFileInfo(whole).size());
    }

    void anExportThatCannotBeWrittenSaysWhy()
    {
        QTemporaryDir folder;
        RecordingSession session(writtenRun(folder, m_run));
        QSignalSpy exported(&session, &RecordingSession::exported);
        session.exportTo(folder.filePath(QStringLiteral("missing/x.json")));
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, kPatience);
        QVERIFY(exported.first()[1].toString().contains(QStringLiteral("x.json")));
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

private:
    RecordedRun m_run;
};

QTEST_GUILESS_MAIN(RecordingSessionTest)
#include "recording_session_test.moc"
