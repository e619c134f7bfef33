// SPDX-License-Identifier: GPL-3.0-or-later
// Loading whole models: tiny ones from a temporary folder, and the two real ones where they are.
#include "engine/model/model.h"

#include <cmath>
#include <set>

#include <QTemporaryDir>
#include <QTest>

#include "engine/model/default_model.h"
#include "engine/model/family.h"
#include "tests/engine/support/gguf_writer.h"
#include "tests/engine/support/tiny_model.h"

using namespace vitrine::engine;
using namespace vitrine::test;
using vitrine::kernels::QuantType;

namespace {

GgufWriter tinyChatModel()
{
    GgufWriter writer = TinyModel("llama").build();
    addTinyVocabulary(writer, "gpt2", 256);
    return writer;
}

/// Names of all views, without those that are the same tensor again.
std::set<std::string_view> namesOf(const ModelWeights& weights)
{
    std::set<std::string_view> names;
    const auto add = [&](const WeightView& view) {
        if (view)
            names.insert(view.name);
    };
    for (const WeightView* view :
         {&weights.tokenEmbedding, &weights.outputNorm, &weights.head, &weights.ropeFactors})
        add(*view);
    for (const LayerWeights& layer : weights.layers) {
        for (const WeightView* view : {&layer.attentionNorm, &layer.q, &layer.k, &layer.v, &layer.qNorm,
                                       &layer.kNorm, &layer.output, &layer.postAttentionNorm, &layer.ffnNorm,
                                       &layer.gate, &layer.up, &layer.down, &layer.postFfnNorm})
            add(*view);
    }
    return names;
}

} // namespace

class ModelTest : public QObject
{
    Q_OBJECT

private slots:
    void loadsATinyModel();
    void keepsAModelWhoseChatTemplateIsBroken();
    void reportsProgressAndStopsWhenTold();
    void refusesWithThePathOfTheFile_data();
    void refusesWithThePathOfTheFile();
    void loadsTheDefaultModel();
    void loadsGemma3();

private:
    std::string path(const char* name) const { return m_folder.filePath(name).toStdString(); }
    static std::shared_ptr<const Model> realModel(const char* name);

    QTemporaryDir m_folder;
};

void ModelTest::loadsATinyModel()
{
    const std::string file = path("tiny.gguf");
    QVERIFY(tinyChatModel().write(file));
    const auto model = Model::load(file);
    QVERIFY2(model.has_value(), model ? "" : model.error().message.c_str());
    QCOMPARE((*model)->path(), file);
    QCOMPARE((*model)->config().layers.size(), std::size_t(2));
    QCOMPARE((*model)->weights().layers.size(), std::size_t(2));
    QCOMPARE((*model)->tokenizer().vocabularySize(), std::size_t(256));
    QVERIFY((*model)->chatTemplate() != nullptr);
}

void ModelTest::keepsAModelWhoseChatTemplateIsBroken()
{
    GgufWriter writer = tinyChatModel();
    writer.remove("tokenizer.chat_template");
    QVERIFY(writer.write(path("plain.gguf")));
    QVERIFY(writer.add("tokenizer.chat_template", "{% for m in %}{{").write(path("broken.gguf")));
    for (const char* name : {"plain.gguf", "broken.gguf"}) {
        const auto model = Model::load(path(name));
        QVERIFY2(model.has_value(), model ? "" : model.error().message.c_str());
        QVERIFY((*model)->chatTemplate() == nullptr);
        QCOMPARE((*model)->templateError().empty(), std::string(name) == "plain.gguf");
    }
    // It compiles, but cannot write a conversation.
    writer.remove("tokenizer.chat_template");
    writer.add("tokenizer.chat_template", "{{ raise_exception('no') }}");
    QVERIFY(writer.write(path("refusing.gguf")));
    const auto refusing = Model::load(path("refusing.gguf"));
    QVERIFY(refusing.has_value());
    QVERIFY((*refusing)->chatTemplate() == nullptr);
    QVERIFY((*refusing)->templateError().find("no") != std::string::npos);
}

void ModelTest::reportsProgressAndStopsWhenTold()
{
    QVERIFY(tinyChatModel().write(path("tiny.gguf")));
    double last = 0;
    int calls = 0;
    const auto model = Model::load(path("tiny.gguf"), [&](LoadStage, double fraction) {
        const bool grows = fraction >= last && fraction <= 1;
        last = fraction;
        ++calls;
        return grows;
    });
    QVERIFY2(model.has_value(), model ? "" : model.error().message.c_str());
    QVERIFY(calls >= 2);
    for (int stopAt = 1; stopAt <= calls; ++stopAt) {
        int call = 0;
        const auto stopped =
            Model::load(path("tiny.gguf"), [&](LoadStage, double) { return ++call < stopAt; });
        QVERIFY(!stopped.has_value());
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(call, stopAt);
    }
}

void ModelTest::refusesWithThePathOfTheFile_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const Bytes& bytes, const char* says) {
        QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(bytes.data()),
                                          static_cast<qsizetype>(bytes.size()))
                            << says;
    };
    const Bytes whole = tinyChatModel().bytes();
    row("no model", Bytes(100, 'x'), "not a GGUF file");
    row("half a model", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2)),
        "incomplete download");
    GgufWriter other = tinyChatModel();
    row("other architecture",
        other.remove("general.architecture").add("general.architecture", "rwkv").bytes(),
        "uses architecture \"rwkv\": not supported; supported: llama");
    row("missing weight", tinyChatModel().removeTensor("blk.1.ffn_up.weight").bytes(),
        "\"blk.1.ffn_up.weight\"");
    row("no tokeniser", TinyModel("llama").build().bytes(), "tokenizer.ggml");
}

void ModelTest::refusesWithThePathOfTheFile()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, says);
    QFile file(m_folder.filePath("refused.gguf"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
    file.close();
    const auto model = Model::load(file.fileName().toStdString());
    QVERIFY(!model.has_value());
    QCOMPARE(model.error().code, ErrorCode::BadInput);
    const QString message = QString::fromStdString(model.error().message);
    QVERIFY2(message.startsWith(file.fileName() + ": ") && message.contains(says), qPrintable(message));
}

std::shared_ptr<const Model> ModelTest::realModel(const char* name)
{
    for (const std::string& file : findModelFiles()) {
        if (!file.ends_with(name))
            continue;
        auto model = Model::load(file);
        if (!model)
            qWarning("%s", model.error().message.c_str());
        return model ? *model : nullptr;
    }
    return nullptr;
}

#define SKIP_WITHOUT_FILE(name)                                                                              \
    do {                                                                                                     \
        bool found = false;                                                                                  \
        for (const std::string& file : findModelFiles())                                                     \
            found = found || file.ends_with(name);                                                           \
        if (!found)                                                                                          \
            QFAIL("model file " name " is missing: ./installer/test brings it");                             \
    } while (false)

void ModelTest::loadsTheDefaultModel()
{
    SKIP_WITHOUT_FILE("SmolLM2-135M-Instruct.Q4_1.gguf");
    const auto model = realModel("SmolLM2-135M-Instruct.Q4_1.gguf");
    QVERIFY(model != nullptr);
    const ModelConfig& config = model->config();
    QCOMPARE(config.architecture, std::string("llama"));
    QCOMPARE(config.fileType, std::string("Q4_1"));
    QCOMPARE(config.hidden, 576U);
    QCOMPARE(config.heads, 9U);
    QCOMPARE(config.kvHeads, 3U);
    QCOMPARE(config.headDim, 64U);
    QCOMPARE(config.ffn, 1536U);
    QCOMPARE(config.vocab, 49152U);
    QCOMPARE(config.contextLength, 8192U);
    QCOMPARE(config.normEpsilon, 1e-5F);
    QCOMPARE(config.attentionScale, 0.125F);
    QCOMPARE(config.embeddingScale, 1.0F);
    QCOMPARE(config.layers.size(), std::size_t(30));
    QCOMPARE(config.layers[29].ropeBase, 100000.0F);
    QCOMPARE(config.layers[29].slidingWindow, 0U);
    QCOMPARE(config.ropePairing, RopePairing::Interleaved);
    QCOMPARE(config.parameters, std::uint64_t(134515008));
    QCOMPARE(namesOf(model->weights()).size(), model->file().tensors().size());
    QCOMPARE(model->weights().head.data, model->weights().tokenEmbedding.data);
    QCOMPARE(model->weights().tokenEmbedding.type, QuantType::Q8_0);
    QCOMPARE(model->tokenizer().vocabularySize(), std::size_t(49152));
    QVERIFY(model->chatTemplate() != nullptr);
}

void ModelTest::loadsGemma3()
{
    SKIP_WITHOUT_FILE("gemma-3-270m-q4_k_m.gguf");
    const auto model = realModel("gemma-3-270m-q4_k_m.gguf");
    QVERIFY(model != nullptr);
    const ModelConfig& config = model->config();
    QCOMPARE(config.architecture, std::string("gemma3"));
    QCOMPARE(config.fileType, std::string("Q4_K_M"));
    QCOMPARE(config.hidden, 640U);
    QCOMPARE(config.heads, 4U);
    QCOMPARE(config.kvHeads, 1U);
    QCOMPARE(config.headDim, 256U);
    QCOMPARE(config.ffn, 2048U);
    QCOMPARE(config.vocab, 262144U);
    QCOMPARE(config.contextLength, 32768U);
    QCOMPARE(config.normEpsilon, 1e-6F);
    QCOMPARE(config.attentionScale, 0.0625F);
    QCOMPARE(config.embeddingScale, std::sqrt(640.0F));
    QCOMPARE(config.layers.size(), std::size_t(18));
    for (std::size_t i = 0; i < 18; ++i) {
        const bool isGlobal = i == 5 || i == 11 || i == 17;
        QCOMPARE(config.layers[i].slidingWindow, isGlobal ? 0U : 512U);
        QCOMPARE(config.layers[i].ropeBase, isGlobal ? 1000000.0F : 10000.0F);
    }
    QCOMPARE(config.ropePairing, RopePairing::Halves);
    QCOMPARE(config.activation, Activation::GeluTanhGated);
    QCOMPARE(namesOf(model->weights()).size(), model->file().tensors().size());
    QCOMPARE(model->tokenizer().vocabularySize(), std::size_t(262144));
    QVERIFY(model->chatTemplate() == nullptr); // a base model
}

QTEST_APPLESS_MAIN(ModelTest)
#include "model_test.moc"
