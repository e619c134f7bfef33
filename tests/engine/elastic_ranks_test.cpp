// SPDX-License-Identifier: GPL-3.0-or-later
// An engine whose number of processes goes up and down under a load: real processes and replies, in time that
// is made, so that what is measured faster is known.
#include <QtTest>

#include "engine/plan/elastic_ranks.h"
#include "tests/engine/support/ranked_load.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

constexpr double kStepSeconds = 0.05; // of one token with one process

RankPolicyOptions quickly()
{
    RankPolicyOptions options;
    options.restSeconds = 0.5;
    options.settleSeconds = 0.3;
    options.idleSeconds = 2.0;
    options.costShare = 1000.0; // the budget has tests of its own; here it would depend on the machine
    options.hopeless = 1e9;     // sums of so small a model are all that it takes
    options.warmUpSteps = 2;
    return options;
}

/// An engine and what follows its load, on a clock that only steps move.
struct Elastic
{
    std::unique_ptr<Engine> engine = rankedEngine(engineOptions(1, kNeverFewer));
    std::shared_ptr<const RankPlan> plan = planOf(2);
    std::int64_t clockNs = 1'000'000'000;
    ElasticRanks ranks{plan, quickly(), [this] { return clockNs; }};
    std::map<std::uint32_t, double> slowness{{1, 1.0}, {2, 1.0}};
    std::vector<RankChange> changes;

    static std::shared_ptr<const RankPlan> planOf(std::uint32_t threads)
    {
        Result<RankPlan> made = planRanks(*tinyModel("llama"), {.threads = threads});
        VT_CHECK(made.has_value());
        return std::make_shared<const RankPlan>(std::move(*made));
    }

    void advance(double seconds) { clockNs += static_cast<std::int64_t>(seconds * 1e9); }

    void act()
    {
        if (const auto change = ranks.act(*engine))
            changes.push_back(*change);
    }

    /// After a step: as if it had taken what the number of ranks makes of it.
    void follow()
    {
        std::vector<StepRecord> steps;
        engine->stepRing().drain(steps);
        for (StepRecord& step : steps) {
            const std::uint32_t tokens = step.prefillTokens + step.decodeTokens;
            step.startNs = clockNs;
            advance(slowness.at(engine->ranks()) * kStepSeconds * plan->aloneSeconds({tokens, 1, 0.0}) /
                    plan->aloneSeconds({1, 1, 0.0}));
            step.endNs = clockNs;
            ranks.take(step);
        }
        act();
    }

    Replies run(const std::vector<GenerationRequest>& load)
    {
        return runLoad(*engine, load, [this](std::uint64_t) { follow(); });
    }

    /// Loads until the number of ranks is `wanted`, twenty at most; everybody's reply is complete.
    bool runUntil(std::uint32_t wanted, const std::vector<GenerationRequest>& load)
    {
        for (int round = 0; round < 20 && engine->ranks() != wanted; ++round) {
            const Replies replies = run(load);
            bool whole = replies.errors.empty() && replies.finished == load.size();
            std::size_t index = 0;
            for (const auto& [id, tokens] : replies.tokens)
                whole = whole && tokens.size() == load[index++].maxTokens;
            if (!whole)
                return false;
        }
        return engine->ranks() == wanted && workerIds().size() == wanted - 1;
    }
};

std::vector<std::vector<TokenId>> inOrder(const Replies& replies)
{
    std::vector<std::vector<TokenId>> tokens;
    for (const auto& [id, reply] : replies.tokens)
        tokens.push_back(reply);
    return tokens;
}

} // namespace

class ElasticRanksTest : public QObject
{
    Q_OBJECT

private slots:
    void theNumberFollowsTheLoadUpAndDown()
    {
        const std::vector<GenerationRequest> load = mixedLoad(8, tinyModel("llama")->config().vocab);
        std::map<std::uint32_t, std::vector<std::vector<TokenId>>> expected;
        for (const std::uint32_t count : {1U, 2U})
            expected[count] = inOrder(runLoad(*rankedEngine(engineOptions(count, kNeverFewer)), load));

        Elastic elastic;
        QVERIFY(elastic.engine);
        elastic.slowness[2] = 0.5;
        QVERIFY(elastic.runUntil(2, load)); // tried
        QVERIFY(elastic.changes.back().reason == RankDecision::Reason::Trial);
        for (int round = 0; round < 3; ++round) // and kept
            QVERIFY(inOrder(elastic.run(load)) == expected[2]);
        QCOMPARE(elastic.changes.size(), std::size_t{1});

        elastic.slowness[2] = 1.5; // something else wants the processor
        QVERIFY(elastic.runUntil(1, load));
        QVERIFY(elastic.changes.back().reason == RankDecision::Reason::NotFaster);
        for (int round = 0; round < 3; ++round)
            QVERIFY(inOrder(elastic.run(load)) == expected[1]);
        QCOMPARE(elastic.changes.size(), std::size_t{2}); // it is not tried again so soon
    }

    void idleTimeGivesTheOtherProcessesBack()
    {
        const std::vector<GenerationRequest> load = mixedLoad(6, tinyModel("llama")->config().vocab);
        Elastic elastic;
        QVERIFY(elastic.engine);
        elastic.slowness[2] = 0.5;
        QVERIFY(elastic.runUntil(2, load));
        for (int i = 0; i < 30; ++i) {
            elastic.advance(0.1);
            elastic.act();
        }
        QCOMPARE(elastic.engine->ranks(), 1U);
        QVERIFY(workerIds().empty());
        QVERIFY(elastic.changes.back().reason == RankDecision::Reason::Idle);
        QVERIFY(elastic.runUntil(2, load)); // what is known of it counts when work comes back
        QVERIFY(elastic.changes.back().reason == RankDecision::Reason::Faster);
    }

    void whatIsRefusedIsSaidAndNotAskedForAgain()
    {
        Elastic elastic;
        QVERIFY(elastic.engine);
        elastic.slowness[2] = 0.5;
        GenerationRequest request = mixedLoad(1, tinyModel("llama")->config().vocab)[0];
        request.keepTokens = 32; // has forgotten what more ranks would have to compute
        request.maxTokens = 150;
        QCOMPARE(elastic.run({request}).finished, std::size_t{1});
        QCOMPARE(elastic.changes.size(), std::size_t{1});
        QVERIFY(elastic.changes[0].now == 1 && elastic.changes[0].wanted == 2);
        const std::string said = sentenceOf(elastic.changes[0]);
        QVERIFY2(said.starts_with("the number of processes stays 1 instead of 2: "), said.c_str());
        QCOMPARE(elastic.engine->ranks(), 1U);
    }

    void changesAreSentences()
    {
        QCOMPARE(sentenceOf({1, 2, RankDecision::Reason::Trial, 0.31, {}, 2}),
                 std::string("2 processes compute instead of 1, to see whether that is faster (0.31 s)"));
        QCOMPARE(
            sentenceOf({4, 1, RankDecision::Reason::Idle, 0.2, {}, 1}),
            std::string("one process computes instead of 4, since nothing was asked for a while (0.20 s)"));
    }

    void aPreparedModelBringsItsPlan()
    {
        EngineOptions options = engineOptions(1, kNeverFewer);
        options.planRanks = true;
        options.executor.threads = 1; // which leaves one plan
        const Result<PreparedModel> prepared =
            prepareModel(VITRINE_TEST_DATA "/families/llama/model.gguf", options);
        QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
        QVERIFY(prepared->plan != nullptr);
        QCOMPARE(prepared->options.executor.rankCount, prepared->plan->bestRanks());
        options.planRanks = false;
        QVERIFY(prepareModel(VITRINE_TEST_DATA "/families/llama/model.gguf", options)->plan == nullptr);
    }
};

QTEST_GUILESS_MAIN(ElasticRanksTest)
#include "elastic_ranks_test.moc"
