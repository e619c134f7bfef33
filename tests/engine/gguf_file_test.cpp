// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/gguf_file.h"

#include <cstring>

#include <QTemporaryDir>
#include <QTest>

#include "tests/engine/support/gguf_writer.h"

using namespace vitrine::engine;
using namespace vitrine::test;
using vitrine::kernels::QuantType;

class GgufFileTest : public QObject
{
    Q_OBJECT

private slots:
    void readsEveryKindOfValue();
    void readsArrays();
    void findsTensorsWithTheirData();
    void honoursTheAlignmentOfTheFile();
    void readsVersionTwo();
    void acceptsAFileThatHoldsOnlyAVocabulary();
    void convertsIntegersOfEitherSignWhenTheyFit();
    void staysValidWhenMoved();
};

void GgufFileTest::readsEveryKindOfValue()
{
    GgufWriter writer;
    writer.add("u8", std::uint8_t{200}).add("i8", std::int8_t{-100}).add("u16", std::uint16_t{60000});
    writer.add("i16", std::int16_t{-30000}).add("u32", 4000000000U).add("i32", -2000000000).add("f32", 0.5F);
    writer.add("yes", true).add("no", false).add("text", "Grüße").add("u64", ~std::uint64_t{0});
    writer.add("i64", std::int64_t{-1} << 62).add("f64", 0.1);
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "test.gguf");
    QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());

    QCOMPARE(file->metadata().size(), std::size_t(13));
    QCOMPARE(file->metadata()[1].key, std::string_view("i8"));
    QCOMPARE(file->integer("u8").value(), std::uint64_t(200));
    QCOMPARE(std::get<std::int64_t>(*file->find("i8")), std::int64_t(-100));
    QCOMPARE(file->integer("u16").value(), std::uint64_t(60000));
    QCOMPARE(file->number("i16").value(), -30000.0);
    QCOMPARE(file->integer("u32").value(), std::uint64_t(4000000000));
    QCOMPARE(file->number("i32").value(), -2000000000.0);
    QCOMPARE(file->number("f32").value(), 0.5);
    QCOMPARE(file->boolean("yes").value(), true);
    QCOMPARE(file->boolean("no").value(), false);
    QCOMPARE(file->text("text").value(), std::string_view("Grüße"));
    QCOMPARE(file->integer("u64").value(), ~std::uint64_t{0});
    QCOMPARE(std::get<std::int64_t>(*file->find("i64")), std::int64_t{-1} << 62);
    QCOMPARE(file->number("f64").value(), 0.1);
    QVERIFY(file->find("absent") == nullptr);
    QVERIFY(!file->integer("text") && !file->text("u8") && !file->boolean("u8") && !file->number("yes"));
}

void GgufFileTest::readsArrays()
{
    GgufWriter writer;
    writer.addArray("tokens", std::vector<std::string>{"a", "", "ccc"});
    writer.addArray<float>("scores", {0.5F, -1.0F});
    writer.addArray<std::int32_t>("types", {1, -3});
    writer.addArray<std::uint8_t>("raw", {0, 255});
    writer.addArray<bool>("flags", {true, false, true});
    writer.addArray<std::uint64_t>("none", {});
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "test.gguf");
    QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());

    const auto* tokens = file->texts("tokens");
    QVERIFY(tokens != nullptr);
    QCOMPARE(*tokens, (std::vector<std::string_view>{"a", "", "ccc"}));
    QCOMPARE(file->numbers("scores").value(), (std::vector<double>{0.5, -1.0}));
    QCOMPARE(file->numbers("types").value(), (std::vector<double>{1, -3}));
    QCOMPARE(file->numbers("raw").value(), (std::vector<double>{0, 255}));
    QCOMPARE(file->numbers("none").value(), std::vector<double>());
    QCOMPARE(std::get<std::vector<bool>>(std::get<MetadataArray>(*file->find("flags"))),
             (std::vector<bool>{true, false, true}));
    QVERIFY(file->texts("scores") == nullptr);
    QVERIFY(!file->numbers("tokens") && !file->numbers("flags") && !file->numbers("absent"));
}

void GgufFileTest::findsTensorsWithTheirData()
{
    GgufWriter writer;
    writer.tensor("b", {3, 2}, {1, 2, 3, 4, 5, 6});
    writer.tensor("a", QuantType::Q4_0, {64, 2, 3});
    writer.tensor("c", {1}, {7});
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "test.gguf");
    QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());

    QCOMPARE(file->tensors().size(), std::size_t(3));
    QCOMPARE(file->tensors()[0].name, std::string_view("b"));
    const TensorInfo* matrix = file->findTensor("b");
    QVERIFY(matrix != nullptr);
    QCOMPARE(matrix->columns(), std::uint64_t(3));
    QCOMPARE(matrix->rows(), std::uint64_t(2));
    QCOMPARE(matrix->bytes, std::uint64_t(24));
    float last = 0;
    std::memcpy(&last, matrix->data + 20, sizeof(last));
    QCOMPARE(last, 6.0F);
    const TensorInfo* packed = file->findTensor("a");
    QCOMPARE(packed->dimensions, 3U);
    QCOMPARE(packed->rows(), std::uint64_t(6));
    QCOMPARE(packed->bytes, std::uint64_t(12 * 18));
    std::memcpy(&last, file->findTensor("c")->data, sizeof(last));
    QCOMPARE(last, 7.0F);
    QVERIFY(file->findTensor("d") == nullptr);
}

void GgufFileTest::honoursTheAlignmentOfTheFile()
{
    for (const std::uint64_t alignment : {8U, 16U, 64U, 4096U}) {
        GgufWriter writer;
        writer.alignment = alignment;
        writer.tensor("a", {3}, {1, 2, 3}).tensor("b", {1}, {9});
        const Bytes bytes = writer.bytes();
        const auto file = GgufFile::parse(bytes, "test.gguf");
        QVERIFY2(file.has_value(), file ? "" : file.error().message.c_str());
        const TensorInfo* tensor = file->findTensor("b");
        QCOMPARE(static_cast<std::uint64_t>(tensor->data - bytes.data()) % alignment, std::uint64_t(0));
        float value = 0;
        std::memcpy(&value, tensor->data, sizeof(value));
        QCOMPARE(value, 9.0F);
    }
}

void GgufFileTest::readsVersionTwo()
{
    GgufWriter writer;
    writer.version = 2;
    writer.add("k", 1U);
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "test.gguf");
    QVERIFY(file.has_value());
    QCOMPARE(file->version(), 2U);
}

void GgufFileTest::acceptsAFileThatHoldsOnlyAVocabulary()
{
    GgufWriter writer;
    writer.addArray("tokenizer.ggml.tokens", std::vector<std::string>{"a", "b"});
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "vocabulary.gguf");
    QVERIFY(file.has_value());
    QVERIFY(file->tensors().empty());
    QCOMPARE(file->fileBytes(), std::uint64_t(bytes.size()));
}

void GgufFileTest::convertsIntegersOfEitherSignWhenTheyFit()
{
    GgufWriter writer;
    writer.add("positive", std::int32_t{5}).add("negative", std::int32_t{-5});
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "test.gguf");
    QVERIFY(file.has_value());
    QCOMPARE(file->integer("positive").value(), std::uint64_t(5));
    QVERIFY(!file->integer("negative").has_value());
}

void GgufFileTest::staysValidWhenMoved()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("a.gguf").toStdString();
    GgufWriter writer;
    writer.add("text", "still here").tensor("t", {2}, {1, 2});
    QVERIFY(writer.write(path));
    auto opened = GgufFile::open(path);
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
    QCOMPARE(opened->path(), path);
    const GgufFile moved = std::move(*opened);
    QCOMPARE(moved.text("text").value(), std::string_view("still here"));
    float second = 0;
    std::memcpy(&second, moved.findTensor("t")->data + 4, sizeof(second));
    QCOMPARE(second, 2.0F);
}

QTEST_APPLESS_MAIN(GgufFileTest)
#include "gguf_file_test.moc"
