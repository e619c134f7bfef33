// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/gguf_describe.h"

#include <QTest>

#include "engine/base/text.h"
#include "tests/engine/support/gguf_writer.h"

using namespace vitrine::engine;
using namespace vitrine::test;
using vitrine::kernels::QuantType;

class GgufDescribeTest : public QObject
{
    Q_OBJECT

private slots:
    void writesOneLineForEachKey();
    void shortensArraysAndTexts();
    void writesOneLineForEachTensor();
    void givesTypeAndValueApart();
    void escapesWhatCannotBeShown_data();
    void escapesWhatCannotBeShown();
    void keepsTheLinesOfALongText();
};

void GgufDescribeTest::writesOneLineForEachKey()
{
    GgufWriter writer;
    writer.add("general.name", "Straße 街").add("n", 30U).add("minus", -5).add("epsilon", 1e-5F);
    writer.add("exact", 0.1).add("on", true).add("base", 100000.0F).add("huge", 1e30F);
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "test.gguf");
    QVERIFY(file.has_value());
    const std::vector<std::string> expected = {
        "general.name: string = \"Straße 街\"",
        "n: uint = 30",
        "minus: int = -5",
        "epsilon: float = 1e-05",
        "exact: float = 0.1",
        "on: bool = true",
        "base: float = 100000",
        "huge: float = 1e+30",
    };
    QCOMPARE(describeMetadata(*file), expected);
}

void GgufDescribeTest::shortensArraysAndTexts()
{
    GgufWriter writer;
    writer.addArray("tokens", std::vector<std::string>{"a", "\n", "c"});
    writer.addArray<float>("scores", {-1000.0F, 0.5F});
    writer.addArray<bool>("flags", {true, false});
    writer.addArray<std::uint8_t>("none", {});
    writer.add("long", std::string(100000, 'x'));
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "test.gguf");
    QVERIFY(file.has_value());
    const auto lines = describeMetadata(*file, 2);
    QCOMPARE(lines[0], std::string("tokens: string[3] = \"a\", \"\\n\", …"));
    QCOMPARE(lines[1], std::string("scores: float[2] = -1000, 0.5"));
    QCOMPARE(lines[2], std::string("flags: bool[2] = true, false"));
    QCOMPARE(lines[3], std::string("none: uint[0] ="));
    QVERIFY(lines[4].size() < 200);
    QVERIFY(lines[4].ends_with("…\""));
}

void GgufDescribeTest::writesOneLineForEachTensor()
{
    GgufWriter writer;
    writer.tensor("w", QuantType::Q4_K, {256, 3}).tensor("norm", {4}, {1, 2, 3, 4});
    const Bytes bytes = writer.bytes();
    const auto file = GgufFile::parse(bytes, "test.gguf");
    QVERIFY(file.has_value());
    QCOMPARE(describeTensors(*file),
             (std::vector<std::string>{"w: Q4_K [3, 256] = 432 bytes", "norm: F32 [4] = 16 bytes"}));
}

void GgufDescribeTest::givesTypeAndValueApart()
{
    QCOMPARE(typeText(std::uint64_t{7}), std::string("uint"));
    QCOMPARE(valueText(std::uint64_t{7}), std::string("7"));
    const MetadataValue texts = MetadataArray(std::vector<std::string_view>{"a", "b", "c"});
    QCOMPARE(typeText(texts), std::string("string[3]"));
    QCOMPARE(valueText(texts), std::string("\"a\", \"b\", \"c\""));
    QCOMPARE(valueText(texts, 1), std::string("\"a\", …"));
    QCOMPARE(valueText(texts, 0), std::string("…"));
    QCOMPARE(valueText(MetadataArray(std::vector<bool>{})), std::string());
}

void GgufDescribeTest::escapesWhatCannotBeShown_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("plain") << QByteArray("a b") << QByteArray("a b");
    QTest::newRow("characters of many bytes") << QByteArray("é街😀") << QByteArray("é街😀");
    QTest::newRow("controls") << QByteArray("a\x1b[31m\x7f\0b", 9) << QByteArray("a\\x1b[31m\\x7f\\x00b");
    QTest::newRow("second set of controls") << QByteArray("\xC2\x9B") << QByteArray("\\xc2\\x9b");
    QTest::newRow("half a character") << QByteArray("a\xE8\xA1") << QByteArray("a\\xe8\\xa1");
    QTest::newRow("overlong") << QByteArray("\xC0\xAF") << QByteArray("\\xc0\\xaf");
    QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << QByteArray("\\xed\\xa0\\x80");
    QTest::newRow("beyond Unicode") << QByteArray("\xF4\x90\x80\x80") << QByteArray("\\xf4\\x90\\x80\\x80");
    QTest::newRow("turned text") << QByteArray("\xE2\x80\xAE") << QByteArray("\\xe2\\x80\\xae");
}

void GgufDescribeTest::escapesWhatCannotBeShown()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(printable(text.toStdString())), shown);
}

void GgufDescribeTest::keepsTheLinesOfALongText()
{
    QCOMPARE(printableLines("a\n\tb\r\x1b", 100), std::string("a\n\tb\\r\\x1b"));
    QCOMPARE(printableLines("abcdef", 3), std::string("abc…"));
}

QTEST_APPLESS_MAIN(GgufDescribeTest)
#include "gguf_describe_test.moc"
