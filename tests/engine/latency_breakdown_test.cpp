// SPDX-License-Identifier: GPL-3.0-or-later
// Where a reply's time went: the parts add up to the whole, whatever happened to it.
#include <random>

#include <QtTest>

#include "tests/engine/support/faulty_executor.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/real_engine.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

std::string tinyFile()
{
    return std::string(VITRINE_TEST_DATA) + "/families/llama/model.gguf";
}

/// One thread: the engine's own work runs beside a step, where the machine has more CPUs. Two: it does not.
EngineOptions options(std::uint32_t threads)
{
    EngineOptions options = testOptions();
    options.executor.threads = threads;
    options.scheduler.tokenBudget = 24; // prompts take several steps
    return options;
}

GenerationRequest tinyRequest(std::size_t promptTokens, std::uint32_t maxTokens, std::size_t variant)
{
    GenerationRequest request;
    std::vector<TokenId> prompt;
    for (std::size_t i = 0; i < promptTokens; ++i)
        prompt.push_back(static_cast<TokenId>(3 + (i * 37 + variant * 11) % 250));
    request.prompt = std::move(prompt);
    request.maxTokens = maxTokens;
    request.ignoreEndOfGeneration = true;
    return request;
}

std::string fault(const RequestStats& stats)
{
    const LatencyBreakdown& parts = stats.latency;
    for (const std::int64_t part :
         {parts.queuedNs, parts.preemptedNs, parts.prefillNs, parts.decodeNs, parts.interferenceNs,
          parts.samplingNs, parts.overheadNs, parts.recomputeNs, parts.cacheSavedNs})
        if (part < 0)
            return "a part is negative";
    if (parts.total() != stats.times.finishedNs - stats.times.arrivalNs)
        return "the parts do not add up";
    if (parts.recomputeNs > parts.prefillNs || parts.sharedSteps > parts.steps)
        return "a part of a part is larger than it";
    std::int64_t added = 0, before = parts.neighbours.front().addedNs;
    for (const LatencyBreakdown::Neighbour& neighbour : parts.neighbours) {
        added += neighbour.addedNs;
        if (neighbour.addedNs > before || neighbour.sharedSteps > parts.sharedSteps)
            return "neighbours are out of order or share too much";
        before = neighbour.addedNs;
    }
    return added > parts.interferenceNs ? "neighbours added more than all others" : "";
}

} // namespace

class LatencyBreakdownTest : public QObject
{
    Q_OBJECT

private slots:
    void partsAddUpWhateverHappens_data() { engines(); }
    void partsAddUpWhateverHappens();
    void partsAddUpWhenStepsFail_data() { engines(); }
    void partsAddUpWhenStepsFail();
    void aloneNobodyInterferes_data() { engines(); }
    void aloneNobodyInterferes();
    void neighboursAreNamed_data() { engines(); }
    void neighboursAreNamed();
    void whoWaitsForItsTurnIsQueued();
    void cachedPromptSavesTime();
    void samplesShareTheirPrefill();
    void clockSplitsAStepAsItWasTold();
    void waitingBesideOthersStepsIsTheirs();

private:
    static void engines()
    {
        QTest::addColumn<int>("threads");
        QTest::newRow("overlapping steps") << 1;
        QTest::newRow("one after the other") << 2;
    }
};

void LatencyBreakdownTest::partsAddUpWhateverHappens()
{
    QFETCH(int, threads);
    std::mt19937 random(threads);
    std::int64_t preempted = 0, recomputed = 0, interfered = 0;
    int finished = 0, cancelled = 0, preemptions = 0;
    for (int round = 0; round < 6; ++round) {
        EngineOptions tight = options(std::uint32_t(threads));
        tight.kvBlocks = 14;
        tight.hostBlocks = round % 2 == 0 ? 0 : 12;
        tight.scheduler.watermark = 0.0;
        RealEngine real;
        QCOMPARE(real.load(tinyFile(), tight), std::string());
        std::vector<RequestId> ids;
        for (int step = 0; step < 120 || real.engine().hasWork(); ++step) {
            if (step < 120 && random() % 8 == 0)
                ids.push_back(real.submit(tinyRequest(5 + random() % 90, 1 + random() % 50, random() % 3)));
            if (step < 120 && random() % 20 == 0) {
                const auto samples = real.engine().submitSamples(tinyRequest(30, 20, random() % 3), 3);
                QVERIFY(samples.has_value());
                ids.insert(ids.end(), samples->begin(), samples->end());
            }
            if (!ids.empty() && random() % 15 == 0)
                real.engine().cancel(ids[random() % ids.size()]);
            if (random() % 40 == 0)
                QVERIFY(real.engine().resizeKv(10 + random() % 6));
            real.engine().step();
        }
        for (const RequestId id : ids) {
            if (id.value == 0)
                continue; // refused: larger than the pool
            QVERIFY(real.reply(id).finished());
            const RequestStats& stats = real.reply(id).end.stats;
            QCOMPARE(fault(stats), std::string());
            preempted += stats.latency.preemptedNs;
            recomputed += stats.latency.recomputeNs;
            interfered += stats.latency.interferenceNs;
            preemptions += int(stats.preemptions);
            ++finished;
            cancelled += real.reply(id).end.reason == FinishReason::Cancelled ? 1 : 0;
        }
    }
    QVERIFY(finished > 40 && cancelled > 5 && preemptions > 5);
    QVERIFY(preempted > 0 && recomputed > 0 && interfered > 0);
}

void LatencyBreakdownTest::partsAddUpWhenStepsFail()
{
    QFETCH(int, threads);
    for (std::uint32_t spared = 0; spared < 12; ++spared) {
        Fault planted;
        planted.kind = Fault::Kind::Error;
        planted.place = spared % 2 == 0 ? Fault::Place::Await : Fault::Place::Launch;
        planted.spared = spared;
        RealEngine real;
        EngineOptions few = options(std::uint32_t(threads));
        few.scheduler.maxRunning = 3;
        QCOMPARE(real.load(tinyFile(), few,
                           [&](std::unique_ptr<Executor> inner) {
                               return std::make_unique<FaultyExecutor>(std::move(inner), planted);
                           }),
                 std::string());
        std::vector<RequestId> ids;
        for (std::size_t i = 0; i < 5; ++i)
            ids.push_back(real.submit(tinyRequest(10 + 15 * i, 12, i)));
        const auto samples = real.engine().submitSamples(tinyRequest(30, 6, 9), 2);
        QVERIFY(samples.has_value());
        ids.insert(ids.end(), samples->begin(), samples->end());
        QVERIFY(real.run());
        for (const RequestId id : ids)
            QCOMPARE(fault(real.reply(id).end.stats), std::string());
    }
}

void LatencyBreakdownTest::aloneNobodyInterferes()
{
    QFETCH(int, threads);
    RealEngine real;
    QCOMPARE(real.load(tinyFile(), options(std::uint32_t(threads))), std::string());
    const RequestId id = real.submit(tinyRequest(100, 20, 0));
    QVERIFY(real.run());
    const RequestStats& stats = real.reply(id).end.stats;
    QCOMPARE(fault(stats), std::string());
    QCOMPARE(stats.latency.interferenceNs, std::int64_t{0});
    QCOMPARE(stats.latency.preemptedNs, std::int64_t{0});
    QCOMPARE(stats.latency.recomputeNs, std::int64_t{0});
    QCOMPARE(stats.latency.cacheSavedNs, std::int64_t{0});
    QCOMPARE(stats.latency.sharedSteps, 0U);
    QCOMPARE(stats.latency.steps, 5U + 19U); // prompt in chunks of 24; the last one gives the first token
    QCOMPARE(stats.latency.neighbours.front().request, RequestId{});
    QVERIFY(stats.latency.prefillNs > 0 && stats.latency.decodeNs > 0 && stats.latency.samplingNs > 0);
}

void LatencyBreakdownTest::neighboursAreNamed()
{
    QFETCH(int, threads);
    RealEngine real;
    QCOMPARE(real.load(tinyFile(), options(std::uint32_t(threads))), std::string());
    const RequestId one = real.submit(tinyRequest(10, 40, 0)), two = real.submit(tinyRequest(12, 40, 1));
    QVERIFY(real.run());
    for (const auto& [id, other] : {std::pair(one, two), std::pair(two, one)}) {
        const RequestStats& stats = real.reply(id).end.stats;
        QCOMPARE(fault(stats), std::string());
        QVERIFY(stats.latency.interferenceNs > 0);
        QVERIFY(stats.latency.sharedSteps >= 39U);
        const LatencyBreakdown::Neighbour& first = stats.latency.neighbours[0];
        QCOMPARE(first.request, other);
        QCOMPARE(first.sharedSteps, stats.latency.sharedSteps);
        QVERIFY(first.addedNs > 0);
        QCOMPARE(stats.latency.neighbours[1].request, RequestId{});
    }
}

void LatencyBreakdownTest::whoWaitsForItsTurnIsQueued()
{
    RealEngine real;
    EngineOptions single = options(2);
    single.scheduler.maxRunning = 1;
    QCOMPARE(real.load(tinyFile(), single), std::string());
    const RequestId first = real.submit(tinyRequest(10, 20, 0)), second = real.submit(tinyRequest(10, 20, 1));
    QVERIFY(real.run());
    const RequestStats& waited = real.reply(second).end.stats;
    QCOMPARE(fault(waited), std::string());
    QVERIFY(waited.latency.queuedNs >= real.reply(first).end.stats.latency.decodeNs);
    QCOMPARE(waited.latency.interferenceNs, std::int64_t{0});
}

void LatencyBreakdownTest::cachedPromptSavesTime()
{
    RealEngine real;
    QCOMPARE(real.load(tinyFile(), options(2)), std::string());
    const RequestId first = real.submit(tinyRequest(100, 4, 0));
    QVERIFY(real.run());
    const RequestId again = real.submit(tinyRequest(100, 4, 0));
    QVERIFY(real.run());
    QCOMPARE(real.reply(first).end.stats.latency.cacheSavedNs, std::int64_t{0});
    QVERIFY(real.reply(again).end.stats.cachedTokens >= 96);
    QVERIFY(real.reply(again).end.stats.latency.steps < real.reply(first).end.stats.latency.steps);
    // What it saved is a prediction, learned from steps that another program may have slowed.
    std::int64_t saved = real.reply(again).end.stats.latency.cacheSavedNs;
    for (std::size_t round = 1; round <= 50 && saved == 0; ++round) {
        (void)real.submit(tinyRequest(60 + 8 * (round % 16), 4, round));
        QVERIFY(real.run());
        const RequestId next = real.submit(tinyRequest(100, 4, 0));
        QVERIFY(real.run());
        saved = real.reply(next).end.stats.latency.cacheSavedNs;
    }
    QVERIFY(saved > 0);
}

void LatencyBreakdownTest::samplesShareTheirPrefill()
{
    RealEngine real;
    QCOMPARE(real.load(tinyFile(), options(2)), std::string());
    const auto ids = real.engine().submitSamples(tinyRequest(60, 8, 0), 3);
    QVERIFY(ids.has_value());
    QVERIFY(real.run());
    const LatencyBreakdown& leader = real.reply(ids->front()).end.stats.latency;
    for (const RequestId id : *ids) {
        const RequestStats& stats = real.reply(id).end.stats;
        QCOMPARE(fault(stats), std::string());
        QCOMPARE(stats.latency.steps, leader.steps);
        QVERIFY(stats.latency.prefillNs > leader.prefillNs / 2);
        QVERIFY(stats.latency.interferenceNs > 0);
    }
}

void LatencyBreakdownTest::clockSplitsAStepAsItWasTold()
{
    LatencyClock clock(1000);
    const std::array<StepShare::Other, 2> others{{{RequestId{7}, 0.25}, {RequestId{8}, 0.75}}};
    clock.launched(1100, 1150, 0, {0, 10, false, true, true, 0.4, others});
    clock.landed(2150, 2250, 1100, 2);
    clock.preempted(2300, 1100);
    clock.launched(2800, 2810, 5000, {0, 11, false, true, false, 1.0, {}});
    clock.landed(3910, 3920, 6110, 1);
    const LatencyBreakdown parts = clock.finish(4000, 6110);
    QCOMPARE(parts.queuedNs, std::int64_t{100});
    QCOMPARE(parts.preemptedNs, std::int64_t{500});
    QCOMPARE(parts.prefillNs, std::int64_t{400 + 1100});
    QCOMPARE(parts.recomputeNs, std::int64_t{1000}); // 10 of its 11 tokens
    QCOMPARE(parts.interferenceNs, std::int64_t{600 + 50});
    QCOMPARE(parts.samplingNs, std::int64_t{50 + 10});
    QCOMPARE(parts.overheadNs, std::int64_t{50 + 50 + 10 + 80});
    QCOMPARE(parts.total(), std::int64_t{3000});
    QCOMPARE(parts.neighbours[0].request, RequestId{8});
    QCOMPARE(parts.neighbours[0].addedNs, std::int64_t{450});
    QCOMPARE(parts.neighbours[1].addedNs, std::int64_t{150});
}

void LatencyBreakdownTest::waitingBesideOthersStepsIsTheirs()
{
    LatencyClock clock(0);
    clock.launched(0, 0, 0, {0, 4, false, false, false, 1.0, {}});
    clock.landed(100, 100, 100, 0);
    clock.launched(500, 520, 400, {4, 4, false, true, false, 1.0, {}}); // a step of 300 without it
    const LatencyBreakdown parts = clock.finish(600, 400);
    QCOMPARE(parts.interferenceNs, std::int64_t{300});
    QCOMPARE(parts.overheadNs, std::int64_t{120});
    QCOMPARE(parts.prefillNs, std::int64_t{180});
}

QTEST_APPLESS_MAIN(LatencyBreakdownTest)
#include "latency_breakdown_test.moc"
