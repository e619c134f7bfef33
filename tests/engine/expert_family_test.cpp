// SPDX-License-Identifier: GPL-3.0-or-later
// How Qwen 3 and mixtures of experts are described.
#include <QTest>

#include "engine/model/family.h"
#include "tests/engine/support/gguf_writer.h"
#include "tests/engine/support/tiny_model.h"

using namespace vitrine::engine;
using namespace vitrine::test;
using vitrine::kernels::QuantType;

class ExpertFamilyTest : public QObject
{
    Q_OBJECT

private slots:
    void describesQwen3();
    void describesExperts();
    void takesExpertsInSomeLayers();
};

void ExpertFamilyTest::describesQwen3()
{
    const Bytes bytes = TinyModel("qwen3").build().bytes();
    const auto file = GgufFile::parse(bytes, "tiny.gguf");
    const Family* family = findFamily("qwen3");
    const auto config = family->configure(*file);
    QVERIFY2(config.has_value(), config ? "" : config.error().message.c_str());
    QCOMPARE(config->ropePairing, RopePairing::Halves);
    QCOMPARE(config->activation, Activation::SiluGated);
    QVERIFY(config->qkNorm && !config->sandwichNorms);
    QCOMPARE(config->experts.count, 0U);
    QCOMPARE(config->activeParameters, config->parameters);
    const auto weights = family->weights(*file, *config);
    QVERIFY2(weights.has_value(), weights ? "" : weights.error().message.c_str());
    QVERIFY(weights->layers[1].kNorm && weights->layers[1].gate && !weights->layers[1].router);
}

void ExpertFamilyTest::describesExperts()
{
    TinyShape shape;
    shape.experts = 6;
    for (const std::string architecture : {"llama", "qwen3moe"}) {
        GgufWriter writer = TinyModel(architecture, shape).build();
        writer.add(architecture + ".expert_weights_scale", 2.5F);
        writer.add(architecture + ".expert_weights_norm", false);
        const Bytes bytes = writer.bytes();
        const auto file = GgufFile::parse(bytes, "tiny.gguf");
        const Family* family = findFamily(architecture);
        const auto config = family->configure(*file);
        QVERIFY2(config.has_value(), config ? "" : config.error().message.c_str());
        QCOMPARE(config->experts.count, 6U);
        QCOMPARE(config->experts.perToken, 2U);
        QCOMPARE(config->experts.ffn, 32U);
        QCOMPARE(config->experts.weightScale, 2.5F);
        QVERIFY(!config->experts.normalized && config->layers[1].hasExperts);
        QCOMPARE(config->parameters - config->activeParameters, std::uint64_t{2 * 4 * 3 * 32 * 32});
        const auto weights = family->weights(*file, *config);
        QVERIFY2(weights.has_value(), weights ? "" : weights.error().message.c_str());
        const LayerWeights& layer = weights->layers[1];
        QVERIFY(!layer.gate && !layer.up && !layer.down);
        QCOMPARE(layer.router.rows, std::uint64_t{6});
        QCOMPARE(layer.expertDown.rows, std::uint64_t{6 * 32});
        QCOMPARE(layer.expertUp.part(32, 32).data, layer.expertUp.data + 32 * 32 * sizeof(float));
    }
}

void ExpertFamilyTest::takesExpertsInSomeLayers()
{
    TinyShape shape;
    shape.experts = 4;
    GgufWriter writer = TinyModel("qwen3moe", shape).build();
    for (const char* name : {"gate_inp", "gate_exps", "up_exps", "down_exps"})
        writer.removeTensor(std::string("blk.0.ffn_").append(name).append(".weight"));
    writer.tensor("blk.0.ffn_gate.weight", QuantType::F32, {32, 64});
    writer.tensor("blk.0.ffn_up.weight", QuantType::F32, {32, 64});
    writer.tensor("blk.0.ffn_down.weight", QuantType::F32, {64, 32});
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "tiny.gguf");
    const auto config = findFamily("qwen3moe")->configure(*file);
    QVERIFY(config.has_value());
    QVERIFY(!config->layers[0].hasExperts && config->layers[1].hasExperts);
    const auto weights = findFamily("qwen3moe")->weights(*file, *config);
    QVERIFY2(weights.has_value(), weights ? "" : weights.error().message.c_str());
    QVERIFY(weights->layers[0].gate && !weights->layers[0].router);
}

QTEST_APPLESS_MAIN(ExpertFamilyTest)
#include "expert_family_test.moc"
