// SPDX-License-Identifier: GPL-3.0-or-later
// The bridge with a real engine and the default model: what a window sees of it.
#include <algorithm>

#include <QFile>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/bridge/support/heard_reply.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

SchedulingChoice noTarget()
{
    SchedulingChoice choice;
    choice.itlTarget = 0;
    return choice;
}

/// Long enough for changes while it is written.
engine::GenerationRequest longCount()
{
    engine::GenerationRequest request = textRequest("Count: one, two, three,", 60);
    request.ignoreEndOfGeneration = true;
    return request;
}

} // namespace

class EngineBridgeTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void refusesToGenerateWithoutAModel();
    void deltasAddUpAndTheEndIsToldOnce();
    void failedLoadKeepsTheModelAndSaysWhy();
    void cancelledLoadEndsAsCancelled();
    void newLoadSupersedesTheOneUnderWay();
    void repliesGoOnWhileAnotherModelLoads();
    void stopActsInTheMiddleOfALongPrefill();
    void twoRepliesShareSteps();
    void memoryChangesWhileAReplyIsWritten();
    void threadsChangeWhileAReplyIsWritten();
    void theNumberOfProcessesMayFollowTheLoad();
    void requestThatCanNeverFitIsRefusedWithAReason();
    void endsCleanlyInEveryState();
};

void EngineBridgeTest::initTestCase()
{
    QVERIFY2(!defaultModel().isEmpty(), "the default model is missing: run ./installer/test");
}

void EngineBridgeTest::refusesToGenerateWithoutAModel()
{
    EngineBridge bridge;
    Heard heard(bridge, bridge.newReplyId());
    bridge.generate(heard.reply, textRequest("Hello", 4));
    QVERIFY(bridge.isRunning(heard.reply));
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    QCOMPARE(heard.end.reason, engine::FinishReason::Error);
    QVERIFY(!heard.end.error.isEmpty());
    QVERIFY(!bridge.isRunning(heard.reply));
}

void EngineBridgeTest::deltasAddUpAndTheEndIsToldOnce()
{
    EngineBridge bridge;
    QVERIFY(load(bridge, wholeModel())); // here, under every sanitizer
    QString first;
    for (int round = 0; round < 2; ++round) {
        Heard heard(bridge, bridge.newReplyId());
        bridge.generate(heard.reply, textRequest("The capital of France is", 8));
        QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
        QVERIFY(!heard.textBeforeStart);
        QVERIFY(heard.text.contains("Paris"));
        QCOMPARE(heard.figures.tokens, heard.end.stats.replyTokens);
        QCOMPARE(heard.start.promptTokens, heard.end.stats.promptTokens);
        if (round == 0)
            first = heard.text;
        QCOMPARE(heard.text, first); // greedy: the deltas of both rounds add up to the same text
        QTest::qWait(100);
        QCOMPARE(heard.ends, 1);
    }
}

void EngineBridgeTest::failedLoadKeepsTheModelAndSaysWhy()
{
    EngineBridge bridge;
    QVERIFY(load(bridge));
    const QTemporaryDir folder;
    QFile file(folder.filePath("broken.gguf"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("GGUF but not really");
    file.close();
    QSignalSpy failed(&bridge, &EngineBridge::loadFailed);
    bridge.loadModel(file.fileName());
    QVERIFY(bridge.isLoading());
    QVERIFY(failed.wait(kPatience));
    QVERIFY(!failed.first().at(1).toString().isEmpty());
    QVERIFY(!bridge.isLoading());
    QVERIFY(bridge.model().has_value());
    Heard heard(bridge, bridge.newReplyId());
    bridge.generate(heard.reply, textRequest("The capital of France is", 8));
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    QVERIFY(says(heard.text, "Paris"));
}

void EngineBridgeTest::cancelledLoadEndsAsCancelled()
{
    EngineBridge bridge;
    QSignalSpy cancelled(&bridge, &EngineBridge::loadCancelled);
    bridge.loadModel(defaultModel());
    bridge.cancelLoad();
    QVERIFY(cancelled.wait(kPatience));
    QVERIFY(!bridge.isLoading());
    QVERIFY(!bridge.model().has_value());
}

void EngineBridgeTest::newLoadSupersedesTheOneUnderWay()
{
    EngineBridge bridge;
    QSignalSpy cancelled(&bridge, &EngineBridge::loadCancelled);
    QSignalSpy failed(&bridge, &EngineBridge::loadFailed);
    QSignalSpy ready(&bridge, &EngineBridge::modelReady);
    bridge.loadModel(defaultModel());
    bridge.loadModel("/no/such/file.gguf");
    bridge.loadModel(defaultModel());
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, kPatience);
    QCOMPARE(cancelled.count() + failed.count(), 2);
    QVERIFY(!bridge.isLoading());
}

void EngineBridgeTest::repliesGoOnWhileAnotherModelLoads()
{
    EngineBridge bridge;
    QVERIFY(load(bridge));
    Heard heard(bridge, bridge.newReplyId());
    engine::GenerationRequest endless = textRequest("Once upon a time", 4000);
    endless.ignoreEndOfGeneration = true;
    bridge.generate(heard.reply, std::move(endless));
    QTRY_VERIFY_WITH_TIMEOUT(heard.figures.tokens > 0, kPatience);
    QSignalSpy ready(&bridge, &EngineBridge::modelReady);
    QSignalSpy progress(&bridge, &EngineBridge::loadProgress);
    bridge.loadModel(defaultModel());
    QVERIFY(ready.wait(kPatience));
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience); // the new model ends what the old one was writing
    QCOMPARE(heard.end.reason, engine::FinishReason::Cancelled);
    QVERIFY(progress.count() > 0);
}

void EngineBridgeTest::stopActsInTheMiddleOfALongPrefill()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    Heard heard(bridge, bridge.newReplyId());
    bridge.generate(heard.reply, longRequest(4000));
    QTRY_VERIFY_WITH_TIMEOUT(heard.prefilled > 0, kPatience);
    bridge.stop(heard.reply);
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    QCOMPARE(heard.end.reason, engine::FinishReason::Cancelled);
    QVERIFY(heard.prefilled < 4000);
    QCOMPARE(heard.end.stats.replyTokens, 0U);
    QTRY_COMPARE_WITH_TIMEOUT(bridge.status().running, 0U, kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(bridge.status().blocksInUse, 0U, kPatience);
}

void EngineBridgeTest::memoryChangesWhileAReplyIsWritten()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    SchedulingChoice choice = noTarget();
    bridge.setScheduling(choice);
    engine::GenerationRequest request = longCount();
    Heard quiet(bridge, bridge.newReplyId());
    bridge.generate(quiet.reply, engine::GenerationRequest(request));
    QTRY_COMPARE_WITH_TIMEOUT(quiet.ends, 1, kPatience);
    const quint32 sensible = bridge.status().blocksTotal;
    Heard heard(bridge, bridge.newReplyId());
    bridge.generate(heard.reply, std::move(request));
    QTRY_VERIFY_WITH_TIMEOUT(heard.figures.tokens > 0, kPatience);
    const quint64 half = bridge.model()->executor.kvBytes / 2 >> 20U;
    choice.kvMebibytes = quint32(std::clamp<quint64>(half, 1, 64));
    bridge.setScheduling(choice);
    QTRY_VERIFY_WITH_TIMEOUT(bridge.status().blocksTotal < sensible, kPatience);
    choice.kvMebibytes = 0;
    bridge.setScheduling(choice);
    QTRY_COMPARE_WITH_TIMEOUT(bridge.status().blocksTotal, sensible, kPatience);
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    QCOMPARE(heard.end.reason, engine::FinishReason::Length);
    QCOMPARE(heard.text, quiet.text);
}

void EngineBridgeTest::threadsChangeWhileAReplyIsWritten()
{
    EngineBridge bridge(shortSteps());
    QVERIFY(load(bridge));
    SchedulingChoice choice = noTarget();
    bridge.setScheduling(choice);
    engine::GenerationRequest request = longCount();
    Heard quiet(bridge, bridge.newReplyId());
    bridge.generate(quiet.reply, engine::GenerationRequest(request));
    QTRY_COMPARE_WITH_TIMEOUT(quiet.ends, 1, kPatience);
    Heard heard(bridge, bridge.newReplyId());
    bridge.generate(heard.reply, std::move(request));
    QTRY_VERIFY_WITH_TIMEOUT(heard.figures.tokens > 0, kPatience);
    for (const quint32 threads : {3U, 1U, 2U}) {
        choice.threads = threads;
        bridge.setScheduling(choice);
        QTRY_COMPARE_WITH_TIMEOUT(bridge.status().threads, threads, kPatience);
    }
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    QCOMPARE(heard.end.reason, engine::FinishReason::Length);
    QCOMPARE(heard.text, quiet.text);
}

/// Chosen for a load, and for a model that is there; replies are what they are with one process.
void EngineBridgeTest::theNumberOfProcessesMayFollowTheLoad()
{
    EngineBridge bridge(shortSteps());
    QSignalSpy ready(&bridge, &EngineBridge::modelReady), refused(&bridge, &EngineBridge::processesRefused);
    LoadOptions options;
    options.processes = 0;
    bridge.loadModel(defaultModel(), options);
    QVERIFY(ready.wait(kPatience));
    for (const quint32 processes : {0U, 1U, 0U}) {
        bridge.setProcesses(processes);
        Heard heard(bridge, bridge.newReplyId());
        bridge.generate(heard.reply, textRequest("The capital of France is", 8));
        QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
        QVERIFY2(heard.end.error.isEmpty(), qPrintable(heard.end.error));
        QVERIFY(says(heard.text, "Paris"));
    }
    QVERIFY(refused.isEmpty());
}

void EngineBridgeTest::twoRepliesShareSteps()
{
    EngineBridge bridge;
    QVERIFY(load(bridge));
    bool shared = false;
    Heard one(bridge, bridge.newReplyId());
    Heard two(bridge, bridge.newReplyId());
    connect(&bridge, &EngineBridge::stepsRecorded, this, [&](const QList<engine::StepRecord>& steps) {
        for (const engine::StepRecord& step : steps)
            shared |= step.rowCount == 2 && step.rows[0].request == one.start.request &&
                      step.rows[1].request == two.start.request;
    });
    for (Heard* heard : {&one, &two}) {
        engine::GenerationRequest request = textRequest("Count: one, two, three,", 24);
        request.ignoreEndOfGeneration = true;
        bridge.generate(heard->reply, std::move(request));
    }
    QTRY_VERIFY_WITH_TIMEOUT(one.ends == 1 && two.ends == 1, kPatience);
    QVERIFY(shared);
    QCOMPARE(one.text, two.text); // the same greedy text, batched or not
    for (const auto& [heard, other] : {std::pair(&one, &two), std::pair(&two, &one)}) {
        const engine::RequestStats& stats = heard->end.stats;
        QCOMPARE(stats.latency.total(), qint64(stats.times.finishedNs - stats.times.arrivalNs));
        QVERIFY(!heard->end.neighbours.isEmpty());
        QCOMPARE(heard->end.neighbours[0].reply, other->reply);
    }
}

void EngineBridgeTest::requestThatCanNeverFitIsRefusedWithAReason()
{
    EngineBridge bridge;
    QVERIFY(load(bridge));
    Heard heard(bridge, bridge.newReplyId());
    bridge.generate(heard.reply, longRequest(bridge.model()->contextLength + 1));
    QTRY_COMPARE_WITH_TIMEOUT(heard.ends, 1, kPatience);
    QCOMPARE(heard.end.reason, engine::FinishReason::Error);
    QVERIFY2(heard.end.error.contains(QRegularExpression("[0-9]")),
             qPrintable(heard.end.error)); // which size fits
}

void EngineBridgeTest::endsCleanlyInEveryState()
{
    {
        const EngineBridge idle;
    }
    {
        EngineBridge loading;
        loading.loadModel(defaultModel());
    }
    {
        EngineBridge generating(shortSteps());
        QVERIFY(load(generating));
        Heard heard(generating, generating.newReplyId());
        generating.generate(heard.reply, longRequest(3000));
        generating.generate(generating.newReplyId(), textRequest("Hello", 50));
        QTRY_VERIFY_WITH_TIMEOUT(heard.start.request.value > 0, kPatience);
        generating.loadModel(defaultModel());
    }
}

QTEST_GUILESS_MAIN(EngineBridgeTest)
#include "engine_bridge_test.moc"
