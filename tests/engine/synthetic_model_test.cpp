// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/synthetic_model.h"

#include <cmath>

#include <QTest>

#include "engine/model/model.h"
#include "engine/model/synthetic_blocks.h"
#include "kernels/cpu/dequantize.h"

using namespace vitrine;
using namespace vitrine::engine;
using kernels::QuantType;

namespace {

std::shared_ptr<const Model> loaded(const SyntheticModel& file)
{
    const auto model = Model::load(file.path());
    if (!model)
        qWarning("%s", model.error().message.c_str());
    return model ? *model : nullptr;
}

std::vector<float> valuesOf(QuantType type, const std::uint8_t* data, std::int64_t count)
{
    std::vector<float> values(static_cast<std::size_t>(count));
    kernels::cpu::dequantize(type, data, values.data(), values.size());
    return values;
}

} // namespace

class SyntheticModelTest : public QObject
{
    Q_OBJECT

private slots:
    void loadsInEveryFormat_data()
    {
        QTest::addColumn<QuantType>("type");
        for (const QuantType type : {QuantType::BF16, QuantType::Q8_0, QuantType::Q4_K})
            QTest::newRow(kernels::quantInfo(type).name) << type;
    }
    void loadsInEveryFormat()
    {
        QFETCH(QuantType, type);
        const SyntheticShape& shape = *findSyntheticShape("tiny");
        const auto file = SyntheticModel::make(shape, type, 3);
        QVERIFY(file);
        const auto model = loaded(*file);
        QVERIFY(model);
        QCOMPARE(model->config().hidden, shape.hidden);
        QCOMPARE(model->config().layers.size(), std::size_t{shape.layers});
        QCOMPARE(model->config().vocab, shape.vocab);
        QCOMPARE(model->config().contextLength, shape.context);
        QCOMPARE(model->weights().layers[1].down.type, type);
        QVERIFY(model->tokenizer().encode("Aé", SpecialTokens::Literal).size() > 2);
    }

    /// Sizes that let activations neither vanish nor grow.
    void valuesHaveTheSizeThatKeepsActivations_data() { loadsInEveryFormat_data(); }
    void valuesHaveTheSizeThatKeepsActivations()
    {
        QFETCH(QuantType, type);
        constexpr std::int64_t kCount = 256 * 400;
        const kernels::QuantInfo info = kernels::quantInfo(type);
        for (const float size : {0.0625F, 0.00835F}) {
            std::vector<std::uint8_t> bytes(kCount / info.blockValues * info.blockBytes);
            SyntheticRandom random(5);
            fillSyntheticBlocks(type, size, random, bytes);
            double sum = 0, squares = 0;
            for (const float value : valuesOf(type, bytes.data(), kCount)) {
                sum += value;
                squares += double{value} * value;
            }
            QVERIFY(std::abs(sum / kCount) < 0.02 * size);
            QVERIFY2(std::abs(std::sqrt(squares / kCount) / size - 1.0) < 0.03,
                     qPrintable(QString::number(std::sqrt(squares / kCount) / size)));
        }
    }

    void theSeedDecidesTheValues()
    {
        const auto& shape = *findSyntheticShape("tiny");
        const auto a = SyntheticModel::make(shape, QuantType::Q8_0, 3),
                   b = SyntheticModel::make(shape, QuantType::Q8_0, 3),
                   c = SyntheticModel::make(shape, QuantType::Q8_0, 4);
        QVERIFY(a && b && c);
        const auto first = loaded(*a), again = loaded(*b), other = loaded(*c);
        QVERIFY(first && again && other);
        const auto row = [](const Model& m) {
            const WeightView& v = m.weights().layers[1].down;
            return std::vector<std::uint8_t>(v.data, v.data + 34 * 16);
        };
        QVERIFY(row(*first) == row(*again));
        QVERIFY(row(*first) != row(*other));
    }

    /// A width of 576 fills no block of 256.
    void narrowMatricesAreOfAnotherFormat()
    {
        SyntheticShape shape = *findSyntheticShape("smollm2-135m");
        shape.layers = 1;
        shape.vocab = 300;
        const auto file = SyntheticModel::make(shape, QuantType::Q4_K, 1);
        QVERIFY(file);
        const auto model = loaded(*file);
        QVERIFY(model);
        QCOMPARE(model->weights().layers[0].q.type, QuantType::Q8_0);
        QCOMPARE(model->weights().layers[0].down.type, QuantType::Q4_K);
    }

    void makesMixturesOfExperts()
    {
        const SyntheticShape& shape = *findSyntheticShape("tiny-moe");
        const auto file = SyntheticModel::make(shape, QuantType::Q8_0, 1);
        QVERIFY(file);
        const auto model = loaded(*file);
        QVERIFY(model);
        const ModelConfig& config = model->config();
        QCOMPARE(config.experts.count, shape.experts);
        QCOMPARE(config.experts.perToken, shape.expertsPerToken);
        QCOMPARE(config.experts.ffn, shape.expertFfn);
        QVERIFY(config.layers[1].hasExperts);
        QCOMPARE(config.parameters - config.activeParameters, std::uint64_t{3 * 2} *
                                                                  (shape.experts - shape.expertsPerToken) *
                                                                  shape.expertFfn * shape.hidden);
        const LayerWeights& layer = model->weights().layers[1];
        const auto routed = valuesOf(layer.router.type, layer.router.data, shape.hidden);
        QVERIFY(*std::max_element(routed.begin(), routed.end()) > 0.0F);
        QVERIFY(*std::min_element(routed.begin(), routed.end()) < 0.0F);
        QCOMPARE(layer.expertDown.type, QuantType::Q8_0);
    }

    void aModelOutlivesTheFileItWasReadFrom()
    {
        std::shared_ptr<const Model> model;
        {
            const auto file = SyntheticModel::make(*findSyntheticShape("tiny"), QuantType::BF16, 1);
            QVERIFY(file);
            model = loaded(*file);
        }
        QVERIFY(model);
        const WeightView& view = model->weights().outputNorm;
        QCOMPARE(valuesOf(view.type, view.data, 4), std::vector<float>(4, 1.0F));
    }

    void refusesOtherFormatsAndShapes()
    {
        SyntheticShape shape = *findSyntheticShape("tiny");
        QCOMPARE(SyntheticModel::make(shape, QuantType::Q6_K, 1).error().code, ErrorCode::InvalidArgument);
        shape.hidden = 100;
        QCOMPARE(SyntheticModel::make(shape, QuantType::BF16, 1).error().code, ErrorCode::InvalidArgument);
        shape = *findSyntheticShape("llama-3.1-8b");
        shape.layers = 1'000; // 430 GB
        shape.vocab = 1'000'000;
        QCOMPARE(SyntheticModel::make(shape, QuantType::BF16, 1).error().code, ErrorCode::OutOfResources);
        QVERIFY(findSyntheticShape("gigantic") == nullptr);
    }
};

QTEST_APPLESS_MAIN(SyntheticModelTest)
#include "synthetic_model_test.moc"
