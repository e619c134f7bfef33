// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of the load lab through a real engine: beside replies, with settings of their own that go again.
#include <QSignalSpy>
#include <QTest>

#include "engine/workload/workload_maker.h"
#include "tests/bridge/support/heard_reply.h"
#include "ui/recording/recording_feed.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

std::shared_ptr<const engine::Workload> load(quint64 count, quint64 tokens)
{
    engine::WorkloadShape shape;
    shape.count = count;
    shape.least = shape.most = tokens;
    return std::make_shared<engine::Workload>(
        engine::makeWorkload(*engine::findWorkloadKind("nano"), shape, 1));
}

LabJob jobOf(quint64 count, quint64 tokens, LabSettings settings = {})
{
    LabJob job;
    job.load = load(count, tokens);
    job.settings = std::move(settings);
    job.pace.atOnce = true;
    job.pace.cacheSalt = 7;
    return job;
}

const LabSettings kEverything = {
    {LabSetting::ItlTarget, 0.2},  {LabSetting::KvShare, 0.5}, {LabSetting::MaxRunning, 2},
    {LabSetting::TokenBudget, 32}, {LabSetting::Policy, 2},    {LabSetting::Preemption, 1},
    {LabSetting::Batches, 1},      {LabSetting::Threads, 1},   {LabSetting::Deterministic, 0}};

/// What is in force, as far as it is told.
struct Force
{
    explicit Force(const EngineBridge& bridge)
    {
        const engine::AnalysisFacts facts = bridge.feed()->source().facts;
        options = facts.scheduler.value();
        threads = facts.threads.value();
        kvBytes = facts.kvBytes.value();
    }
    bool operator==(const Force& other) const
    {
        return options.itlTarget == other.options.itlTarget && options.policy == other.options.policy &&
               options.maxRunning == other.options.maxRunning &&
               options.tokenBudget == other.options.tokenBudget && options.mode == other.options.mode &&
               options.preemption == other.options.preemption && threads == other.threads &&
               kvBytes == other.kvBytes;
    }

    engine::SchedulerOptions options;
    std::uint32_t threads = 0;
    std::uint64_t kvBytes = 0;
};

engine::EngineOptions smallPool()
{
    engine::EngineOptions options = shortSteps();
    options.kvBlocks = 128;
    options.executor.threads = 2;
    return options;
}

} // namespace

class LabTest : public QObject
{
    Q_OBJECT

private:
    static LabEnd endOf(const QSignalSpy& ends, int at = 0) { return ends.at(at).first().value<LabEnd>(); }

private slots:
    void initTestCase()
    {
        QVERIFY2(!defaultModel().isEmpty(), "the default model is missing: run ./installer/test");
    }

    void withoutAModelItSaysSo()
    {
        EngineBridge bridge;
        QSignalSpy ends(&bridge, &EngineBridge::labEnded);
        const quint64 run = bridge.runLab(jobOf(1, 8));
        QVERIFY(ends.wait(kPatience));
        QCOMPARE(endOf(ends).run, run);
        QCOMPARE(endOf(ends).outcome, LabEnd::Outcome::Failed);
        QCOMPARE(endOf(ends).error, QStringLiteral("No model is loaded."));
        QVERIFY(!bridge.hasRunning());
    }

    void aRunIsMeasuredAndItsSettingsGoAgain()
    {
        EngineBridge bridge(smallPool());
        QVERIFY(tests::load(bridge));
        const Force before(bridge);
        QSignalSpy ends(&bridge, &EngineBridge::labEnded), submitted(&bridge, &EngineBridge::labSubmitted),
            replies(&bridge, &EngineBridge::replyFinished), progress(&bridge, &EngineBridge::labProgress);
        bool seen = false; // the settings of the run in force while it goes on
        connect(&bridge, &EngineBridge::labProgress, this, [&](const LabProgress& now) {
            const Force during(bridge);
            seen = seen || (!now.waits && during.options.maxRunning == 2 && during.options.itlTarget == 0.2 &&
                            during.options.tokenBudget == 32 && during.threads == 1 &&
                            during.kvBytes < before.kvBytes);
        });
        bridge.runLab(jobOf(6, 24, kEverything));
        QVERIFY(bridge.hasRunning());
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, kPatience);
        const LabEnd end = endOf(ends);
        QCOMPARE(end.outcome, LabEnd::Outcome::Done);
        QCOMPARE(end.replies, quint64(6));
        QCOMPARE(end.errors, quint64(0));
        QCOMPARE(end.tokens, quint64(6 * 24));
        QCOMPARE(end.blocks, 64U);
        QVERIFY(end.endNs > end.startNs && end.startNs > 0);
        QVERIFY(!end.disturbed);
        QVERIFY(end.figures[std::size_t(engine::LoadFigure::TokensPerSecond)].value() > 0);
        QVERIFY(seen);
        qsizetype told = 0;
        for (const QList<QVariant>& each : submitted)
            told += each.at(1).value<QList<engine::RequestId>>().size();
        QCOMPARE(told, 6);
        QVERIFY(Force(bridge) == before);
        QVERIFY(!bridge.hasRunning());
        QCOMPARE(replies.size(), 0); // they are nobody's replies
    }

    void stoppingPutsTheSettingsBack()
    {
        EngineBridge bridge(smallPool());
        QVERIFY(tests::load(bridge));
        const Force before(bridge);
        QSignalSpy ends(&bridge, &EngineBridge::labEnded), progress(&bridge, &EngineBridge::labProgress);
        bridge.runLab(jobOf(40, 100, kEverything));
        QVERIFY(progress.wait(kPatience));
        bridge.stopLab();
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, kPatience);
        QCOMPARE(endOf(ends).outcome, LabEnd::Outcome::Cancelled);
        QVERIFY(endOf(ends).tokens < 40 * 100);
        QVERIFY(Force(bridge) == before);
        bridge.runLab(jobOf(1, 8));
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 2, kPatience);
        QCOMPARE(endOf(ends, 1).outcome, LabEnd::Outcome::Done);
    }

    void aChatGoesOnBesideIt()
    {
        EngineBridge bridge(smallPool());
        QVERIFY(tests::load(bridge));
        QSignalSpy ends(&bridge, &EngineBridge::labEnded), progress(&bridge, &EngineBridge::labProgress);
        bridge.runLab(jobOf(12, 40));
        QVERIFY(progress.wait(kPatience));
        Heard heard(bridge, bridge.newReplyId());
        bridge.generate(heard.reply, textRequest("The capital of France is", 8));
        QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
        QVERIFY(says(heard.text, "Paris"));
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, kPatience);
        QCOMPARE(endOf(ends).outcome, LabEnd::Outcome::Done);
        QVERIFY(endOf(ends).disturbed);
    }

    void aReplyUnderWayIsNotEndedForMemory()
    {
        EngineBridge bridge(smallPool());
        QVERIFY(tests::load(bridge));
        Heard heard(bridge, bridge.newReplyId());
        engine::GenerationRequest request = textRequest("Count: one, two, three,", 60);
        request.ignoreEndOfGeneration = true;
        bridge.generate(heard.reply, request);
        QTRY_VERIFY_WITH_TIMEOUT(heard.figures.tokens > 0, kPatience);
        QSignalSpy ends(&bridge, &EngineBridge::labEnded);
        bridge.runLab(jobOf(2, 8, {{LabSetting::KvShare, 0.1}}));
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, kPatience);
        QCOMPARE(heard.ends, 1); // before the run
        QCOMPARE(heard.end.reason, engine::FinishReason::Length);
        QCOMPARE(endOf(ends).outcome, LabEnd::Outcome::Done);
        QCOMPARE(endOf(ends).blocks, 16U);
    }

    void whatIsChosenMeanwhileIsInForceAfterwards()
    {
        EngineBridge bridge(smallPool());
        QVERIFY(tests::load(bridge));
        QSignalSpy ends(&bridge, &EngineBridge::labEnded), progress(&bridge, &EngineBridge::labProgress);
        bridge.runLab(jobOf(12, 40, {{LabSetting::ItlTarget, 0.025}}));
        QVERIFY(progress.wait(kPatience));
        SchedulingChoice choice;
        choice.itlTarget = 0.1;
        choice.policy = engine::PolicyKind::Shortest;
        bridge.setScheduling(choice);
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, kPatience);
        const Force after(bridge);
        QCOMPARE(after.options.itlTarget, 0.1);
        QCOMPARE(after.options.policy, engine::PolicyKind::Shortest);
    }

    void requestsThatAreAllRefusedFailWithTheReason()
    {
        EngineBridge bridge(smallPool());
        QVERIFY(tests::load(bridge));
        QSignalSpy ends(&bridge, &EngineBridge::labEnded);
        bridge.runLab(jobOf(3, 5000));
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, kPatience);
        QCOMPARE(endOf(ends).outcome, LabEnd::Outcome::Failed);
        QVERIFY(!endOf(ends).error.isEmpty());
        QCOMPARE(endOf(ends).errors, quint64(3));
    }

    void closingTheModelEndsTheRun()
    {
        EngineBridge bridge(smallPool());
        QVERIFY(tests::load(bridge));
        QSignalSpy ends(&bridge, &EngineBridge::labEnded), progress(&bridge, &EngineBridge::labProgress);
        bridge.runLab(jobOf(40, 100, kEverything));
        QVERIFY(progress.wait(kPatience));
        bridge.unloadModel();
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, kPatience);
        QCOMPARE(endOf(ends).outcome, LabEnd::Outcome::Failed);
        QCOMPARE(endOf(ends).error, QStringLiteral("The model was closed."));
        QVERIFY(tests::load(bridge));
        QCOMPARE(Force(bridge).options.maxRunning, engine::SchedulerOptions().maxRunning);
    }

    void aBridgeThatGoesTakesItsRunAlong()
    {
        EngineBridge bridge(smallPool());
        QVERIFY(tests::load(bridge));
        QSignalSpy progress(&bridge, &EngineBridge::labProgress);
        bridge.runLab(jobOf(40, 100, kEverything));
        QVERIFY(progress.wait(kPatience));
    }

    void arrivalsAreKept()
    {
        EngineBridge bridge(smallPool());
        QVERIFY(tests::load(bridge));
        auto items = std::make_shared<engine::Workload>(*load(2, 4));
        items->back().arrivalSeconds = 1.0;
        LabJob job;
        job.load = items;
        job.pace.speed = 2;
        QSignalSpy ends(&bridge, &EngineBridge::labEnded);
        bridge.runLab(job);
        QTRY_COMPARE_WITH_TIMEOUT(ends.size(), 1, kPatience);
        QVERIFY(endOf(ends).seconds >= 0.5);
    }
};

QTEST_GUILESS_MAIN(LabTest)
#include "lab_test.moc"
