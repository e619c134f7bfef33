// SPDX-License-Identifier: GPL-3.0-or-later
// Faults are put into the machine, its settings or its load, and the advisor has to name them: counted right,
// wrong and missed, and false alarms where nothing is wrong.
#include <cstdio>
#include <map>

#include <QtTest>

#include "engine/analysis/advisor.h"
#include "engine/analysis/run_metrics.h"
#include "tests/engine/support/fault_cases.h"
#include "tests/engine/support/recorded_run.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr int kSeedsPerFault = vitrine::tests::effort(6, 2);
constexpr int kHealthyRuns = vitrine::tests::effort(120, 40);

void describe(const Diagnosis& diagnosis)
{
    std::printf("      %.3f %s: %s | %s", diagnosis.severity, diagnosisName(diagnosis.kind),
                diagnosis.cause.english().c_str(), diagnosis.advice.english().c_str());
    for (const Gain& gain : diagnosis.gains)
        std::printf(" [%s %.4g -> %.4g]", metricName(gain.metric), gain.before, gain.after);
    std::printf("\n");
}

/// Of each strength several, on machines that differ; half of them with the settings known.
Case faultyCase(std::size_t kind, int strength, int repeat)
{
    Case one(1000 + kind * 10 + std::uint64_t(strength) * 3 + std::uint64_t(repeat) * 500);
    Dice dice(one.seed + 31);
    if (repeat > 0)
        varyMachine(one, dice);
    faultKinds()[kind].inject(one, strength);
    if (repeat % 2 == 1) {
        one.facts.scheduler = one.scheduler;
        one.facts.prefixCache = one.pool.prefixCache;
    }
    return one;
}

void apply(const Suggestion& suggestion, Case& one)
{
    const auto count = static_cast<std::uint32_t>(suggestion.proposed);
    if (suggestion.key == SettingKey::KvBlocks)
        one.pool.blocks = count;
    else if (suggestion.key == SettingKey::ItlTarget)
        one.scheduler.itlTarget = suggestion.proposed;
    else if (suggestion.key == SettingKey::TokenBudget)
        one.scheduler.tokenBudget = count;
    else if (suggestion.key == SettingKey::MaxRunning)
        one.scheduler.maxRunning = count;
    else if (suggestion.key == SettingKey::PrefixCache)
        one.pool.prefixCache = count != 0;
}

/// As a damaged or made-up file may have it.
void spoil(RecordedStep& step, Dice& dice)
{
    StepFigures& record = step.record;
    const auto wild = [&] { return static_cast<std::int64_t>(dice.next()) >> dice.between(0, 63); };
    for (std::int64_t* time :
         {&record.startNs, &record.endNs, &record.forwardNs, &record.transferNs, &record.emitNs})
        *time = dice.unit() < 0.3 ? wild() : *time;
    for (std::uint32_t* count :
         {&record.running, &record.waiting, &record.tokenBudget, &record.recomputedTokens, &record.blocksFree,
          &record.blocksCached, &record.blocksReferencedPeak})
        *count = dice.unit() < 0.2 ? static_cast<std::uint32_t>(wild()) : *count;
    for (StepRow& row : step.rows)
        if (dice.unit() < 0.2)
            row.contextLength = row.prefillTokens = static_cast<std::uint32_t>(wild());
    for (PhaseSpan& span : step.phases)
        if (dice.unit() < 0.1)
            span.endNs = wild();
    if (dice.unit() < 0.2)
        step.events.emplace_back(
            RecordedArrival{RequestId{dice.between(0, 200)}, wild(), 0xFFFFFFFFU, 0, {1, -1}});
    if (dice.unit() < 0.2)
        step.events.emplace_back(AdmissionEvent{RequestId{dice.between(0, 200)}, 0xFFFFFFFFU});
    if (dice.unit() < 0.2)
        step.events.emplace_back(RecordedEnd{RequestId{dice.between(0, 60)}, FinishReason::Length, wild()});
}

bool names(const std::vector<Diagnosis>& found, DiagnosisKind kind)
{
    return std::any_of(found.begin(), found.end(), [&](const Diagnosis& one) { return one.kind == kind; });
}

} // namespace

class AdvisorTest : public QObject
{
    Q_OBJECT

private slots:
    void faultsAreNamed();
    void nothingIsSaidOfHealthyRuns();
    void evidenceIsThereToLookAt();
    void whatIsPredictedComesTrue_data();
    void whatIsPredictedComesTrue();
    void theFirstTokenThatDiffersIsNamed();
    void aRealRunWithFewBlocksIsKnownForIt();
    void factsAreTheEngines();
    void nonsenseDoesNoHarm();
};

/// Right: the first thing that is said is the fault that was put in.
void AdvisorTest::faultsAreNamed()
{
    int right = 0, wrong = 0, missed = 0, among = 0;
    std::map<std::string, std::map<std::string, int>> table;
    for (std::size_t kind = 0; kind < faultKinds().size(); ++kind)
        for (int trial = 0; trial < 3 * kSeedsPerFault; ++trial) {
            const DiagnosisKind expected = faultKinds()[kind].expected;
            const Case one = faultyCase(kind, trial % 3, trial / 3);
            const Simulation run = serve(one);
            QVERIFY(run.complete);
            const std::vector<Diagnosis> found = advise(run.steps, run.start, one.facts, {false, 8});
            const bool hit = !found.empty() && found.front().kind == expected;
            ++table[diagnosisName(expected)][found.empty() ? "nothing" : diagnosisName(found.front().kind)];
            right += hit ? 1 : 0;
            missed += found.empty() ? 1 : 0;
            wrong += !hit && !found.empty() ? 1 : 0;
            among += names(found, expected) ? 1 : 0;
            if (hit)
                continue;
            std::printf("  not right: %s, strength %d, seed %llu, %zu steps\n", diagnosisName(expected),
                        trial % 3 + 1, static_cast<unsigned long long>(one.seed), run.steps.size());
            for (const Diagnosis& diagnosis : found)
                describe(diagnosis);
        }
    for (const auto& [expected, said] : table) {
        std::printf("  %-40s", expected.c_str());
        for (const auto& [name, count] : said)
            std::printf(" | %s: %d", name.c_str(), count);
        std::printf("\n");
    }
    const int all = right + wrong + missed;
    std::printf(
        "  %d kinds of fault in 3 strengths, %d runs (seeds 1000 …): right %d, wrong %d, missed %d; named "
        "at all %d\n",
        int(faultKinds().size()), all, right, wrong, missed, among);
    QVERIFY(faultKinds().size() >= 12);
    QVERIFY(right >= 0.9 * all);
}

void AdvisorTest::nothingIsSaidOfHealthyRuns()
{
    int alarms = 0;
    for (std::uint64_t seed = 0; seed < kHealthyRuns; ++seed) {
        Case one = healthyCase(seed);
        if (seed % 3 == 0)
            one.facts.scheduler = one.scheduler;
        const Simulation run = serve(one);
        QVERIFY(run.complete && run.steps.size() > 200);
        const std::vector<Diagnosis> found = advise(run.steps, run.start, one.facts, {false, 8});
        alarms += found.empty() ? 0 : 1;
        if (!found.empty())
            std::printf("  false alarm, seed %llu, %zu steps\n", static_cast<unsigned long long>(seed),
                        run.steps.size());
        for (const Diagnosis& diagnosis : found)
            describe(diagnosis);
    }
    std::printf("  %d healthy runs: %d false alarms\n", kHealthyRuns, alarms);
    QVERIFY(alarms <= 0.05 * kHealthyRuns);
}

void AdvisorTest::evidenceIsThereToLookAt()
{
    for (std::size_t kind = 0; kind < faultKinds().size(); ++kind) {
        const Case one = faultyCase(kind, 2, 1);
        const Simulation run = serve(one);
        const std::vector<Diagnosis> found = advise(run.steps, run.start, one.facts, {false, 8});
        QVERIFY(!found.empty());
        for (const Diagnosis& diagnosis : found) {
            const Evidence& evidence = diagnosis.evidence;
            QVERIFY(!evidence.ranges.empty() || !evidence.requests.empty());
            QVERIFY(evidence.steps.size() <= Evidence::kMost && evidence.ranges.size() <= Evidence::kMost);
            QVERIFY(std::is_sorted(evidence.steps.begin(), evidence.steps.end()));
            for (const TimeRange& range : evidence.ranges)
                QVERIFY(range.startNs <= range.endNs && range.endNs <= run.steps.back().record.endNs);
            QVERIFY(diagnosis.severity > 0.0 && diagnosis.severity <= 1.0);
            QVERIFY(diagnosis.cause.english().find('%') == std::string::npos ||
                    diagnosis.cause.english().find(" %") != std::string::npos);
            QVERIFY(diagnosis.cause.text != diagnosis.cause.english());
            QVERIFY(!diagnosis.advice.empty());
            QVERIFY(!diagnosis.suggestion || diagnosis.suggestion->proposed != diagnosis.suggestion->current);
        }
    }
}

void AdvisorTest::whatIsPredictedComesTrue_data()
{
    QTest::addColumn<int>("kind");
    for (const DiagnosisKind kind :
         {DiagnosisKind::PoolTooSmall, DiagnosisKind::SwapThrash, DiagnosisKind::MaxRunningTooSmall,
          DiagnosisKind::BudgetTooSmall, DiagnosisKind::ItlTargetTooTight, DiagnosisKind::PrefillInterference,
          DiagnosisKind::PrefixEviction, DiagnosisKind::PrefixCacheOff})
        QTest::newRow(diagnosisName(kind)) << int(kind);
}

/// The setting is changed on the machine that the advisor does not know, and the same load served again.
void AdvisorTest::whatIsPredictedComesTrue()
{
    QFETCH(int, kind);
    std::size_t place = 0;
    while (faultKinds()[place].expected != static_cast<DiagnosisKind>(kind))
        ++place;
    Case one = faultyCase(place, 1, 1);
    const Simulation run = serve(one);
    const std::vector<Diagnosis> found = advise(run.steps, run.start, one.facts);
    QVERIFY(!found.empty() && int(found.front().kind) == kind);
    QVERIFY(found.front().suggestion.has_value());
    describe(found.front());
    apply(*found.front().suggestion, one);
    const RunMetrics before = measureRun(run.steps), after = measureRun(serve(one).steps);
    bool told = false, better = false;
    for (const Gain& gain : found.front().gains) {
        QCOMPARE(int(gain.by), int(GainSource::Replay));
        const double was = valueOf(before, gain.metric), is = valueOf(after, gain.metric);
        std::printf("      %s: %.4g, predicted %.4g, measured %.4g\n", metricName(gain.metric), was,
                    gain.after, is);
        QCOMPARE(gain.before, was);
        QVERIFY(std::abs(gain.after - is) <= 0.15 * was + 0.15 * is);
        told = true;
        better = better || (gain.metric == GainMetric::TokensPerSecond ? is > was : is < was);
    }
    QVERIFY(told && better);
}

void AdvisorTest::theFirstTokenThatDiffersIsNamed()
{
    Case one(5);
    const std::vector<TokenId> beginning = one.load.tokens(6), system = one.load.tokens(700);
    for (int i = 0; i < 30; ++i) {
        std::vector<TokenId> prompt = join(beginning, {static_cast<TokenId>(100 + i)});
        one.load.ask(1.0 + i, join(join(prompt, system), one.load.tokens(30)), 20);
    }
    std::map<TokenId, std::string> vocabulary;
    for (int i = 0; i < 30; ++i)
        vocabulary[100 + i] = "12:" + std::to_string(10 + i) + "\n";
    one.facts.vocabulary = &vocabulary;
    const Simulation run = serve(one);
    const std::vector<Diagnosis> found = advise(run.steps, run.start, one.facts);
    QVERIFY(!found.empty() && found.front().kind == DiagnosisKind::LowPrefixHits);
    const std::vector<Figure>& figures = found.front().cause.figures;
    QCOMPARE(figures[1].text, std::string("7"));
    QVERIFY(figures[2].text.starts_with("“12:") && figures[3].text.starts_with("“12:"));
    QVERIFY(figures[2].text != figures[3].text);
    QCOMPARE(figures[4].value, 700.0);
}

void AdvisorTest::aRealRunWithFewBlocksIsKnownForIt()
{
    const vitrine::tests::RecordedRun run = vitrine::tests::recordRun();
    QCOMPARE(run.error, std::string());
    const std::vector<Diagnosis> found = advise(run.steps, run.start);
    for (const Diagnosis& diagnosis : found)
        describe(diagnosis);
    QVERIFY(names(found, DiagnosisKind::PoolTooSmall));
    QVERIFY(advise({}, run.start).empty());
    QVERIFY(advise(std::span(run.steps).first(5), run.start).empty());
}

void AdvisorTest::factsAreTheEngines()
{
    vitrine::tests::RealEngine real;
    QVERIFY(!factsOf(real.engine()).threads.has_value());
    QCOMPARE(real.load(), std::string());
    const AnalysisFacts facts = factsOf(real.engine());
    QVERIFY(facts.threads == 2U && facts.prefixCache == true && facts.cores.value_or(0) >= 1);
    QVERIFY(facts.weightBytes.value_or(0) > 1'000'000 && facts.kvBytes.value_or(0) > 1'000'000);
    QVERIFY(facts.scheduler && facts.scheduler->maxRunning == SchedulerOptions().maxRunning);
    QVERIFY(facts.memoryTotal.value_or(0) >= facts.memoryAvailable.value_or(1));
}

void AdvisorTest::nonsenseDoesNoHarm()
{
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        Simulation run = serve(faultyCase(seed * 3 % faultKinds().size(), 1, 0));
        Dice dice(seed);
        for (RecordedStep& step : run.steps)
            spoil(step, dice);
        run.start.blocks = seed % 2 == 0 ? 0xFFFFFFFFU : 0;
        run.start.blockSize = seed % 3 == 0 ? 0 : seed % 3 == 1 ? 16 : 0xFFFFFFFFU;
        for (const Diagnosis& diagnosis : advise(run.steps, run.start))
            QVERIFY(diagnosis.severity >= 0.0 && diagnosis.severity <= 1.0);
    }
}

QTEST_APPLESS_MAIN(AdvisorTest)
#include "advisor_test.moc"
