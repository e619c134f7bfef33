// SPDX-License-Identifier: GPL-3.0-or-later
// A model is cut into stages with about as many bytes each: nobody cuts it better, every layer is in one of
// them, and none is empty.
#include <QtTest>

#include <numeric>
#include <random>

#include "engine/execution/stage_layers.h"
#include "engine/parallel/stage_plan.h"

using namespace vitrine::engine;
using vitrine::kernels::QuantType;

namespace {

const std::uint8_t kSomething = 0;

WeightView matrix(std::uint64_t rows)
{
    return {"matrix", QuantType::F32, rows, 1, &kSomething};
}

/// A matrix of so many rows for each layer, and one of the head.
ModelWeights weightsOf(const std::vector<std::uint64_t>& layers, std::uint64_t head)
{
    ModelWeights weights;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        LayerWeights& layer = weights.layers.emplace_back();
        (i % 2 == 0 ? layer.q : layer.expertDown) = matrix(layers[i]);
    }
    weights.head = matrix(head);
    weights.tokenEmbedding = matrix(1'000'000); // is looked up, not read
    return weights;
}

/// The least heaviest stage of any cut, by trying all.
std::uint64_t bestOf(std::vector<std::uint64_t> layers, std::uint64_t head, std::uint32_t stages)
{
    layers.back() += head;
    if (stages == 1)
        return std::accumulate(layers.begin(), layers.end(), std::uint64_t{0});
    std::uint64_t best = ~std::uint64_t{0}, last = 0;
    while (layers.size() >= stages) {
        last += layers.back();
        layers.pop_back();
        best = std::min(best, std::max(last, bestOf(layers, 0, stages - 1)));
    }
    return best;
}

std::uint64_t heaviest(std::vector<std::uint64_t> layers, std::uint64_t head,
                       const std::vector<LayerRange>& stages)
{
    layers.back() += head;
    std::uint64_t most = 0;
    for (const LayerRange& stage : stages)
        most = std::max(most, std::accumulate(layers.begin() + stage.first, layers.begin() + stage.end(),
                                              std::uint64_t{0}));
    return most;
}

} // namespace

class StageLayersTest : public QObject
{
    Q_OBJECT

private slots:
    void equalLayersAreSharedEvenly()
    {
        const auto stages = stageLayers(weightsOf(std::vector<std::uint64_t>(12, 10), 1), 3);
        QVERIFY(stages.has_value());
        QVERIFY((*stages == std::vector<LayerRange>{{0, 4}, {4, 4}, {8, 4}}));
    }

    void theOutputMatrixCountsWithTheLastLayer()
    {
        const auto stages = stageLayers(weightsOf(std::vector<std::uint64_t>(12, 10), 40), 2);
        QVERIFY(stages.has_value());
        QVERIFY((*stages == std::vector<LayerRange>{{0, 8}, {8, 4}}));
    }

    void nobodyCutsItBetter()
    {
        const std::uint32_t seed = std::random_device()();
        qInfo("seed %u", seed);
        std::mt19937 random(seed);
        for (int round = 0; round < 300; ++round) {
            std::vector<std::uint64_t> layers(1 + random() % 9);
            for (std::uint64_t& layer : layers)
                layer = 1 + random() % 50;
            const std::uint64_t head = 1 + random() % 200;
            const auto count = static_cast<std::uint32_t>(1 + random() % layers.size());
            const auto stages = stageLayers(weightsOf(layers, head), count);
            QVERIFY(stages.has_value());
            QCOMPARE(stages->size(), std::size_t{count});
            std::uint32_t next = 0;
            for (const LayerRange& stage : *stages) {
                QVERIFY(stage.first == next && stage.count > 0);
                next = stage.end();
            }
            QCOMPARE(next, static_cast<std::uint32_t>(layers.size()));
            QCOMPARE(heaviest(layers, head, *stages), bestOf(layers, head, count));
        }
    }

    void fewerLayersThanStagesAreRefused()
    {
        const ModelWeights weights = weightsOf({1, 2, 3, 4}, 5);
        QVERIFY(stageLayers(weights, 4).has_value());
        const auto refused = stageLayers(weights, 5);
        QVERIFY(!refused && refused.error().code == ErrorCode::InvalidArgument);
        QVERIFY2(refused.error().message.find("4 layers, which cannot make up 5 stages") != std::string::npos,
                 refused.error().message.c_str());
        QVERIFY(!stageLayers(weights, 0));
    }

    void plansNumberTheirProcessesStageByStage()
    {
        const StagePlan plan{3, 2};
        QCOMPARE(plan.processes(), 6U);
        QVERIFY(plan.stageOf(3) == 1 && plan.rankOf(3) == 1);
        QCOMPARE(plan.nameOf(3), std::string("rank 1 of stage 2 of 3"));
        QCOMPARE((StagePlan{1, 4}.nameOf(2)), std::string("rank 2"));
        QCOMPARE((StagePlan{4, 1}.nameOf(2)), std::string("stage 3 of 4"));
    }

    void plansOfTooManyProcessesAreRefused()
    {
        for (const StagePlan& plan : {StagePlan{1, 64}, StagePlan{63, 1}, StagePlan{21, 3}})
            QVERIFY(plan.validate().has_value());
        for (const StagePlan& plan : {StagePlan{1, 65}, StagePlan{64, 1}, StagePlan{2, 32}, StagePlan{0, 1},
                                      StagePlan{1, 0}, StagePlan{65536, 65536}})
            QVERIFY(!plan.validate());
    }
};

QTEST_APPLESS_MAIN(StageLayersTest)
#include "stage_layers_test.moc"
