// SPDX-License-Identifier: GPL-3.0-or-later
// The number of ranks that follows the load, on made machines in made time.
#include <QtTest>

#include <array>
#include <random>

#include "engine/plan/rank_policy.h"
#include "tests/support/sanitizer.h"

using namespace vitrine::engine;

namespace {

constexpr std::array<std::uint32_t, 4> kNumbers{1, 2, 4, 8};
constexpr double kTokenSeconds = 0.001;

/// Runs steps of a made length and does what the policy says.
class MadeMachine
{
public:
    MadeMachine(std::array<double, 4> slowness, std::uint32_t seed, const RankPolicyOptions& options = {})
        : m_options(options), m_slowness(slowness), m_random(seed),
          m_policy(options, {{1, 1.0}, {2, 1.02}, {4, 1.1}, {8, 1.2}})
    {}

    /// With work: `requests` in every step, now and then a prompt.
    void run(double seconds, std::uint32_t requests)
    {
        for (const double end = now + seconds; now < end;) {
            if (requests > 0)
                step(requests);
            else
                now += 0.1;
            const EngineLoad load{now, requests, ranks, requests * kvEach};
            if (const auto decision = m_policy.choose(load))
                change(load, *decision);
        }
    }
    void lose(std::uint32_t left) { ranks = left; }
    double shareAt(std::uint32_t number) const { return at.contains(number) ? at.at(number) / all : 0.0; }
    const RankPolicy& policy() const { return m_policy; }

    struct Change
    {
        double at = 0.0, done = 0.0;
        std::uint32_t from = 1, to = 1;
        RankDecision::Reason reason{};
    };
    double now = 100.0, noise = 0.1, all = 0.0;
    std::uint32_t ranks = 1;
    std::uint64_t kvEach = 100;
    std::map<std::uint32_t, double> at; ///< seconds of steps
    std::vector<Change> changes, refusals;
    bool refuses = false;

private:
    double slowness() const
    {
        const auto found = std::find(kNumbers.begin(), kNumbers.end(), ranks);
        return m_slowness[static_cast<std::size_t>(found - kNumbers.begin())];
    }

    void step(std::uint32_t requests)
    {
        const std::uint32_t prompt = m_random() % 5 == 0 ? 32 + m_random() % 200 : 0;
        std::uniform_real_distribution<double> spread(1.0 - noise, 1.0 + noise);
        const double work = 0.004 + kTokenSeconds * (requests + prompt);
        const double took = work * slowness() * spread(m_random);
        now += took;
        all += took;
        at[ranks] += took;
        m_policy.took({now, took, work, requests + prompt, prompt});
    }

    void change(const EngineLoad& load, const RankDecision& decision)
    {
        if (refuses && decision.ranks > 1) {
            refusals.push_back({now, now, ranks, decision.ranks, decision.reason});
            return m_policy.refused(load, decision);
        }
        const double took = 0.3 + 0.1 * decision.ranks;
        changes.push_back({now, now + took, ranks, decision.ranks, decision.reason});
        ranks = decision.ranks;
        now += took;
        m_policy.changed(load, decision, took);
        now += static_cast<double>(load.kvTokens) * kTokenSeconds; // computed anew
    }

    RankPolicyOptions m_options;
    std::array<double, 4> m_slowness;
    std::mt19937 m_random;
    RankPolicy m_policy;
};

std::size_t seeds()
{
    return vitrine::tests::effort(std::size_t{60}, std::size_t{6});
}

} // namespace

class RankPolicyTest : public QObject
{
    Q_OBJECT

private slots:
    void theFastestNumberIsFoundAndKept()
    {
        for (std::uint32_t seed = 0; seed < seeds(); ++seed) {
            const std::size_t best = seed % 4;
            std::array<double, 4> slowness{1.0, 1.0, 1.0, 1.0};
            slowness[best] = 0.7;
            MadeMachine machine(slowness, seed);
            machine.run(3000.0, 4 + seed);
            machine.at.clear();
            machine.all = 0.0;
            machine.run(1000.0, 4 + seed);
            QVERIFY2(machine.shareAt(kNumbers[best]) > 0.9, std::to_string(seed).c_str());
        }
    }

    void whereNothingIsGainedOneProcessComputes()
    {
        for (std::uint32_t seed = 0; seed < seeds(); ++seed) {
            MadeMachine machine({1.0, 0.97, 1.0, 1.3}, seed);
            machine.run(7200.0, 1 + seed);
            QVERIFY(machine.shareAt(1) > 0.9);
            QVERIFY2(machine.changes.size() < 50, std::to_string(machine.changes.size()).c_str());
            for (const MadeMachine::Change& change : machine.changes)
                QVERIFY(change.reason == RankDecision::Reason::Trial ||
                        change.reason == RankDecision::Reason::NotFaster);
        }
    }

    void changesRestAndCostLittleWhateverTheLoad()
    {
        const RankPolicyOptions options;
        for (std::uint32_t seed = 0; seed < seeds(); ++seed) {
            std::mt19937 random(seed);
            std::uniform_real_distribution<double> speed(0.6, 1.5), length(1.0, 300.0);
            MadeMachine machine({speed(random), speed(random), speed(random), speed(random)}, seed, options);
            machine.noise = 0.4;
            machine.kvEach = random() % 2000;
            for (int phase = 0; phase < 25; ++phase)
                machine.run(length(random), random() % 3 == 0 ? 0 : 1 + random() % 64);
            for (std::size_t i = 1; i < machine.changes.size(); ++i)
                QVERIFY(machine.changes[i].at - machine.changes[i - 1].done >= options.restSeconds - 1e-9);
            const double back = 1.5 + 64 * double(machine.kvEach) * 2 * kTokenSeconds * 1.5;
            QVERIFY(machine.policy().spentSeconds() <=
                    options.costShare * machine.policy().stepSeconds() + back);
        }
    }

    void idleTimeLeavesOneProcess()
    {
        const RankPolicyOptions options;
        for (std::uint32_t seed = 0; seed < seeds(); ++seed) {
            MadeMachine machine({1.0, 0.6, 0.9, 1.0}, seed);
            machine.run(2000.0, 8);
            QCOMPARE(machine.ranks, 2U);
            const std::size_t before = machine.changes.size();
            machine.run(options.idleSeconds - 2.0, 0);
            QCOMPARE(machine.ranks, 2U); // a pause is not idleness
            machine.run(10.0, 8);
            machine.run(options.idleSeconds + options.restSeconds + 1.0, 0);
            QCOMPARE(machine.ranks, 1U);
            QVERIFY(machine.changes.back().reason == RankDecision::Reason::Idle);
            machine.run(5000.0, 0);
            QCOMPARE(machine.changes.size(), before + 1);
        }
    }

    /// What was measured before is still known when work comes back soon.
    void workThatComesBackHasItsRanksSoon()
    {
        MadeMachine machine({1.0, 0.6, 0.9, 1.0}, 1);
        machine.run(2000.0, 8);
        machine.run(100.0, 0);
        QCOMPARE(machine.ranks, 1U);
        machine.run(30.0, 8);
        QCOMPARE(machine.ranks, 2U);
        QVERIFY(machine.changes.back().reason == RankDecision::Reason::Faster);
    }

    void aNumberThatProvedSlowerIsTriedMoreAndMoreSeldom()
    {
        RankPolicyOptions options;
        options.memorySeconds = 60.0; // so that only the ban counts
        MadeMachine machine({1.0, 1.4, 1.4, 1.4}, 3, options);
        machine.run(8000.0, 8);
        std::map<std::uint32_t, std::vector<double>> tried;
        for (const MadeMachine::Change& change : machine.changes)
            if (change.reason == RankDecision::Reason::Trial)
                tried[change.to].push_back(change.at);
        QVERIFY(tried.at(2).size() >= 3);
        for (const auto& [ranks, times] : tried) {
            double wait = options.retrySeconds;
            for (std::size_t i = 1; i < times.size(); ++i, wait = std::min(2 * wait, 3600.0))
                QVERIFY(times[i] - times[i - 1] >= wait);
        }
    }

    void whatIsPredictedHopelessIsNotTried()
    {
        const RankPolicyOptions options;
        RankPolicy policy(options, {{1, 1.0}, {2, 1.9}});
        double now = 50.0;
        std::optional<RankDecision> tried;
        for (; now < 2000.0 && !tried; now += 0.02) {
            policy.took({now, 0.02, 0.02, 4, 0});
            tried = policy.choose({now, 4, 1, 0});
        }
        QVERIFY(tried && tried->ranks == 2); // the machine is another by then
        QVERIFY(now - 50.0 >= options.memorySeconds && now - 50.0 < options.memorySeconds + 60.0);
    }

    void aRefusalIsNotAskedForAgainSoon()
    {
        const RankPolicyOptions options;
        MadeMachine machine({1.0, 0.5, 0.5, 0.5}, 5);
        machine.refuses = true;
        machine.run(4000.0, 8);
        QVERIFY(machine.refusals.size() >= 3 && machine.changes.empty());
        std::map<std::uint32_t, double> last;
        for (const MadeMachine::Change& refusal : machine.refusals) {
            QVERIFY(!last.contains(refusal.to) || refusal.at - last[refusal.to] >= options.retrySeconds);
            last[refusal.to] = refusal.at;
        }
    }

    /// Ranks that failed too often: the policy was not asked.
    void ranksThatWereLostAreNotAskedForAtOnce()
    {
        const RankPolicyOptions options;
        MadeMachine machine({1.0, 0.6, 0.9, 1.0}, 7);
        machine.run(2000.0, 8);
        QCOMPARE(machine.ranks, 2U);
        const double lost = machine.now;
        const std::size_t before = machine.changes.size();
        machine.lose(1);
        machine.run(1000.0, 8);
        for (std::size_t i = before; i < machine.changes.size(); ++i)
            QVERIFY(machine.changes[i].to != 2 || machine.changes[i].at - lost >= options.retrySeconds);
        QCOMPARE(machine.ranks, 2U);
    }

    /// Failures may leave a number that the model's list does not have.
    void aNumberThatIsNoneOfItsOwnGivesWayToTheNextSmaller()
    {
        const RankPolicyOptions options;
        RankPolicy policy(options, {{1, 1.0}, {2, 1.0}, {8, 1.0}});
        QVERIFY(!policy.choose({100.0, 4, 5, 0}));
        const EngineLoad load{100.0 + options.restSeconds, 4, 5, 0};
        const std::optional<RankDecision> decision = policy.choose(load);
        QVERIFY(decision && decision->ranks == 2 && decision->reason == RankDecision::Reason::Known);
        policy.refused(load, *decision);
        const EngineLoad later{load.now + options.restSeconds, 4, 5, 0};
        QCOMPARE(policy.choose(later)->ranks, 1U); // what was refused rests
        RankPolicy idle(options, {{1, 1.0}, {2, 1.0}});
        QVERIFY(!idle.choose({100.0, 0, 5, 0}));
        QCOMPARE(idle.choose({100.0 + options.idleSeconds, 0, 5, 0})->ranks, 1U);
    }

    void aRefusalOfFewerIsNotAskedForAgainSoon()
    {
        const RankPolicyOptions options;
        RankPolicy policy(options, {{1, 1.0}, {2, 1.0}});
        std::vector<double> asked;
        for (double now = 100.0; now < 1500.0; now += 0.5)
            if (const std::optional<RankDecision> decision = policy.choose({now, 0, 2, 0})) {
                asked.push_back(now);
                policy.refused({now, 0, 2, 0}, *decision);
            }
        QVERIFY(asked.size() >= 2 && asked.size() <= 4);
        QVERIFY(asked[1] - asked[0] >= options.retrySeconds);
    }
};

QTEST_GUILESS_MAIN(RankPolicyTest)
#include "rank_policy_test.moc"
