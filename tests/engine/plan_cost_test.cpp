// SPDX-License-Identifier: GPL-3.0-or-later
// What plans are predicted to cost: arithmetic on made machines, and a plan of a real model on this one.
#include <QtTest>

#include "engine/execution/cpu_weights.h"
#include "engine/execution/stage_layers.h"
#include "engine/plan/rank_plan.h"
#include "tests/engine/support/model_files.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;

namespace {

/// 8 layers of 1 MB and as many multiply-adds; an output matrix of 2 MB.
ModelWork madeWork()
{
    ModelWork work;
    work.hidden = 100;
    work.layers.assign(8, {1e6, 0.0, 1e6});
    work.head = {2e6, 0.0, 2e6};
    return work;
}

/// Reads 1 GB/s with a thread and 4 with all of 4; sums cost `sum` seconds a token.
MachineSpeed madeMachine(double sum)
{
    MachineSpeed speed;
    speed.threads = 4;
    speed.readBytesOfOne = 1e9;
    speed.readBytesOfAll = 4e9;
    speed.multiplyAdds = 1e11;
    for (const std::uint32_t ranks : {1U, 2U, 4U})
        speed.links.push_back({ranks, {sum, 64 * sum, 512 * sum}});
    speed.barriers = {{4, 0.0}, {2, 0.0}};
    return speed;
}

std::vector<LayerRange> cut(std::uint32_t stages)
{
    std::vector<LayerRange> ranges;
    for (std::uint32_t i = 0; i < stages; ++i)
        ranges.push_back({8 / stages * i, 8 / stages});
    return ranges;
}

PlanCost cost(const MachineSpeed& speed, std::uint32_t stages, std::uint32_t ranks)
{
    return planCost(madeWork(), speed, {stages, ranks}, cut(stages));
}

bool near(double found, double expected)
{
    return std::abs(found - expected) < 1e-9 * std::max(1.0, expected);
}

} // namespace

class PlanCostTest : public QObject
{
    Q_OBJECT

private slots:
    void oneProcessTakesWhatReadingOrMultiplyingTakes()
    {
        const PlanCost alone = cost(madeMachine(1e-6), 1, 1);
        QVERIFY(near(alone.oneReply, 10e6 / 4e9));                 // reads 10 MB
        QVERIFY(near(alone.manyReplies, 32 * 10e6 / 1e11));        // multiplies
        QVERIFY(near(alone.prompt, 512 * 8e6 / 1e11 + 2e6 / 4e9)); // one row of logits reads its matrix
    }

    void ranksPayForTwoSumsALayer()
    {
        const MachineSpeed speed = madeMachine(1e-6);
        const PlanCost alone = cost(speed, 1, 1), two = cost(speed, 1, 2);
        QVERIFY(near(two.oneReply - alone.oneReply, 16 * 1e-6));
        QVERIFY(near(two.prompt - alone.prompt, 16 * 512e-6));
        QVERIFY(near(cost(madeMachine(0.0), 1, 2).oneReply, alone.oneReply));
    }

    void threadsOfAProcessPayForTheirBarriers()
    {
        MachineSpeed speed = madeMachine(0.0);
        speed.barriers = {{4, 1e-6}, {2, 0.5e-6}};
        QVERIFY(near(cost(speed, 1, 1).oneReply, 10e6 / 4e9 + 8 * 9 * 1e-6));
        QVERIFY(near(cost(speed, 1, 2).oneReply, 10e6 / 4e9 + 8 * 7 * 0.5e-6));
        QVERIFY(near(cost(speed, 1, 4).oneReply, 10e6 / 4e9)); // one thread waits for nobody
    }

    void stagesTakeTurnsWithFewTokensAndWorkTogetherWithMany()
    {
        const MachineSpeed speed = madeMachine(0.0);
        const PlanCost alone = cost(speed, 1, 1), two = cost(speed, 2, 1);
        QVERIFY(near(two.oneReply, 10e6 / 2e9)); // two of four threads each, one after the other
        // A prompt in 4 micro-batches: 5 turns of half the machine instead of 4 times all of it.
        QVERIFY(near(two.prompt - 2e6 / 2e9, 5 * (128 * 4e6 / 0.5e11)));
        QVERIFY(two.prompt > alone.prompt);
    }

    void expertsThatNobodyChoseAreNotRead()
    {
        ModelWork work = madeWork();
        work.experts = {.count = 4, .perToken = 2};
        for (PartWork& layer : work.layers)
            layer.expertBytes = 0.5e6;
        QVERIFY(near(work.bytesRead(work.layers[0], 1), 0.75e6));
        QVERIFY(work.bytesRead(work.layers[0], 100) > 0.99e6);
    }

    void sumsLieOnStraightLinesBetweenThoseMeasured()
    {
        MachineSpeed speed;
        speed.links = {{2, {1e-6, 64e-6, 512e-6}}};
        for (const double tokens : {1.0, 10.0, 64.0, 100.0, 512.0, 2048.0})
            QVERIFY(near(speed.sumSeconds(2, tokens) * 1e6, tokens));
        QCOMPARE(speed.sumSeconds(1, 100.0), 0.0);
    }

    void onlyWhatSavesSomethingIsChosen()
    {
        const PlanCost alone{{1, 1}, 1.0, 1.0, 1.0};
        const PlanCost little{{1, 2}, 0.98, 0.96, 0.96}, much{{1, 4}, 0.7, 0.8, 1.0},
            none{{2, 1}, 2.0, 1.0, 1.0};
        QCOMPARE(cheapest(std::vector{alone, little, none}), std::size_t{0});
        QCOMPARE(cheapest(std::vector{alone, little, much, none}), std::size_t{2});
    }

    void aPlanOfARealModelHasWhatItAdmits()
    {
        const std::shared_ptr<const Model> model = tinyModel("llama");
        const Result<RankPlan> plan = planRanks(*model, {.threads = 2});
        QVERIFY(plan.has_value());
        QVERIFY(plan->costs.size() == 3 && plan->costs.front().plan.alone());
        for (const PlanCost& found : plan->costs)
            QVERIFY(found.oneReply > 0.0 && found.prompt > 0.0 && found.plan.processes() <= 2);
        QCOMPARE(plan->ranksAlone().size(), std::size_t{2});
        QVERIFY(measureBarrier(2) > 0.0 && plan->speed.barrierSeconds(2) > 0.0);
        QVERIFY(plan->speed.sumSeconds(2, 512) > 0.0 && plan->speed.sumSeconds(2, 1) > 0.0);
        const std::uint64_t packed = weightBytesFor(
            model->weights(), vitrine::kernels::cpu::linearOperations(vitrine::kernels::cpu::selectedIsa()));
        QVERIFY(near(plan->work.bytes(), static_cast<double>(packed)));
        QVERIFY(near(plan->aloneSeconds({1, 1, 0.0}), plan->costs.front().oneReply));
    }

    void numbersThatTheModelRefusesAreNoPlans()
    {
        for (const StagePlan& plan : plansFor(*tinyModel("llama"), 64))
            QVERIFY(stageLayers(tinyModel("llama")->weights(), plan.stages).has_value() && plan.ranks < 64);
        QCOMPARE(plansFor(*tinyModel("llama"), 1).size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(PlanCostTest)
#include "plan_cost_test.moc"
