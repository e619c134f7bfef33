// SPDX-License-Identifier: GPL-3.0-or-later
// Where the time of recorded requests went: parts that add up to the whole exactly, neighbours by name, and
// the same figures as the live clocks had.
#include <cstdio>
#include <limits>

#include <QtTest>

#include "engine/analysis/attribution.h"
#include "engine/analysis/simulated_serving.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

constexpr std::int64_t kMs = 1'000'000;

std::vector<TokenId> prompt(std::uint32_t tokens, std::uint32_t variant)
{
    std::vector<TokenId> ids;
    for (std::uint32_t i = 0; i < tokens; ++i)
        ids.push_back(static_cast<TokenId>((variant * 7919 + i * 131) % 30000));
    return ids;
}

/// 10 ms for the weights, 0.1 ms for a prompt's token, 0.5 ms for a decode; 1 ms beside it.
SimulatedCost cost(const ScheduledBatch& batch, std::int64_t /*timeNs*/)
{
    SimulatedCost cost;
    cost.scheduleNs = cost.sampleNs = kMs / 4;
    cost.emitNs = kMs / 2;
    cost.forwardNs = 10 * kMs + batch.prefillTokens * kMs / 10 + batch.decodeTokens * kMs / 2;
    return cost;
}

SimulationSetup setup()
{
    SimulationSetup setup;
    setup.pool.blocks = 512;
    setup.cost = cost;
    return setup;
}

/// A short chat that decodes, and a long prompt that comes into it.
Simulation chatAndLongPrompt()
{
    std::vector<SimulatedRequest> requests;
    requests.push_back({1000 * kMs, prompt(50, 1), 100});
    requests.push_back({1500 * kMs, prompt(3000, 2), 4});
    return simulateServing(setup(), requests);
}

std::string fault(const RequestLatency& latency)
{
    if (latency.whole.total() != latency.endNs - latency.arrivalNs)
        return "the parts of the whole do not add up";
    if (latency.replyTokens > 0 && latency.toFirstToken.total() != latency.firstTokenNs - latency.arrivalNs)
        return "the parts until the first token do not add up";
    for (const LatencyBreakdown& parts : {latency.whole, latency.toFirstToken})
        for (const std::int64_t part : {parts.queuedNs, parts.preemptedNs, parts.prefillNs, parts.decodeNs,
                                        parts.interferenceNs, parts.samplingNs, parts.overheadNs})
            if (part < 0)
                return "a part is negative";
    return {};
}

void print(RequestId request, const LatencyBreakdown& seen, const LatencyBreakdown& live)
{
    const auto ms = [](std::int64_t ns) { return static_cast<double>(ns) * 1e-6; };
    std::printf("  request %llu, recorded / live ms: whole %.2f / %.2f, queued %.2f / %.2f, own %.2f / %.2f, "
                "others %.2f / %.2f\n",
                static_cast<unsigned long long>(request.value), ms(seen.total()), ms(live.total()),
                ms(seen.queuedNs), ms(live.queuedNs), ms(seen.prefillNs + seen.decodeNs),
                ms(live.prefillNs + live.decodeNs), ms(seen.interferenceNs), ms(live.interferenceNs));
}

bool near(std::int64_t a, std::int64_t b, std::int64_t within)
{
    return std::abs(a - b) <= within;
}

} // namespace

class AttributionTest : public QObject
{
    Q_OBJECT

private slots:
    void recordedFiguresAreTheLiveOnes_data();
    void recordedFiguresAreTheLiveOnes();
    void aLongPromptIsNamedForWhatItAdds();
    void gapsAddUpToTheReply();
    void waitingForBlocksIsTold();
    void whatTheCacheSavedIsNoPart();
    void nonsenseNeitherOverflowsNorCrashes();
};

void AttributionTest::recordedFiguresAreTheLiveOnes_data()
{
    QTest::addColumn<int>("preemption");
    QTest::newRow("recompute") << int(PreemptionChoice::Recompute);
    QTest::newRow("swap") << int(PreemptionChoice::Swap);
}

/// Learning step by step, as the engine did while it ran, gives its figures but for the moments between two
/// looks at the clock. Learning ahead splits the first steps better; what depends on times alone is the same.
void AttributionTest::recordedFiguresAreTheLiveOnes()
{
    QFETCH(int, preemption);
    const RecordedRun run = recordRun(static_cast<PreemptionChoice>(preemption));
    QCOMPARE(run.error, std::string());
    LatencyAttribution asItRan;
    for (const RecordedStep& step : run.steps)
        asItRan.add(step);
    const std::vector<RequestLatency> ahead = attributeLatency(run.steps), all = asItRan.requests();
    QCOMPARE(all.size(), run.replies.size());
    QCOMPARE(ahead.size(), run.replies.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        QCOMPARE(fault(all[i]), std::string());
        QCOMPARE(fault(ahead[i]), std::string());
        QVERIFY(all[i].finished);
        const Reply& reply = run.replies.at(all[i].request);
        const LatencyBreakdown &live = reply.end.stats.latency, &seen = all[i].whole;
        const std::int64_t slack = live.total() / 50;
        print(all[i].request, seen, live);
        QCOMPARE(all[i].arrivalNs, reply.end.stats.times.arrivalNs);
        QVERIFY(near(seen.total(), live.total(), slack));
        QVERIFY(near(seen.prefillNs, live.prefillNs, slack));
        QVERIFY(near(seen.decodeNs, live.decodeNs, slack));
        QVERIFY(near(seen.interferenceNs, live.interferenceNs, slack));
        QVERIFY(near(seen.recomputeNs, live.recomputeNs, slack));
        QVERIFY(seen.neighbours[0].request == live.neighbours[0].request);
        for (const LatencyBreakdown& parts : {seen, ahead[i].whole}) {
            QVERIFY(near(parts.queuedNs, live.queuedNs, slack));
            QVERIFY(near(parts.preemptedNs, live.preemptedNs, slack));
            QVERIFY(near(parts.samplingNs, live.samplingNs, slack));
            QVERIFY(near(parts.overheadNs, live.overheadNs, slack));
            QCOMPARE(parts.steps, live.steps);
            QCOMPARE(parts.sharedSteps, live.sharedSteps);
        }
        QCOMPARE(all[i].replyTokens, std::uint32_t(reply.tokens.size()));
    }
}

void AttributionTest::aLongPromptIsNamedForWhatItAdds()
{
    const Simulation run = chatAndLongPrompt();
    const std::vector<RequestLatency> all = attributeLatency(run.steps);
    QCOMPARE(all.size(), std::size_t(2));
    QCOMPARE(fault(all[0]), std::string());
    QCOMPARE(fault(all[1]), std::string());
    // 3000 tokens at 0.1 ms, beside the chat's decodes; the rest of those steps is everybody's own.
    QVERIFY(near(all[0].whole.interferenceNs, 300 * kMs, 40 * kMs));
    QVERIFY(all[0].whole.neighbours[0].request == all[1].request);
    QVERIFY(near(all[0].whole.neighbours[0].addedNs, all[0].whole.interferenceNs, 4 * kMs));
    QVERIFY(all[1].whole.interferenceNs < 30 * kMs);
    QVERIFY(all[0].toFirstToken.interferenceNs == 0);
}

void AttributionTest::gapsAddUpToTheReply()
{
    const Simulation run = chatAndLongPrompt();
    const std::vector<RequestLatency> all = attributeLatency(run.steps);
    const std::vector<TokenGap> gaps = tokenGaps(run.steps, all[0].request);
    QCOMPARE(gaps.size(), std::size_t(99));
    QCOMPARE(gaps.front().startNs, all[0].firstTokenNs);
    QCOMPARE(gaps.back().endNs, all[0].endNs);
    int disturbed = 0;
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        const TokenGap& gap = gaps[i];
        QCOMPARE(gap.ownNs + gap.interferenceNs + gap.waitingNs + gap.overheadNs, gap.endNs - gap.startNs);
        QVERIFY(gap.ownNs >= 10 * kMs && gap.interferenceNs >= 0 && gap.overheadNs >= 0);
        QVERIFY(i == 0 || gaps[i - 1].endNs == gap.startNs);
        if (gap.interferenceNs < 5 * kMs)
            continue;
        ++disturbed;
        QVERIFY(gap.neighbour == all[1].request);
        QVERIFY(gap.neighbourNs > gap.interferenceNs * 9 / 10);
    }
    QCOMPARE(disturbed, 6); // 3000 tokens in steps of 512
}

void AttributionTest::waitingForBlocksIsTold()
{
    SimulationSetup small = setup();
    small.pool.blocks = 40;
    small.scheduler.watermark = 0.0;
    small.scheduler.preemption = PreemptionChoice::Recompute;
    std::vector<SimulatedRequest> requests;
    for (std::uint32_t i = 0; i < 6; ++i)
        requests.push_back({1000 * kMs, prompt(100, i), 200});
    const Simulation run = simulateServing(small, requests);
    QVERIFY(run.complete);
    std::int64_t preempted = 0, queued = 0, recompute = 0;
    for (const RequestLatency& latency : attributeLatency(run.steps)) {
        QCOMPARE(fault(latency), std::string());
        preempted += latency.whole.preemptedNs;
        queued += latency.whole.queuedNs;
        recompute += latency.whole.recomputeNs;
    }
    QVERIFY(preempted > 100 * kMs);
    QVERIFY(queued > 100 * kMs);
    QVERIFY(recompute > 0);
}

void AttributionTest::whatTheCacheSavedIsNoPart()
{
    std::vector<SimulatedRequest> requests;
    requests.push_back({1000 * kMs, prompt(1000, 1), 4});
    requests.push_back({9000 * kMs, prompt(1000, 1), 4});
    const Simulation run = simulateServing(setup(), requests);
    const std::vector<RequestLatency> all = attributeLatency(run.steps);
    QCOMPARE(all[0].whole.cacheSavedNs, 0);
    QCOMPARE(all[1].cachedTokens, 992U);
    QVERIFY(near(all[1].toFirstToken.cacheSavedNs, 99 * kMs, 20 * kMs));
    QCOMPARE(fault(all[1]), std::string());
}

void AttributionTest::nonsenseNeitherOverflowsNorCrashes()
{
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
    std::vector<RecordedStep> steps = chatAndLongPrompt().steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        StepFigures& record = steps[i].record;
        record.startNs = i % 3 == 0 ? kMost : kLeast;
        record.endNs = i % 2 == 0 ? kLeast : kMost;
        record.forwardNs = record.sampleNs = i % 5 == 0 ? kMost : -1;
        if (i % 2 == 0)
            steps[i].phases = {{StepPhase::Forward, kMost, kLeast}, {StepPhase::Sample, kLeast, kMost}};
        for (StepRow& row : steps[i].rows)
            row.contextLength = row.prefillTokens = 0xFFFFFFFFU - std::uint32_t(i);
        steps[i].events.emplace_back(RecordedToken{RequestId{i * 97}, 0});
        steps[i].events.emplace_back(PreemptionEvent{RequestId{i * 3}, {}});
        steps[i].events.emplace_back(RecordedEnd{RequestId{i}, FinishReason::Length, kLeast});
        steps[i].events.emplace_back(RecordedArrival{RequestId{i}, kMost, 1U << 31, 0, {}});
    }
    for (const RequestLatency& latency : attributeLatency(steps))
        QCOMPARE(fault(latency), std::string());
    for (const TokenGap& gap : tokenGaps(steps, RequestId{1}))
        QCOMPARE(gap.ownNs + gap.interferenceNs + gap.waitingNs + gap.overheadNs, gap.endNs - gap.startNs);
}

QTEST_APPLESS_MAIN(AttributionTest)
#include "attribution_test.moc"
