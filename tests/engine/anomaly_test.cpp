// SPDX-License-Identifier: GPL-3.0-or-later
// Disturbances are put into an otherwise quiet serving; the watch has to find them, and nothing else:
// precision and recall are counted.
#include <cstdio>
#include <map>
#include <random>

#include <QtTest>

#include "engine/analysis/anomaly.h"
#include "tests/engine/support/fault_serving.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

enum class Trouble { Stall, SlowSpell, Gap, SlowClient, Crowd, NewPrompts };
constexpr const char* kTroubles[] = {"stall", "slow spell", "gap", "slow client", "crowd", "new prompts"};

struct Injection
{
    Trouble trouble;
    std::int64_t startNs, endNs;
    bool met = false; ///< some step or request; else the engine was idle
};

std::vector<AnomalyKind> signsOf(Trouble trouble)
{
    switch (trouble) {
    case Trouble::Stall:
    case Trouble::SlowSpell:
        return {AnomalyKind::SlowSteps, AnomalyKind::LowThroughput};
    case Trouble::Gap:
    case Trouble::SlowClient:
        return {AnomalyKind::Gaps, AnomalyKind::LowThroughput};
    case Trouble::Crowd:
        return {AnomalyKind::Queue, AnomalyKind::Preemptions};
    case Trouble::NewPrompts:
        return {AnomalyKind::PrefixHits};
    }
    return {};
}

/// Every fifteen seconds one, for one to three seconds.
std::vector<Injection> inject(Dice& dice, std::int64_t untilNs)
{
    std::vector<Injection> all;
    for (std::int64_t at = 25 * kSecond; at + 20 * kSecond < untilNs; at += 15 * kSecond) {
        const auto trouble = static_cast<Trouble>(dice.between(0, 5));
        const bool brief = trouble == Trouble::Stall || trouble == Trouble::Gap;
        const double seconds = brief ? 0.06 : trouble == Trouble::NewPrompts ? 6.0 : 1.0 + 2.0 * dice.unit();
        all.push_back({trouble, at, at + static_cast<std::int64_t>(seconds * 1e9), false});
    }
    return all;
}

const Injection* during(std::vector<Injection>& all, std::int64_t ns)
{
    for (Injection& one : all)
        if (one.startNs <= ns && ns < one.endNs) {
            one.met = true;
            return &one;
        }
    return nullptr;
}

void addLoad(Case& one, std::vector<Injection>& injections, std::int64_t untilNs)
{
    const std::vector<TokenId> system = one.load.tokens(160);
    double at = 1.0;
    while (at * 1e9 < static_cast<double>(untilNs)) {
        at += one.load.dice.gap(3.0);
        const Injection* now = during(injections, static_cast<std::int64_t>(at * 1e9));
        const bool fresh = now != nullptr && now->trouble == Trouble::NewPrompts;
        one.load.ask(
            at, join(fresh ? one.load.tokens(160) : system, one.load.tokens(one.load.dice.between(16, 60))),
            one.load.dice.between(30, 90));
    }
    for (const Injection& injection : injections)
        if (injection.trouble == Trouble::Crowd)
            for (int i = 0; i < 40; ++i)
                one.load.ask(double(injection.startNs) * 1e-9,
                             join(system, one.load.tokens(one.load.dice.between(16, 60))), 20);
    one.load.sort();
}

SimulatedCost costOf(const Machine& machine, const Injection* now, const ScheduledBatch& batch, Dice& dice)
{
    const auto rows = static_cast<double>(batch.rows.size());
    double forward = machine.fixed + machine.prefill * batch.prefillTokens + machine.row * batch.decodeTokens;
    forward *= std::max(1.0 + machine.noise * dice.normal(), 0.5);
    double gap = machine.gap * (0.5 + dice.unit()) + machine.telling * rows;
    if (now != nullptr && now->trouble == Trouble::Stall)
        forward *= 3.0 + 3.0 * dice.unit();
    if (now != nullptr && now->trouble == Trouble::SlowSpell)
        forward *= 1.5;
    if (now != nullptr && now->trouble == Trouble::Gap)
        gap += 60e6;
    if (now != nullptr && now->trouble == Trouble::SlowClient)
        gap += 3e6 + 3e6 * dice.unit();
    SimulatedCost cost;
    cost.scheduleNs = static_cast<std::int64_t>(machine.schedule);
    cost.forwardNs = batch.empty() ? 0 : static_cast<std::int64_t>(forward);
    cost.sampleNs = static_cast<std::int64_t>(machine.sample * rows);
    cost.gapNs = static_cast<std::int64_t>(gap);
    return cost;
}

struct Disturbed
{
    std::vector<Injection> injections;
    std::vector<Anomaly> found;
    std::size_t steps = 0;
};

Disturbed run(std::uint64_t seed, bool quiet)
{
    constexpr std::int64_t kUntil = 180 * kSecond;
    Dice dice(seed);
    Disturbed result;
    if (!quiet)
        result.injections = inject(dice, kUntil);
    Case one(seed);
    one.machine.noise = 0.02 + 0.04 * dice.unit();
    one.scheduler.maxRunning = 16;
    addLoad(one, result.injections, kUntil);
    SimulationSetup setup;
    setup.pool = one.pool;
    setup.scheduler = one.scheduler;
    setup.cost = [&](const ScheduledBatch& batch, std::int64_t timeNs) {
        return costOf(one.machine, during(result.injections, timeNs), batch, dice);
    };
    const Simulation simulation = simulateServing(setup, one.load.requests);
    AnomalyWatch watch;
    for (const RecordedStep& step : simulation.steps)
        for (Anomaly& anomaly : watch.add(step))
            result.found.push_back(std::move(anomaly));
    for (Anomaly& anomaly : watch.open())
        result.found.push_back(std::move(anomaly));
    result.steps = simulation.steps.size();
    return result;
}

bool explains(const Injection& injection, const Anomaly& anomaly)
{
    constexpr std::int64_t kAftermath = 3 * kSecond; // queues take a while to go
    return anomaly.startNs <= injection.endNs + kAftermath && anomaly.endNs >= injection.startNs;
}

} // namespace

class AnomalyTest : public QObject
{
    Q_OBJECT

private slots:
    void disturbancesAreFoundAndNothingElse();
    void quietServingIsQuiet();
    void aGapIsOddWhereReadersNoticeIt();
    void aNewLevelIsOddForAWhileOnly();
    void whatFallsBelowTheUsualAfterwardsIsNotTheWorst();
    void nonsenseDoesNoHarm();
};

void AnomalyTest::disturbancesAreFoundAndNothingElse()
{
    int injected = 0, recalled = 0, found = 0, sound = 0;
    std::map<std::string, std::pair<int, int>> byTrouble;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Disturbed result = run(seed, false);
        for (const Injection& injection : result.injections) {
            if (!injection.met)
                continue;
            const std::vector<AnomalyKind> signs = signsOf(injection.trouble);
            const bool hit =
                std::any_of(result.found.begin(), result.found.end(), [&](const Anomaly& anomaly) {
                    return explains(injection, anomaly) &&
                           std::find(signs.begin(), signs.end(), anomaly.kind) != signs.end();
                });
            ++injected;
            recalled += hit ? 1 : 0;
            auto& count = byTrouble[kTroubles[int(injection.trouble)]];
            count.first += hit ? 1 : 0;
            ++count.second;
        }
        for (const Anomaly& anomaly : result.found) {
            const bool real = std::any_of(result.injections.begin(), result.injections.end(),
                                          [&](const Injection& one) { return explains(one, anomaly); });
            ++found;
            sound += real ? 1 : 0;
            QVERIFY(anomaly.startNs <= anomaly.endNs && anomaly.firstStep <= anomaly.lastStep);
            QVERIFY(!anomaly.sentence.english().empty());
            if (!real)
                std::printf("  false: seed %llu, %.2f … %.2f s, %s, %.1f: %s\n",
                            static_cast<unsigned long long>(seed), double(anomaly.startNs) * 1e-9,
                            double(anomaly.endNs) * 1e-9, anomalyName(anomaly.kind), anomaly.score,
                            anomaly.sentence.english().c_str());
        }
    }
    for (const auto& [name, count] : byTrouble)
        std::printf("  %-12s found %d of %d\n", name.c_str(), count.first, count.second);
    const double precision = double(sound) / found, recall = double(recalled) / injected;
    std::printf(
        "  seeds 1 … 20, %d disturbances, %d findings: precision %.3f (at least 0.9), recall %.3f (at "
        "least 0.9)\n",
        injected, found, precision, recall);
    QVERIFY(injected >= 100);
    QVERIFY(precision >= 0.9);
    QVERIFY(recall >= 0.9);
}

void AnomalyTest::quietServingIsQuiet()
{
    std::size_t found = 0, steps = 0;
    for (std::uint64_t seed = 101; seed <= 110; ++seed) {
        const Disturbed result = run(seed, true);
        found += result.found.size();
        steps += result.steps;
    }
    std::printf("  seeds 101 … 110, %zu quiet steps: %zu findings\n", steps, found);
    QVERIFY(steps > 50'000);
    QVERIFY(found <= steps / 20'000);
}

/// Steps of 30 ms: ten times the usual gap is nothing beside them, the length of three of them is.
void AnomalyTest::aGapIsOddWhereReadersNoticeIt()
{
    for (const std::int64_t longGapNs : {5'000'000, 90'000'000}) {
        AnomalyWatch watch;
        std::int64_t now = kSecond;
        std::vector<Anomaly> found;
        for (std::uint64_t i = 1; i <= 400; ++i) {
            RecordedStep step;
            step.record.step = i;
            step.record.startNs = now;
            step.record.running = 1;
            step.phases = {{StepPhase::Forward, now, now + 30'000'000}};
            now += 30'000'000;
            step.record.endNs = now;
            step.rows = {{RequestId{1}, 0, 1, 5, 1}};
            for (Anomaly& anomaly : watch.add(step))
                found.push_back(std::move(anomaly));
            now += i % 100 == 0 ? longGapNs : 500'000;
        }
        for (Anomaly& anomaly : watch.open())
            found.push_back(std::move(anomaly));
        QCOMPARE(!found.empty(), longGapNs > 30'000'000);
        for (const Anomaly& anomaly : found) {
            QVERIFY(anomaly.kind == AnomalyKind::Gaps);
            QVERIFY2(anomaly.sentence.english().find("A step takes 30") != std::string::npos,
                     anomaly.sentence.english().c_str());
        }
    }
}

void AnomalyTest::aNewLevelIsOddForAWhileOnly()
{
    RobustSignal signal({.floor = 0.1});
    Dice dice(3);
    int began = 0, ended = 0, oddLate = 0;
    for (int i = 0; i < 1200; ++i) {
        const RobustSignal::Verdict verdict = signal.push((i < 300 ? 1.0 : 3.0) + 0.1 * dice.normal());
        QVERIFY(i >= 300 || !verdict.odd);
        began += verdict.began ? 1 : 0;
        ended += verdict.ended ? 1 : 0;
        oddLate += i > 600 && verdict.odd ? 1 : 0;
    }
    QCOMPARE(began, 1);
    QCOMPARE(ended, 1);
    QCOMPARE(oddLate, 0);
    QVERIFY(std::abs(signal.usual() - 3.0) < 0.1);
}

void AnomalyTest::whatFallsBelowTheUsualAfterwardsIsNotTheWorst()
{
    RobustSignal signal({.floor = 0.1});
    Dice dice(12);
    double most = 0.0;
    int odd = 0;
    for (int i = 0; i < 360; ++i) {
        const double level = i < 300 ? 1.0 : i < 304 ? 3.0 : -4.0;
        const RobustSignal::Verdict verdict = signal.push(level + 0.1 * dice.normal());
        odd += verdict.odd ? 1 : 0;
        most = std::max(most, verdict.excess);
    }
    QVERIFY2(odd >= 4 && odd < 12, qPrintable(QString::number(odd)));
    QVERIFY2(most > 10 && most < 30, qPrintable(QString::number(most))); // of the 3, not of the -4
}

void AnomalyTest::nonsenseDoesNoHarm()
{
    std::mt19937_64 random(5);
    AnomalyWatch watch;
    for (int i = 0; i < 5000; ++i) {
        RecordedStep step;
        StepFigures& record = step.record;
        record.step = random() % 3;
        for (std::int64_t* time : {&record.startNs, &record.endNs, &record.scheduleNs, &record.forwardNs,
                                   &record.sampleNs, &record.predictedNs, &record.transferNs})
            *time = static_cast<std::int64_t>(random()) >> (random() % 64);
        record.preemptions = record.waiting = static_cast<std::uint32_t>(random());
        record.lookedUpTokens = static_cast<std::uint32_t>(random() % 2);
        record.cachedTokens = static_cast<std::uint32_t>(random());
        step.rows.resize(random() % 2);
        step.phases = {
            {StepPhase::Forward, static_cast<std::int64_t>(random()), static_cast<std::int64_t>(random())}};
        for (const Anomaly& anomaly : watch.add(step))
            QVERIFY(std::isfinite(anomaly.score) && anomaly.startNs <= anomaly.endNs);
    }
}

QTEST_APPLESS_MAIN(AnomalyTest)
#include "anomaly_test.moc"
