// SPDX-License-Identifier: GPL-3.0-or-later
// What a recording holds of processes that compute together: each one's part of every step, and what became
// of those that failed; in the file, in exports, in metrics and among what is unusual.
#include <QtTest>

#include <csignal>
#include <limits>
#include <sstream>

#include "engine/analysis/anomaly_log.h"
#include "engine/analysis/rank_balance.h"
#include "engine/telemetry/metrics.h"
#include "engine/trace/chrome_export.h"
#include "engine/trace/trace_chunk.h"
#include "engine/trace/trace_reader.h"
#include "engine/trace/trace_step.h"
#include "engine/trace/trace_writer.h"
#include "tests/engine/support/ranked_load.h"
#include "tests/engine/support/trace_exercise.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

struct Recorded
{
    RecordingStart start;
    std::vector<RecordedStep> steps;
    Replies replies;

    std::vector<RankEvent> events() const
    {
        std::vector<RankEvent> all;
        for (const RecordedStep& step : steps)
            all.insert(all.end(), step.rankEvents.begin(), step.rankEvents.end());
        return all;
    }
};

Recorded record(Engine& engine, std::size_t requests, const Mischief& mischief = {})
{
    Recorded recorded;
    Recorder recorder;
    engine.record(&recorder);
    recorded.start = recorder.start();
    recorded.replies = runLoad(engine, mixedLoad(requests, tinyModel("llama")->config().vocab), mischief);
    recorded.steps = recorder.take();
    engine.record(nullptr);
    return recorded;
}

/// A step of two processes and something that happened before it.
RecordedStep someStep()
{
    RecordedStep step;
    step.record.step = 4;
    step.record.startNs = 1'000;
    step.record.endNs = 9'000;
    step.record.forwardNs = 6'000;
    step.ranks.processes = {{2'000, 8'000, {5'000, 500, 500, 100, 4'096}},
                            {2'100, 8'000, {3'000, 2'500, 400, 0, 4'096}}};
    step.rankEvents = {{RankEventKind::Replaced, 100, 900, 2, 2, {1}, "the process of rank 1 was stopped"},
                       {RankEventKind::Changed, 950, 980, 3, 2, {}, {}}};
    return step;
}

TraceBytes encoded(const RecordedStep& step)
{
    TraceBytes bytes;
    encodeStep(bytes, step, 0);
    return bytes;
}

/// As a program wrote it that knew nothing of processes: without what stands behind the phases.
TraceBytes olderBytes(const RecordedStep& step)
{
    RecordedStep bare = step;
    bare.ranks = {};
    bare.rankEvents.clear();
    TraceBytes bytes = encoded(bare); // its length in one byte, then fields whose last three are 0, 1, 0
    bytes.resize(bytes.size() - 3);
    bytes[0] = static_cast<std::uint8_t>(bytes.size() - 1);
    return bytes;
}

double valueOf(const Metrics& metrics, const std::string& name, std::size_t value = 0)
{
    for (const MetricFamily& family : metrics.families())
        if (family.name == "vitrine:" + name && value < family.values.size())
            return family.values[value].value;
    return -1;
}

} // namespace

class RankRecordingTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_state.isValid());
        qputenv("XDG_STATE_HOME", m_state.path().toUtf8());
    }

    void eachProcessesPartOfEachStepIsRecorded()
    {
        const auto engine = rankedEngine(engineOptions(2, kNeverFewer));
        QVERIFY(engine);
        const Recorded run = record(*engine, 4);
        std::size_t steps = 0;
        for (const RecordedStep& step : run.steps) {
            if (step.rows.empty())
                continue;
            ++steps;
            QCOMPARE(step.ranks.processes.size(), std::size_t{2});
            QCOMPARE(step.ranks.stages, 1U);
            for (const RankPart& part : step.ranks.processes) {
                QVERIFY(part.startNs >= step.record.startNs && part.startNs <= part.endNs);
                QVERIFY(part.endNs - part.startNs <= step.record.forwardNs);
                QVERIFY(part.times.computeNs > 0 && part.times.bytes > 0);
                QCOMPARE(part.times.computeNs + part.times.waitNs + part.times.sumNs,
                         part.endNs - part.startNs);
            }
        }
        QVERIFY(steps > 20);
        QVERIFY(run.events().empty());
        const RankBalance balance = rankBalance(run.steps);
        QCOMPARE(balance.steps, std::uint64_t{steps});
        QCOMPARE(balance.processes.size(), std::size_t{2});
        QCOMPARE(balance.processes[0].slowest + balance.processes[1].slowest, std::uint64_t{steps});
        QVERIFY(balance.linkBytesPerSecond() > 0 && balance.sumShare() < 1 && balance.waitShare() < 1);
    }

    void stagesAreRecordedAsSuch()
    {
        EngineOptions options = engineOptions(1, kNeverFewer);
        options.executor.stageCount = 2;
        auto executor = makeRankedModel(tinyModel("llama"), options.executor, {}, VITRINE_CLI);
        QVERIFY2(executor.has_value(), executor ? "" : executor.error().message.c_str());
        const auto model = tinyModel("llama");
        const Result<KvPlan> plan = reserveMemory(**executor, model->config(), options);
        QVERIFY(plan.has_value());
        Engine engine;
        engine.install({model, std::move(*executor), *plan, options});
        const Recorded run = record(engine, 3);
        QVERIFY(!run.steps.empty());
        for (const RecordedStep& step : run.steps)
            if (!step.rows.empty())
                QVERIFY(step.ranks.stages == 2 && step.ranks.processes.size() == 2);
        const RankBalance balance = rankBalance(run.steps);
        QCOMPARE(balance.stages, 2U);
        QVERIFY(balance.processes[1].waitNs > 0); // for the rows of the stage before
    }

    void oneProcessHasNobodyToShareWith()
    {
        const auto engine = rankedEngine(engineOptions(1, kNeverFewer));
        QVERIFY(engine);
        const Recorded run = record(*engine, 2);
        for (const RecordedStep& step : run.steps)
            QVERIFY(step.ranks.processes.empty());
        QVERIFY(rankBalance(run.steps).alone());
    }

    void aFailureIsRecordedWithItsReasonAndHowLongItTook()
    {
        const auto engine = rankedEngine(engineOptions(2, kNeverFewer));
        QVERIFY(engine);
        const Recorded run = record(*engine, 4, [](std::uint64_t step) {
            if (step == 7)
                ::kill(workerIds().front(), SIGKILL);
        });
        QVERIFY2(run.replies.errors.empty(), firstOf(run.replies.errors));
        const std::vector<RankEvent> events = run.events();
        QCOMPARE(events.size(), std::size_t{1});
        QVERIFY(events[0].kind == RankEventKind::Replaced);
        QCOMPARE(events[0].processes, std::vector<std::uint32_t>{1});
        QVERIFY(events[0].ranksBefore == 2 && events[0].ranksNow == 2);
        QVERIFY2(events[0].reason.find("killed by signal 9") != std::string::npos, events[0].reason.c_str());
        QVERIFY(events[0].startNs < events[0].endNs);
        AnomalyLog log;
        Metrics metrics("m");
        for (const RecordedStep& step : run.steps) {
            log.add(step);
            metrics.add(step);
        }
        const AnomalyLog::Found found = log.found();
        const auto told = std::count_if(found.all.begin(), found.all.end(), [](const Anomaly& anomaly) {
            return anomaly.kind == AnomalyKind::Ranks &&
                   anomaly.sentence.english().find("killed by signal 9") != std::string::npos;
        });
        QCOMPARE(told, std::ptrdiff_t{1});
        QCOMPARE(valueOf(metrics, "rank_failures_total"), 1.0);
        QCOMPARE(valueOf(metrics, "rank_changes_total"), 0.0);
        QCOMPARE(valueOf(metrics, "ranks"), 2.0);
        QVERIFY(valueOf(metrics, "rank_compute_seconds_total", 1) > 0);
        QVERIFY(valueOf(metrics, "rank_sent_bytes_total", 1) > 0);
    }

    void whatHappensWhileNobodyAsksIsToldAtOnce()
    {
        const auto engine = rankedEngine(engineOptions(3, kNeverFewer));
        QVERIFY(engine);
        Recorder recorder;
        engine->record(&recorder);
        QVERIFY(engine->setRanks(1).has_value());
        std::vector<RecordedStep> told = recorder.take();
        QCOMPARE(told.size(), std::size_t{1});
        QCOMPARE(told[0].record.step, std::uint64_t{0});
        QVERIFY(!told[0].isOpening());
        QCOMPARE(told[0].rankEvents.size(), std::size_t{1});
        const RankEvent& changed = told[0].rankEvents[0];
        QVERIFY(changed.kind == RankEventKind::Changed && changed.reason.empty());
        QVERIFY(changed.ranksBefore == 3 && changed.ranksNow == 1);
        QVERIFY(engine->setRanks(1).has_value()); // nothing changes
        QVERIFY(recorder.take().empty());
        engine->record(nullptr);
    }

    void filesHoldThem()
    {
        const RecordedStep step = someStep();
        const TraceBytes bytes = encoded(step);
        TraceDecoder in(bytes);
        const RecordedStep back = decodeStep(in, 0);
        QVERIFY(in.ok() && encoded(back) == bytes);
        QCOMPARE(back.ranks.processes.size(), std::size_t{2});
        QVERIFY(back.ranks.processes[1].times == step.ranks.processes[1].times);
        QCOMPARE(back.ranks.processes[1].startNs, std::int64_t{2'100});
        QCOMPARE(back.rankEvents[0].reason, step.rankEvents[0].reason);
        QCOMPARE(back.rankEvents[0].processes, std::vector<std::uint32_t>{1});
        QVERIFY(back.rankEvents[1].kind == RankEventKind::Changed && back.rankEvents[1].endNs == 980);
    }

    void filesFromBeforeThereWereAnyAreRead()
    {
        const RecordedStep step = someStep();
        TraceBytes bytes = olderBytes(step);
        const TraceBytes second = olderBytes(step);
        bytes.insert(bytes.end(), second.begin(), second.end());
        TraceDecoder in(bytes);
        for (int i = 0; i < 2; ++i) {
            const RecordedStep back = decodeStep(in, 0);
            QVERIFY(in.ok());
            QVERIFY(back.record.step == 4 && back.record.forwardNs == 6'000);
            QVERIFY(back.ranks.processes.empty() && back.ranks.stages == 1 && back.rankEvents.empty());
        }
        QCOMPARE(in.remaining(), std::size_t{0});
    }

    void whatCannotBeIsRefused()
    {
        const auto refuses = [](const RecordedStep& step) {
            const TraceBytes bytes = encoded(step);
            TraceDecoder in(bytes);
            static_cast<void>(decodeStep(in, 0));
            return !in.ok();
        };
        RecordedStep step = someStep();
        QVERIFY(!refuses(step));
        step.ranks.stages = 0;
        QVERIFY(refuses(step));
        step.ranks.stages = 4'000'000'000U;
        QVERIFY(refuses(step));
        step.ranks.processes.resize(3);
        step.ranks.stages = 2;
        QVERIFY(refuses(step));
        step.ranks.processes.resize(kMostProcesses + 1);
        step.ranks.stages = 1;
        QVERIFY(refuses(step));
        step = someStep();
        step.rankEvents[0].kind = static_cast<RankEventKind>(6);
        QVERIFY(refuses(step));
    }

    void hostileNumbersDoNoHarm()
    {
        constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max(),
                               kLeast = std::numeric_limits<std::int64_t>::min();
        std::mt19937_64 random(20261129);
        const auto any = [&]() -> std::int64_t {
            const std::array<std::int64_t, 5> numbers = {kMost, kLeast, -1, 0,
                                                         static_cast<std::int64_t>(random())};
            return numbers[random() % numbers.size()];
        };
        for (int round = 0; round < 200; ++round) {
            Trace trace;
            for (std::uint64_t i = 0; i < 6; ++i) {
                RecordedStep step = someStep();
                step.record.step = random() % 4;
                step.record.startNs = any();
                step.record.endNs = any();
                step.record.forwardNs = any();
                step.ranks.processes.resize(random() % 5);
                for (RankPart& part : step.ranks.processes)
                    part = {any(), any(), {any(), any(), any(), any(), random()}};
                for (RankEvent& event : step.rankEvents) {
                    event.startNs = any();
                    event.endNs = any();
                    event.reason = "\x01\xff%1";
                }
                trace.steps.push_back(std::move(step));
            }
            vitrine::test::exportAll(Timeline(trace), {});
            const RankBalance balance = rankBalance(trace.steps);
            for (const RankStretch& stretch : balance.stretches)
                QVERIFY(stretch.least >= 0 && stretch.most <= 1 && stretch.sumShare <= 1);
            for (const double share : {balance.sumShare(), balance.waitShare(), balance.hiddenShare()})
                QVERIFY(share >= 0 && share <= 1);
            vitrine::test::analyse(trace);
        }
    }

    void aPartIsBroughtIntoItsStep()
    {
        const RankTimes times{4'000, 3'000, 1'000, 9'000, 7};
        const RankPart whole = boundedPart({100, 8'100, times}, 0, 10'000);
        QVERIFY(whole.startNs == 100 && whole.endNs == 8'100 && whole.times.waitNs == 3'000);
        QVERIFY(whole.times.computeNs == 4'000 && whole.times.hiddenNs == 4'000);
        const RankPart late = boundedPart({5'000, 13'000, times}, 0, 10'000);
        QVERIFY(late.endNs == 10'000 && late.times.computeNs == 1'000);
        const RankPart elsewhere = boundedPart({900'000, 908'000, times}, 0, 10'000); // another clock
        QVERIFY(elsewhere.startNs == 0 && elsewhere.endNs == 8'000);
        const RankPart absurd = boundedPart(
            {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), times}, 0,
            10'000);
        QVERIFY(absurd.startNs >= 0 && absurd.endNs <= 10'000 && absurd.times.computeNs >= 0);
    }

    void exportsHaveALaneAProcessAndSayWhatFailed()
    {
        Trace trace;
        trace.steps = {someStep()};
        std::ostringstream out;
        writeChromeTrace(Timeline(trace), out);
        const QByteArray json = QByteArray::fromStdString(out.str());
        const QJsonArray events = QJsonDocument::fromJson(json).object()["traceEvents"].toArray();
        int computes = 0, waits = 0, marks = 0, links = 0;
        for (const QJsonValue& event : events) {
            computes += event["name"] == "compute" && event["pid"] == 4 ? 1 : 0;
            waits += event["name"] == "wait" && event["pid"] == 4 ? 1 : 0;
            links += event["ph"] == "C" && event["name"] == "link" ? 1 : 0;
            if (event["ph"] == "i" && event["name"] == "ranks_replaced") {
                ++marks;
                QCOMPARE(event["args"]["reason"].toString(),
                         QStringLiteral("the process of rank 1 was stopped"));
                QCOMPARE(event["args"]["took_ns"].toInt(), 800);
            }
        }
        QVERIFY(computes == 2 && waits == 2 && marks == 1 && links == 1);
        QVERIFY(json.contains("\"rank 1\""));
    }

private:
    QTemporaryDir m_state;
};

QTEST_MAIN(RankRecordingTest)
#include "rank_recording_test.moc"
