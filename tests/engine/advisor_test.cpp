// SPDX-License-Identifier: GPL-3.0-or-later
// Faults are put into the machine, its settings or its load, and the advisor has to name them: counted right,
// wrong and missed, and false alarms where nothing is wrong.
#include <cstdio>
#include <map>

#include <QtTest>

#include "engine/analysis/advisor.h"
#include "tests/engine/support/fault_cases.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr int kSeedsPerFault = 10;
constexpr int kHealthyRuns = 160;

void describe(const Diagnosis& diagnosis)
{
    std::printf("      %.3f %s: %s | %s", diagnosis.severity, diagnosisName(diagnosis.kind),
                diagnosis.cause.english().c_str(), diagnosis.advice.english().c_str());
    for (const Gain& gain : diagnosis.gains)
        std::printf(" [%s %.4g -> %.4g]", metricName(gain.metric), gain.before, gain.after);
    std::printf("\n");
}

} // namespace

class AdvisorTest : public QObject
{
    Q_OBJECT

private slots:
    void faultsAreNamed();
    void nothingIsSaidOfHealthyRuns();
};

void AdvisorTest::faultsAreNamed()
{
    int right = 0, wrong = 0, missed = 0, among = 0;
    std::map<std::string, std::map<std::string, int>> table;
    const bool loud = qEnvironmentVariableIsSet("VITRINE_LOUD");
    for (std::size_t kind = 0; kind < faultKinds().size(); ++kind)
        for (int strength = 0; strength < 3; ++strength)
            for (int repeat = 0; repeat < kSeedsPerFault; ++repeat) {
                const std::uint64_t seed =
                    1000 + kind * 10 + std::uint64_t(strength) * 3 + std::uint64_t(repeat) * 500;
                const FaultKind& fault = faultKinds()[kind];
                Case one(seed);
                fault.inject(one, strength);
                if (repeat % 2 == 1) {
                    one.facts.scheduler = one.scheduler;
                    one.facts.prefixCache = one.pool.prefixCache;
                }
                const Simulation run = serve(one);
                QVERIFY(run.complete);
                const std::vector<Diagnosis> found = advise(run.steps, run.start, one.facts, {loud, 8});
                const std::string name = diagnosisName(fault.expected);
                const std::string said = found.empty() ? "nothing" : diagnosisName(found.front().kind);
                const bool hit = !found.empty() && found.front().kind == fault.expected;
                ++table[name][said];
                right += hit ? 1 : 0;
                missed += found.empty() ? 1 : 0;
                wrong += !hit && !found.empty() ? 1 : 0;
                among += std::any_of(found.begin(), found.end(),
                                     [&](const Diagnosis& other) { return other.kind == fault.expected; })
                             ? 1
                             : 0;
                if (loud || !hit) {
                    std::printf("  %s %s, strength %d, seed %llu, %zu steps\n", hit ? "ok  " : "MISS",
                                name.c_str(), strength + 1, static_cast<unsigned long long>(seed),
                                run.steps.size());
                    for (const Diagnosis& diagnosis : found)
                        describe(diagnosis);
                }
            }
    for (const auto& [expected, said] : table) {
        std::printf("  %-40s", expected.c_str());
        for (const auto& [name, count] : said)
            std::printf(" | %s: %d", name.c_str(), count);
        std::printf("\n");
    }
    const int all = right + wrong + missed;
    std::printf("  %d kinds of fault, %d runs: right %d, wrong %d, missed %d; named at all %d\n",
                int(faultKinds().size()), all, right, wrong, missed, among);
    QVERIFY(all >= 36);
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

QTEST_APPLESS_MAIN(AdvisorTest)
#include "advisor_test.moc"
