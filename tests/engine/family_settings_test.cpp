// SPDX-License-Identifier: GPL-3.0-or-later
// What families make of the settings that files of theirs have in the wild.
#include <cmath>

#include <QTest>

#include "engine/execution/rope_table.h"
#include "engine/model/family.h"
#include "tests/engine/support/gguf_writer.h"
#include "tests/engine/support/tiny_model.h"

using namespace vitrine::engine;
using namespace vitrine::test;
using vitrine::kernels::QuantType;

namespace {

/// The description of a file, and the file itself: weights are views of it.
struct Described
{
    Bytes bytes;
    ModelConfig config;
    ModelWeights weights;
    std::string refusal;

    explicit Described(const GgufWriter& writer) : bytes(writer.bytes())
    {
        const auto file = GgufFile::parse(bytes, "tiny.gguf");
        const Family* family = *familyOf(*file);
        const auto read = family->configure(*file);
        if (!read) {
            refusal = read.error().message;
            return;
        }
        config = *read;
        if (const auto views = family->weights(*file, config))
            weights = *views;
        else
            refusal = views.error().message;
    }
};

GgufWriter tiny(const std::string& architecture, std::uint32_t layers = 2)
{
    TinyShape shape;
    shape.layers = layers;
    return TinyModel(architecture, shape).build();
}

std::vector<std::uint32_t> windows(const ModelConfig& config)
{
    std::vector<std::uint32_t> all;
    for (const LayerConfig& layer : config.layers)
        all.push_back(layer.slidingWindow);
    return all;
}

/// The matrices of a layer as Phi 3 has them.
void fuse(GgufWriter& writer, const std::string& layer)
{
    for (const char* name : {"attn_q", "attn_k", "attn_v", "ffn_gate", "ffn_up"})
        writer.removeTensor(layer + name + ".weight");
    writer.tensor(layer + "attn_qkv.weight", QuantType::F32, {32, 64});
    writer.tensor(layer + "ffn_up.weight", QuantType::F32, {32, 128});
}

} // namespace

class FamilySettingsTest : public QObject
{
    Q_OBJECT

private slots:
    void yarnLeavesFastPairsAlone();
    void yarnTakesItsContextFromTheModels();
    void aPartOfAHeadRotates();
    void biasesAreTakenWhereTheFileHasThem();
    void mistralsWindowIsOfEveryLayer();
    void patternsOfWindowsAreListsOrPeriods();
    void gemma2HasItsCapsEvenWhereTheFileIsOlder();
    void graniteMultipliersBecomeScales();
    void graniteMayLeavePositionsOut();
    void phi3MatricesAreTakenApart();
    void phi3ServesTheContextOfItsFirstTraining();
    void smolLm3LeavesEveryFourthLayerUnrotated();
    void olmo3StretchesOnlyLayersWithoutAWindow();
    void expertsMayBeTheOnlyFeedForwardPart();
    void quantisedVectorsAreRefused();
};

void FamilySettingsTest::yarnLeavesFastPairsAlone()
{
    GgufWriter writer = tiny("qwen2");
    writer.add("qwen2.rope.scaling.type", "yarn").add("qwen2.rope.scaling.factor", 4.0F);
    writer.add("qwen2.rope.scaling.original_context_length", 4096U);
    const Described model(writer);
    QCOMPARE(model.refusal, std::string());
    // Of the four pairs those before 1.3 turn 32 times, those behind 2.8 less than once.
    const RopeTable table(model.config, {});
    const double expected[] = {1.0, 0.1, 0.01 * (0.5 + 0.5 / 4), 0.001 / 4};
    QCOMPARE(table.kinds(), std::size_t{1});
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY(std::abs(table.frequencies(0)[i] / expected[i] - 1) < 1e-6);
    const double magnitude = 1 + 0.1 * std::log(4.0);
    QVERIFY(std::abs(double{table.magnitude(0)} / magnitude - 1) < 1e-6);
    std::vector<float> row(table.rowFloats());
    table.fill(0, 0, row.data());
    QVERIFY(std::abs(double{row[0]} - magnitude) < 1e-6);
}

void FamilySettingsTest::yarnTakesItsContextFromTheModels()
{
    GgufWriter writer = tiny("llama");
    writer.add("llama.rope.scaling.type", "yarn").add("llama.rope.scaling.factor", 2.0F);
    writer.add("llama.rope.scaling.yarn_attn_factor", 1.5F);
    const Described model(writer);
    QCOMPARE(model.refusal, std::string());
    QCOMPARE(model.config.layers[0].yarn.originalContext, 128U);
    QCOMPARE(model.config.layers[0].ropeMagnitude, 1.5F);
}

void FamilySettingsTest::aPartOfAHeadRotates()
{
    GgufWriter writer = tiny("phi3");
    writer.add("phi3.rope.dimension_count", 6U);
    const Described model(writer);
    QCOMPARE(model.refusal, std::string());
    QCOMPARE(model.config.rotated(), 6U);
    const RopeTable table(model.config, {});
    QCOMPARE(table.frequencies(0).size(), std::size_t{3});
    QVERIFY(std::abs(table.frequencies(0)[1] - std::pow(10000.0, -1.0 / 3)) < 1e-9);
}

void FamilySettingsTest::biasesAreTakenWhereTheFileHasThem()
{
    GgufWriter writer = tiny("granite");
    for (const auto& [name, size] : {std::pair{"attn_q", 32U},
                                     {"attn_k", 16U},
                                     {"attn_v", 16U},
                                     {"attn_output", 32U},
                                     {"ffn_gate", 64U},
                                     {"ffn_up", 64U},
                                     {"ffn_down", 32U}})
        writer.tensor(std::string("blk.1.").append(name).append(".bias"), QuantType::F32, {size});
    const Described model(writer);
    QCOMPARE(model.refusal, std::string());
    QVERIFY(!model.weights.layers[0].qBias && model.weights.layers[1].qBias &&
            model.weights.layers[1].downBias);
}

void FamilySettingsTest::mistralsWindowIsOfEveryLayer()
{
    GgufWriter writer = tiny("llama");
    writer.add("llama.attention.sliding_window", 16U);
    QCOMPARE(windows(Described(writer).config), (std::vector<std::uint32_t>{16, 16}));
    writer.remove("llama.attention.sliding_window").add("llama.attention.sliding_window", 4096U);
    QCOMPARE(windows(Described(writer).config),
             (std::vector<std::uint32_t>{0, 0})); // longer than the context
    for (const std::string architecture : {"llama", "phi3"}) {
        GgufWriter none = tiny(architecture);
        const Described model(none.add(architecture + ".attention.sliding_window", 0U));
        QCOMPARE(model.refusal, std::string());
        QCOMPARE(windows(model.config), (std::vector<std::uint32_t>{0, 0})); // some converters write it so
    }
}

void FamilySettingsTest::patternsOfWindowsAreListsOrPeriods()
{
    GgufWriter writer = tiny("gemma2", 4);
    writer.add("gemma2.attention.sliding_window", 16U);
    for (const char* norm : {"post_attention_norm", "post_ffw_norm"})
        for (const char* layer : {"blk.0.", "blk.1.", "blk.2.", "blk.3."})
            writer.tensor(std::string(layer) + norm + ".weight", QuantType::F32, {32});
    QCOMPARE(windows(Described(writer).config), (std::vector<std::uint32_t>{16, 0, 16, 0}));
    const std::string key = "gemma2.attention.sliding_window_pattern";
    writer.add(key, 3U);
    QCOMPARE(windows(Described(writer).config), (std::vector<std::uint32_t>{16, 16, 0, 16}));
    writer.remove(key).addArray(key, std::vector<std::int32_t>{0, 1, 1, 0});
    QCOMPARE(windows(Described(writer).config), (std::vector<std::uint32_t>{0, 16, 16, 0}));
    const std::uint8_t truths[] = {7, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1}; // a list of four booleans
    writer.remove(key).addRaw(key, 9, truths);
    const Described model(writer);
    QCOMPARE(windows(model.config), (std::vector<std::uint32_t>{16, 0, 0, 16}));
    QCOMPARE(model.refusal, std::string());
}

void FamilySettingsTest::gemma2HasItsCapsEvenWhereTheFileIsOlder()
{
    GgufWriter writer = tiny("gemma2");
    writer.add("gemma2.attention.sliding_window", 16U);
    ModelConfig config = Described(writer).config;
    QCOMPARE(config.attentionSoftCap, 50.0F);
    QCOMPARE(config.logitSoftCap, 30.0F);
    writer.add("gemma2.attn_logit_softcapping", 20.0F).add("gemma2.final_logit_softcapping", 0.0F);
    config = Described(writer).config;
    QCOMPARE(config.attentionSoftCap, 20.0F);
    QCOMPARE(config.logitSoftCap, 0.0F); // switched off
}

void FamilySettingsTest::graniteMultipliersBecomeScales()
{
    GgufWriter writer = tiny("granite");
    writer.add("granite.attention.scale", 0.125F).add("granite.embedding_scale", 12.0F);
    writer.add("granite.residual_scale", 0.25F).add("granite.logit_scale", 8.0F);
    const Described model(writer);
    QCOMPARE(model.refusal, std::string());
    QCOMPARE(model.config.attentionScale, 0.125F);
    QCOMPARE(model.config.embeddingScale, 48.0F);
    QCOMPARE(model.config.normEpsilon, 16e-5F);
    QCOMPARE(model.config.logitScale, 0.125F);
}

void FamilySettingsTest::graniteMayLeavePositionsOut()
{
    GgufWriter writer = tiny("granite");
    QVERIFY(Described(writer).config.layers[0].useRope);
    writer.add("granite.rope.scaling.finetuned", false);
    QVERIFY(!Described(writer).config.layers[1].useRope);
}

void FamilySettingsTest::phi3MatricesAreTakenApart()
{
    GgufWriter writer = tiny("phi3");
    fuse(writer, "blk.0.");
    const Described model(writer);
    QCOMPARE(model.refusal, std::string());
    const LayerWeights& layer = model.weights.layers[0];
    QCOMPARE(layer.q.rows, std::uint64_t{32});
    QCOMPARE(layer.v.rows, std::uint64_t{16});
    QCOMPARE(layer.v.data, layer.q.data + (32 + 16) * 32 * sizeof(float));
    QCOMPARE(layer.up.data, layer.gate.data + 64 * 32 * sizeof(float));
    QVERIFY(model.weights.layers[1].q.name == "blk.1.attn_q.weight");
    writer.removeTensor("blk.0.attn_qkv.weight").tensor("blk.0.attn_qkv.weight", QuantType::F32, {32, 60});
    QVERIFY(Described(writer).refusal.find("\"blk.0.attn_qkv.weight\" has shape [60, 32]") !=
            std::string::npos);
}

void FamilySettingsTest::phi3ServesTheContextOfItsFirstTraining()
{
    GgufWriter writer = tiny("phi3");
    writer.add("phi3.rope.scaling.original_context_length", 32U).add("phi3.rope.scaling.attn_factor", 1.25F);
    QCOMPARE(Described(writer).config.contextLength, 128U);
    writer.tensor("rope_factors_long.weight", {4}, {1, 2, 4, 8});
    writer.tensor("rope_factors_short.weight", {4}, {1, 1, 1, 2});
    const Described model(writer);
    QCOMPARE(model.refusal, std::string());
    QCOMPARE(model.config.contextLength, 32U);
    QCOMPARE(model.config.layers[0].ropeMagnitude, 1.25F);
    QVERIFY(model.weights.ropeFactors.name == "rope_factors_short.weight");
}

void FamilySettingsTest::smolLm3LeavesEveryFourthLayerUnrotated()
{
    const ModelConfig config = Described(tiny("smollm3", 9)).config;
    for (std::size_t i = 0; i < config.layers.size(); ++i)
        QCOMPARE(config.layers[i].useRope, i != 3 && i != 7);
}

void FamilySettingsTest::olmo3StretchesOnlyLayersWithoutAWindow()
{
    GgufWriter writer = tiny("olmo2", 4);
    writer.add("olmo2.attention.sliding_window", 16U).add("olmo2.rope.scaling.type", "yarn");
    writer.add("olmo2.rope.scaling.factor", 8.0F);
    const ModelConfig config = Described(writer).config;
    QCOMPARE(windows(config), (std::vector<std::uint32_t>{16, 16, 16, 0}));
    QCOMPARE(config.layers[0].yarn.factor, 1.0F);
    QCOMPARE(config.layers[0].ropeMagnitude, 1.0F);
    QCOMPARE(config.layers[3].yarn.factor, 8.0F);
    QVERIFY(std::abs(config.layers[3].ropeMagnitude - 1.2079F) < 1e-4F);
    QCOMPARE(RopeTable(config, {}).kinds(), std::size_t{2});
    writer.add("olmo2.rope.scaling.attn_factor", 1.25F);
    QCOMPARE(Described(writer).config.layers[3].ropeMagnitude, 1.25F); // not once more on top
}

void FamilySettingsTest::expertsMayBeTheOnlyFeedForwardPart()
{
    GgufWriter writer = tiny("qwen3moe");
    const Described model(writer.remove("qwen3moe.feed_forward_length"));
    QCOMPARE(model.refusal, std::string());
    QCOMPARE(model.config.experts.ffn, 32U);
}

void FamilySettingsTest::quantisedVectorsAreRefused()
{
    GgufWriter writer = tiny("qwen2");
    writer.tensor("blk.0.attn_q.bias", QuantType::Q8_0, {32});
    QVERIFY(Described(writer).refusal.find("\"blk.0.attn_q.bias\" has type Q8_0") != std::string::npos);
}

QTEST_APPLESS_MAIN(FamilySettingsTest)
#include "family_settings_test.moc"
