// SPDX-License-Identifier: GPL-3.0-or-later
// What a family file makes of good and bad model files.
#include "engine/model/family.h"

#include <cmath>
#include <functional>

#include <QTest>

#include "engine/model/file_type.h"
#include "tests/engine/support/gguf_writer.h"
#include "tests/engine/support/tiny_model.h"

using namespace vitrine::engine;
using namespace vitrine::test;
using vitrine::kernels::QuantType;

namespace {

/// The message of the refusal, or "" when the file is accepted.
std::string refusal(const GgufWriter& writer)
{
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "bad.gguf");
    if (!file)
        return file.error().message;
    const auto family = familyOf(*file);
    if (!family)
        return family.error().message;
    const auto config = (*family)->configure(*file);
    if (!config)
        return config.error().message;
    const auto weights = (*family)->weights(*file, *config);
    return weights ? std::string() : weights.error().message;
}

} // namespace

class FamilyTest : public QObject
{
    Q_OBJECT

private slots:
    void describesLlama();
    void describesGemma3();
    void takesAHeadOfItsOwn();
    void readsOptionalSettings();
    void namesTheFileType();
    void refusesBadFiles_data();
    void refusesBadFiles();
    void refusesEveryMissingTensorByName();
    void refusesEveryMissingNumberByName();
};

void FamilyTest::describesLlama()
{
    const Bytes bytes = TinyModel("llama").build().bytes();
    const auto file = GgufFile::parse(bytes, "tiny.gguf");
    QVERIFY(file.has_value());
    const Family* family = findFamily("llama");
    QVERIFY(family != nullptr);
    const auto config = family->configure(*file);
    QVERIFY2(config.has_value(), config ? "" : config.error().message.c_str());
    QCOMPARE(config->architecture, std::string("llama"));
    QCOMPARE(config->name, std::string("Tiny"));
    QCOMPARE(config->fileType, std::string("F32"));
    QCOMPARE(config->hidden, 32U);
    QCOMPARE(config->layers.size(), std::size_t(2));
    QCOMPARE(config->kvHeads, 2U);
    QCOMPARE(config->vocab, 256U);
    QCOMPARE(config->attentionScale, 1.0F / std::sqrt(8.0F));
    QCOMPARE(config->ropePairing, RopePairing::Interleaved);
    QCOMPARE(config->layers[0].slidingWindow, 0U);
    QCOMPARE(config->parameters,
             std::uint64_t(256 * 32 + 32 + 2 * (64 + 2 * 32 * 32 + 2 * 16 * 32 + 3 * 32 * 64)));
    const auto weights = family->weights(*file, *config);
    QVERIFY2(weights.has_value(), weights ? "" : weights.error().message.c_str());
    QCOMPARE(weights->layers.size(), std::size_t(2));
    QCOMPARE(weights->head.data, weights->tokenEmbedding.data);
    QCOMPARE(weights->layers[1].down.columns, std::uint64_t(64));
    QCOMPARE(weights->layers[1].down.rows, std::uint64_t(32));
    QVERIFY(!weights->ropeFactors && !weights->layers[0].qNorm && !weights->layers[0].postFfnNorm);
}

void FamilyTest::describesGemma3()
{
    TinyShape shape;
    shape.layers = 7;
    const Bytes bytes = TinyModel("gemma3", shape).build().bytes();
    const auto file = GgufFile::parse(bytes, "tiny.gguf");
    QVERIFY(file.has_value());
    const Family* family = findFamily("gemma3");
    const auto config = family->configure(*file);
    QVERIFY2(config.has_value(), config ? "" : config.error().message.c_str());
    QCOMPARE(config->activation, Activation::GeluTanhGated);
    QCOMPARE(config->ropePairing, RopePairing::Halves);
    QCOMPARE(config->embeddingScale, std::sqrt(32.0F));
    QVERIFY(config->qkNorm && config->sandwichNorms);
    for (std::size_t i = 0; i < 7; ++i) {
        QCOMPARE(config->layers[i].slidingWindow, i == 5 ? 0U : 16U);
        QCOMPARE(config->layers[i].ropeBase, 10000.0F);
    }
    const auto weights = family->weights(*file, *config);
    QVERIFY2(weights.has_value(), weights ? "" : weights.error().message.c_str());
    QCOMPARE(weights->layers[6].qNorm.columns, std::uint64_t(8));
    QVERIFY(weights->layers[6].postAttentionNorm && weights->layers[6].postFfnNorm);
}

void FamilyTest::takesAHeadOfItsOwn()
{
    GgufWriter writer = TinyModel("llama").build();
    writer.tensor("output.weight", QuantType::Q8_0, {32, 256}).tensor("rope_freqs.weight", {4}, {1, 1, 2, 8});
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "tiny.gguf");
    QVERIFY(file.has_value());
    const Family* family = findFamily("llama");
    const auto weights = family->weights(*file, *family->configure(*file));
    QVERIFY2(weights.has_value(), weights ? "" : weights.error().message.c_str());
    QCOMPARE(weights->head.type, QuantType::Q8_0);
    QVERIFY(weights->head.data != weights->tokenEmbedding.data);
    QCOMPARE(weights->ropeFactors.columns, std::uint64_t(4));
}

void FamilyTest::readsOptionalSettings()
{
    GgufWriter writer = TinyModel("gemma3").build();
    writer.add("gemma3.rope.scaling.type", "linear").add("gemma3.rope.scaling.factor", 8.0F);
    writer.add("gemma3.rope.freq_base_swa", 5000.0F).add("gemma3.attention.sliding_window_pattern", 2U);
    writer.add("gemma3.attention.scale", 0.25F).add("general.file_type", 15U);
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "tiny.gguf");
    QVERIFY(file.has_value());
    const auto config = findFamily("gemma3")->configure(*file);
    QVERIFY2(config.has_value(), config ? "" : config.error().message.c_str());
    QCOMPARE(config->attentionScale, 0.25F);
    QCOMPARE(config->fileType, std::string("Q4_K_M"));
    QCOMPARE(config->layers[0].slidingWindow, 16U);
    QCOMPARE(config->layers[0].ropeBase, 5000.0F);
    QCOMPARE(config->layers[0].ropeScale, 1.0F);
    QCOMPARE(config->layers[1].slidingWindow, 0U);
    QCOMPARE(config->layers[1].ropeScale, 0.125F);
}

void FamilyTest::namesTheFileType()
{
    const std::pair<std::uint32_t, const char*> cases[] = {
        {0, "F32"},     {3, "Q4_1"},  {7, "Q8_0"},   {18, "Q6_K"}, {19, "IQ2_XXS"},
        {30, "IQ4_XS"}, {32, "BF16"}, {38, "MXFP4"}, {5, "Q4_0"},  {999, "Q4_0"}};
    for (const auto& [number, name] : cases) {
        GgufWriter writer;
        writer.add("general.file_type", number).tensor("norm", {4}, {1, 2, 3, 4});
        writer.tensor("big", QuantType::Q4_0, {32, 64}); // decides where the number says nothing
        const Bytes bytes = writer.bytes();
        QCOMPARE(fileTypeName(*GgufFile::parse(bytes, "t.gguf")), std::string(name));
    }
}

using Change = std::function<void(GgufWriter&)>;
Q_DECLARE_METATYPE(Change)

void FamilyTest::refusesBadFiles_data()
{
    QTest::addColumn<QString>("architecture");
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* architecture, Change change, const char* says) {
        QTest::newRow(name) << architecture << std::move(change) << says;
    };
    const auto set = [](const char* key, auto value) {
        return [=](GgufWriter& writer) { writer.remove(key).add(key, value); };
    };
    const auto retyped = [](const char* name, QuantType type, std::vector<std::uint64_t> shape) {
        return [=](GgufWriter& writer) { writer.removeTensor(name).tensor(name, type, shape); };
    };
    row("unknown architecture", "llama", set("general.architecture", "mamba"),
        "uses architecture \"mamba\": not supported; supported: llama, qwen2, qwen3, qwen3moe, gemma2,");
    row("architecture like a known one", "llama", set("general.architecture", "qwen2vl"),
        "uses architecture \"qwen2vl\": not supported; nearest \"qwen2\"; supported: llama");
    row("architecture that is a number", "llama", set("general.architecture", 5U), "general.architecture");
    row(
        "no architecture", "llama", [](GgufWriter& writer) { writer.remove("general.architecture"); },
        "general.architecture");
    row("no layers", "llama", set("llama.block_count", 0U), "\"llama.block_count\" is 0");
    row("too many layers", "llama", set("llama.block_count", 4000000000U),
        "\"llama.block_count\" is 4000000000");
    row("one layer more than there are", "llama", set("llama.block_count", 3U),
        "\"blk.2.attn_norm.weight\" is missing");
    row("one layer less than there are", "llama", set("llama.block_count", 1U),
        "\"blk.1.attn_norm.weight\" belongs");
    row("negative size", "llama", set("llama.embedding_length", -32), "\"llama.embedding_length\" must be");
    row("size that is a text", "llama", set("llama.embedding_length", "32"),
        "\"llama.embedding_length\" must be");
    row("absurd size", "llama", set("llama.embedding_length", std::uint64_t{1} << 62),
        "\"llama.embedding_length\" is");
    row("size of 0", "llama", set("llama.feed_forward_length", 0U), "\"llama.feed_forward_length\" is 0");
    row("context of 0", "llama", set("llama.context_length", 0U), "\"llama.context_length\" is 0");
    row("heads that do not divide", "llama", set("llama.attention.head_count_kv", 3U),
        "\"llama.attention.head_count\"");
    row("no heads", "llama", set("llama.attention.head_count", 0U), "\"llama.attention.head_count\" is 0");
    row("no key-value heads", "llama", set("llama.attention.head_count_kv", 0U),
        "\"llama.attention.head_count_kv\" is 0");
    row(
        "heads per layer", "llama",
        [](GgufWriter& writer) {
            writer.remove("llama.attention.head_count_kv")
                .addArray<std::uint32_t>("llama.attention.head_count_kv", {2, 2});
        },
        "\"llama.attention.head_count_kv\" must be one whole number");
    row(
        "hidden size that heads do not divide", "llama",
        [](GgufWriter& writer) {
            writer.remove("llama.attention.key_length").remove("llama.attention.value_length");
            writer.remove("llama.attention.head_count").add("llama.attention.head_count", 6U);
        },
        "\"llama.embedding_length\"");
    row("odd head", "llama", set("llama.attention.key_length", 7U), "even size");
    row("other value length", "llama", set("llama.attention.value_length", 16U),
        "\"llama.attention.value_length\"");
    row("rotation of an odd part", "llama", set("llama.rope.dimension_count", 5U),
        "\"llama.rope.dimension_count\" is 5");
    row("rotation of more than a head", "llama", set("llama.rope.dimension_count", 10U),
        "\"llama.rope.dimension_count\" is 10");
    row("epsilon of 0", "llama", set("llama.attention.layer_norm_rms_epsilon", 0.0F), "rms_epsilon");
    row("epsilon that is no number", "llama", set("llama.attention.layer_norm_rms_epsilon", std::nanf("")),
        "rms_epsilon");
    row("infinite rotation base", "llama", set("llama.rope.freq_base", 1e300), "\"llama.rope.freq_base\"");
    row("other position scaling", "llama", set("llama.rope.scaling.type", "ntk"), "\"ntk\"");
    row("YaRN by nothing", "llama", set("llama.rope.scaling.type", "yarn"),
        "\"llama.rope.scaling.factor\" is missing");
    row(
        "scaling by 0", "llama",
        [](GgufWriter& writer) {
            writer.add("llama.rope.scaling.type", "linear").add("llama.rope.scaling.factor", 0.0F);
        },
        "\"llama.rope.scaling.factor\"");
    row("other vocabulary", "llama", set("llama.vocab_size", 255U), "\"llama.vocab_size\"");
    row(
        "more tokens than embeddings", "llama",
        [](GgufWriter& writer) {
            writer.addArray("tokenizer.ggml.tokens", std::vector<std::string>(257, "x"));
        },
        "\"tokenizer.ggml.tokens\" has 257 tokens");
    row(
        "no window", "gemma3", [](GgufWriter& writer) { writer.remove("gemma3.attention.sliding_window"); },
        "\"gemma3.attention.sliding_window\" is missing");
    row("window of 0", "gemma3", set("gemma3.attention.sliding_window", 0U),
        "\"gemma3.attention.sliding_window\" is 0");
    row(
        "windows of other layers", "gemma3",
        [](GgufWriter& writer) {
            writer.addArray("gemma3.attention.sliding_window_pattern", std::vector<std::uint32_t>{1, 0, 1});
        },
        "\"gemma3.attention.sliding_window_pattern\" lists 3 layers of 2");
    row("a cap below 0", "gemma3", set("gemma3.final_logit_softcapping", -30.0F),
        "\"gemma3.final_logit_softcapping\" must be");

    row(
        "only a vocabulary", "llama",
        [](GgufWriter& writer) {
            GgufWriter bare;
            bare.add("general.architecture", "llama")
                .add("llama.context_length", 8U)
                .add("llama.embedding_length", 8U);
            bare.add("llama.feed_forward_length", 8U)
                .add("llama.block_count", 1U)
                .add("llama.attention.head_count", 1U);
            writer = bare.add("llama.attention.layer_norm_rms_epsilon", 1e-5F);
        },
        "holds no tensors");
    row("matrix on its side", "llama", retyped("blk.0.ffn_down.weight", QuantType::F32, {32, 64}),
        "\"blk.0.ffn_down.weight\" has shape [64, 32] where [32, 64] is needed");
    row("vector where a matrix is", "llama", retyped("blk.1.attn_q.weight", QuantType::F32, {1024}),
        "\"blk.1.attn_q.weight\" has shape [1024]");
    row("third dimension", "llama", retyped("blk.1.attn_q.weight", QuantType::F32, {32, 8, 4}),
        "\"blk.1.attn_q.weight\" has shape [4, 8, 32]");
    row("matrix where a vector is", "llama", retyped("output_norm.weight", QuantType::F32, {32, 1}),
        "\"output_norm.weight\" has shape [1, 32] where [32] is needed");
    row("integer weights", "llama", retyped("blk.0.attn_k.weight", QuantType::I32, {32, 16}),
        "\"blk.0.attn_k.weight\" has type I32");
    row("type that only exists while computing", "llama",
        retyped("blk.0.attn_k.weight", QuantType::Q8_1, {32, 16}), "\"blk.0.attn_k.weight\" has type Q8_1");
    row(
        "bias of a norm", "llama",
        [](GgufWriter& writer) { writer.tensor("blk.0.attn_norm.bias", QuantType::F32, {32}); },
        "\"blk.0.attn_norm.bias\" belongs to a feature");
    row(
        "bias of another size", "llama",
        [](GgufWriter& writer) { writer.tensor("blk.0.attn_q.bias", QuantType::F32, {16}); },
        "\"blk.0.attn_q.bias\" has shape [16] where [32] is needed");
    row(
        "wrong rotation factors", "llama",
        [](GgufWriter& writer) { writer.tensor("rope_freqs.weight", QuantType::F32, {8}); },
        "\"rope_freqs.weight\" has shape [8]");
    row("experts that the file has not", "llama", set("llama.expert_count", 8U),
        "\"llama.expert_used_count\" is missing");
    row("more experts a token than there are", "qwen3moe", set("qwen3moe.expert_used_count", 5U),
        "\"qwen3moe.expert_used_count\" is 5; it must be from 1 to 4");
    row("no expert a token", "qwen3moe", set("qwen3moe.expert_used_count", 0U),
        "\"qwen3moe.expert_used_count\" is 0");
    row("a mixture of no experts", "qwen3moe", set("qwen3moe.expert_count", 0U),
        "\"qwen3moe.expert_count\" is 0");
    row("absurdly many experts", "qwen3moe", set("qwen3moe.expert_count", 1U << 20U),
        "\"qwen3moe.expert_count\" is 1048576");
    row("a router without softmax", "qwen3moe", set("qwen3moe.expert_gating_func", 2U),
        "\"qwen3moe.expert_gating_func\" asks for");
    row("shared experts", "qwen3moe", set("qwen3moe.expert_shared_count", 1U),
        "\"qwen3moe.expert_shared_count\" asks for");
    row("experts of another size", "qwen3moe", set("qwen3moe.expert_feed_forward_length", 64U),
        "\"blk.0.ffn_gate_exps.weight\" has shape [4, 32, 32] where [4, 64, 32] is needed");
    row("experts in one matrix", "qwen3moe", retyped("blk.1.ffn_up_exps.weight", QuantType::F32, {32, 128}),
        "\"blk.1.ffn_up_exps.weight\" has shape [128, 32] where [4, 32, 32] is needed");
    row(
        "a tensor for each expert", "qwen3moe",
        [](GgufWriter& writer) {
            writer.removeTensor("blk.0.ffn_gate_exps.weight")
                .tensor("blk.0.ffn_gate.0.weight", QuantType::F32, {32, 32});
        },
        "as files of before April 2024 have them");
}

void FamilyTest::refusesBadFiles()
{
    QFETCH(QString, architecture);
    QFETCH(Change, change);
    QFETCH(QString, says);
    GgufWriter writer = TinyModel(architecture.toStdString()).build();
    QCOMPARE(refusal(writer), std::string());
    change(writer);
    const QString message = QString::fromStdString(refusal(writer));
    QVERIFY2(message.startsWith("bad.gguf: ") && message.contains(says), qPrintable(message));
}

void FamilyTest::refusesEveryMissingTensorByName()
{
    for (const char* architecture :
         {"llama", "gemma3", "qwen3", "qwen3moe", "qwen2", "phi3", "smollm3", "granite"}) {
        const GgufWriter writer = TinyModel(architecture).build();
        const Bytes bytes = writer.bytes();
        const auto file = GgufFile::parse(bytes, "tiny.gguf");
        QVERIFY(file.has_value());
        for (const TensorInfo& tensor : file->tensors()) {
            GgufWriter less = writer;
            less.removeTensor(tensor.name);
            const std::string wanted = "bad.gguf: tensor \"" + std::string(tensor.name) + "\" is missing";
            QCOMPARE(refusal(less), wanted);
        }
    }
}

void FamilyTest::refusesEveryMissingNumberByName()
{
    for (const std::string key : {"context_length", "embedding_length", "block_count", "feed_forward_length",
                                  "attention.head_count", "attention.layer_norm_rms_epsilon"}) {
        GgufWriter writer = TinyModel("llama").build();
        writer.remove("llama." + key);
        QCOMPARE(refusal(writer), "bad.gguf: \"llama." + key + "\" is missing");
    }
}

QTEST_APPLESS_MAIN(FamilyTest)
#include "family_test.moc"
