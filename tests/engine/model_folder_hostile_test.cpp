// SPDX-License-Identifier: GPL-3.0-or-later
// Folders that lie, lack something or mean harm: each is refused in one sentence that names what is wrong.
#include <QtTest>

#include <functional>

#include <fcntl.h>
#include <unistd.h>

#include "engine/model/model.h"
#include "tests/engine/support/tiny_folder.h"

using namespace vitrine::engine;
using namespace vitrine::engine::test;
using Json = TinyFolder::Json;
using Tensors = TinyFolder::Tensors;
using Bytes = TinyFolder::Bytes;

namespace {

using Change = std::function<void(const TinyFolder&)>;

Change inConfig(std::function<void(Json&)> change)
{
    return [change = std::move(change)](const TinyFolder& folder) { folder.changeConfig(change); };
}

Change inTensors(std::function<void(Tensors&)> change)
{
    return [change = std::move(change)](const TinyFolder& folder) { folder.changeTensors(change); };
}

std::string index(const std::string& shard)
{
    return Json{{"weight_map", {{"model.norm.weight", shard}}}}.dump();
}

/// 10 GB of nothing behind a header that says so.
void writeSparse(const TinyFolder& folder)
{
    constexpr std::uint64_t kBytes = 10'000'000'000;
    vitrine::test::SafetensorsWriter writer;
    writer.header["model.embed_tokens.weight"] = {
        {"dtype", "F32"}, {"shape", {kBytes / 4}}, {"data_offsets", {0, kBytes}}};
    const Bytes header = writer.bytes();
    folder.write("model.safetensors", header);
    if (::truncate(folder.path("model.safetensors").c_str(), static_cast<off_t>(header.size() + kBytes)) != 0)
        qFatal("a sparse file cannot be made here");
}

constexpr const char* kDown = "model.layers.1.mlp.down_proj.weight";

} // namespace

class ModelFolderHostileTest : public QObject
{
    Q_OBJECT

private slots:
    void refuses_data();
    void refuses();
    void leavesOutWhatIsComputed();
    void stopsWhenAsked();
};

void ModelFolderHostileTest::refuses_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, Change change, const char* says) {
        QTest::newRow(name) << std::move(change) << says;
    };
    row(
        "no config", [](const TinyFolder& f) { f.remove("config.json"); }, "is a folder without config.json");
    row(
        "config is a loop",
        [](const TinyFolder& f) {
            f.remove("config.json");
            std::filesystem::create_symlink("config.json", f.path("config.json"));
        },
        "cannot open the file: Too many levels of symbolic links");
    row(
        "config is a folder",
        [](const TinyFolder& f) {
            f.remove("config.json");
            std::filesystem::create_directory(f.path("config.json"));
        },
        "config.json: is a folder, not a file");
    row(
        "config is empty", [](const TinyFolder& f) { f.write("config.json", ""); }, "the file is empty");
    row(
        "config is no JSON", [](const TinyFolder& f) { f.write("config.json", "{\"a\":"); },
        "config.json: is not valid JSON at byte");
    row(
        "config is deep", [](const TinyFolder& f) { f.write("config.json", std::string(4000, '[')); },
        "config.json: nests deeper than 64 levels");
    row(
        "config is huge",
        [](const TinyFolder& f) { f.write("config.json", "[" + std::string(5 << 20, ' ') + "]"); },
        "config.json: has 5242882 bytes; 4194304 are the most that are read");
    row("no type", inConfig([](Json& c) { c.erase("model_type"); }), "\"model_type\" is missing");
    row("other type", inConfig([](Json& c) { c["model_type"] = "qwen9"; }),
        "uses architecture \"qwen9\": not supported; nearest \"qwen");
    row("no hidden size", inConfig([](Json& c) { c.erase("hidden_size"); }), "\"hidden_size\" is missing");
    row("hidden size of text", inConfig([](Json& c) { c["hidden_size"] = "64"; }),
        "\"hidden_size\" must be a whole number");
    row("no layers", inConfig([](Json& c) { c["num_hidden_layers"] = 0; }),
        "\"num_hidden_layers\" is 0; it must be from 1 to");
    row("other hidden size", inConfig([](Json& c) { c["hidden_size"] = 128; }),
        "has shape [320, 64] where [320, 128] is needed");
    row("more layers", inConfig([](Json& c) { c["num_hidden_layers"] = 5; }),
        "tensor \"model.layers.4.input_layernorm.weight\" is missing");
    row("fewer layers", inConfig([](Json& c) { c["num_hidden_layers"] = 3; }),
        "tensor \"model.layers.3.input_layernorm.weight\" belongs to a feature that is not supported yet");
    row("other vocabulary", inConfig([](Json& c) { c["vocab_size"] = 300; }),
        "\"vocab_size\" differs from the 320 rows of");
    row("other activation", inConfig([](Json& c) { c["hidden_act"] = "relu"; }),
        "\"hidden_act\" is \"relu\", which is not supported");
    row("other stretching", inConfig([](Json& c) {
            c["rope_parameters"] = {{"rope_type", "mrope"}, {"rope_theta", 1e6}};
        }),
        "is of type \"mrope\", which is not supported");
    row("other quantisation", inConfig([](Json& c) {
            c["quantization_config"] = {{"quant_method", "gptq"}};
        }),
        "has quant_method \"gptq\", which is not supported");
    row("a window", inConfig([](Json& c) {
            c["use_sliding_window"] = true;
            c["sliding_window"] = 16;
            c.erase("layer_types");
        }),
        "\"sliding_window\" asks for a sliding window, which is not supported yet");
    row("untied without a head", inConfig([](Json& c) { c["tie_word_embeddings"] = false; }),
        "the head is not the token embedding, but tensor \"lm_head.weight\" is missing");
    row("no biases", inTensors([](Tensors& t) {
            for (int i = 0; i < 4; ++i)
                t.erase("model.layers." + std::to_string(i) + ".self_attn.q_proj.bias");
        }),
        "config.json and the weights disagree");
    row(
        "no weights", [](const TinyFolder& f) { f.remove("model.safetensors"); },
        "has no safetensors files; download the model's weights too");
    row(
        "weights of PyTorch",
        [](const TinyFolder& f) {
            f.remove("model.safetensors");
            f.write("pytorch_model.bin", "x");
        },
        "has its weights as PyTorch files");
    row(
        "weights are a loop",
        [](const TinyFolder& f) {
            f.remove("model.safetensors");
            std::filesystem::create_symlink("model.safetensors", f.path("model.safetensors"));
        },
        "Too many levels of symbolic links");
    row(
        "a shard is missing",
        [](const TinyFolder& f) {
            f.remove("model.safetensors");
            f.write("model.safetensors.index.json", index("model-00001-of-00002.safetensors"));
        },
        "model-00001-of-00002.safetensors: cannot open the file: No such file");
    row(
        "a shard elsewhere",
        [](const TinyFolder& f) {
            f.remove("model.safetensors");
            f.write("model.safetensors.index.json", index("../model.safetensors"));
        },
        "\"model.norm.weight\" is in no safetensors file of this folder");
    row(
        "an index that lies",
        [](const TinyFolder& f) {
            std::filesystem::rename(f.path("model.safetensors"), f.path("a.safetensors"));
            f.write("model.safetensors.index.json",
                    Json{{"weight_map", {{"model.other.weight", "a.safetensors"}}}}.dump());
        },
        "the index puts tensor \"model.other.weight\" into \"a.safetensors\", which does not have it");
    row(
        "an index without places",
        [](const TinyFolder& f) {
            f.remove("model.safetensors");
            f.write("model.safetensors.index.json", "{\"weight_map\": []}");
        },
        "has no \"weight_map\"");
    row(
        "half of the weights",
        [](const TinyFolder& f) {
            f.write("model.safetensors", f.read("model.safetensors").substr(0, 100000));
        },
        "its download was not finished");
    row("ten gigabytes of nothing", writeSparse,
        "\"vocab_size\" differs from the 1 rows of \"model.embed_tokens.weight\"");
    row("a tensor less", inTensors([](Tensors& t) { t.erase(kDown); }),
        "tensor \"model.layers.1.mlp.down_proj.weight\" is missing");
    row("a tensor more", inTensors([](Tensors& t) { t["model.layers.1.mlp.extra.weight"] = t[kDown]; }),
        "tensor \"model.layers.1.mlp.extra.weight\" belongs to a feature that is not supported yet");
    row("a wrong shape", inTensors([](Tensors& t) { std::swap(t[kDown].shape[0], t[kDown].shape[1]); }),
        "tensor \"model.layers.1.mlp.down_proj.weight\" has shape [112, 64] where [64, 112] is needed");
    row("whole numbers", inTensors([](Tensors& t) { t[kDown].type = "I16"; }),
        "\"model.layers.1.mlp.down_proj.weight\" has type I16, which cannot be used for weights");
    row("no numbers", inTensors([](Tensors& t) {
            t[kDown].data[501] = 0x7F;
            t[kDown].data[500] = 0xC0;
        }),
        "tensor \"model.layers.1.mlp.down_proj.weight\" has values that are infinite or no numbers");
    row("infinite", inTensors([](Tensors& t) {
            t[kDown].data[501] = 0xFF;
            t[kDown].data[500] = 0x80;
        }),
        "has values that are infinite or no numbers");
    row("factors of another shape", inTensors([](Tensors& t) {
            t[kDown].type = "F8_E4M3";
            t[kDown].shape = {64, 224};
            t[std::string(kDown) + "_scale_inv"] = {"F32", {7}, Bytes(28)};
        }),
        "does not scale the weights of shape [64, 224]");
}

void ModelFolderHostileTest::refuses()
{
    QFETCH(Change, change);
    QFETCH(QString, says);
    const TinyFolder folder("qwen2");
    change(folder);
    const auto model = Model::load(folder.path());
    QVERIFY(!model.has_value());
    const QString message = QString::fromStdString(model.error().message);
    QVERIFY2(message.contains(says), qPrintable(message));
    QVERIFY2(message.startsWith(QString::fromStdString(folder.path())), qPrintable(message));
    QVERIFY(!message.contains(QLatin1Char('\n')) && model.error().code == ErrorCode::BadInput);
}

/// Tables of older files, and a head that is the token embedding anyway.
void ModelFolderHostileTest::leavesOutWhatIsComputed()
{
    const TinyFolder folder("qwen2");
    folder.changeTensors([](Tensors& tensors) {
        tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = {"F32", {8}, Bytes(32)};
        tensors["lm_head.weight"] = tensors["model.embed_tokens.weight"];
    });
    const auto file = GgufFile::open(folder.path());
    QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
    QVERIFY(file->findTensor("output.weight") == nullptr);
    QVERIFY(file->fill(true).has_value());
}

void ModelFolderHostileTest::stopsWhenAsked()
{
    const TinyFolder folder("gemma2");
    const auto file = GgufFile::open(folder.path());
    QVERIFY(file.has_value() && file->convertedBytes() > 0);
    int calls = 0;
    const auto stopped = file->fill(true, [&](double) { return ++calls < 30; });
    QVERIFY(!stopped.has_value());
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    QVERIFY(file->fill(true).has_value()); // and can be begun again
}

QTEST_APPLESS_MAIN(ModelFolderHostileTest)
#include "model_folder_hostile_test.moc"
