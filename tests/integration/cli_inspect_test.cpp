// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli inspect: any sound GGUF file is shown, any other is refused; what is shown is what the file
// holds.
#include <limits>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "engine/formats/gguf_file.h"
#include "tests/engine/support/gguf_writer.h"
#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;
using vitrine::kernels::QuantType;
using vitrine::test::GgufWriter;

class CliInspectTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    /// Writes the file and returns its path.
    QString written(const GgufWriter& writer, const char* name)
    {
        const QString path = m_dir.filePath(QLatin1String(name));
        return writer.write(path.toStdString()) ? path : QString();
    }

    static QString corpus(const QString& name)
    {
        return QStringLiteral(VITRINE_TEST_DATA "/corpus/gguf/") + name;
    }

private slots:
    void showsTheDefaultModelWithoutFlags()
    {
        const CliOutcome outcome = runCli({"inspect"});
        QVERIFY2(outcome.code == 0, "the default model is missing: ./installer/test brings it");
        QVERIFY(outcome.out.contains("architecture  llama\n"));
        QVERIFY(outcome.out.contains("context       2048 tokens\n") ||
                outcome.out.contains("context       8192 tokens\n"));
        QVERIFY(outcome.out.contains("  tokenizer.ggml.tokens: string[49152] = "));
        QVERIFY(!outcome.out.contains("token_embd.weight"));
        QVERIFY(outcome.err.isEmpty());
    }

    void listsTensorsOnlyWhenAsked()
    {
        const CliOutcome outcome = runCli({"inspect", "-m", corpus("llama.gguf"), "--tensors"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.out.contains("  token_embd.weight: "), outcome.out);
        QVERIFY(!runCli({"inspect", "-m", corpus("llama.gguf"), "--json"}).json().contains("tensors"));
    }

    void saysExactlyWhatTheFileHolds()
    {
        GgufWriter writer;
        writer.add("general.architecture", "invented").add("invented.context_length", 4096U);
        writer.add("text", "Straße\n街").add("minus", -5).add("half", 0.5).add("on", true);
        writer.add("large", std::numeric_limits<std::uint64_t>::max());
        writer.addArray<std::uint32_t>("short", {1, 2, 3});
        writer.tensor("w", QuantType::Q4_K, {256, 3}).tensor("norm", {4}, {1, 2, 3, 4});
        const QString path = written(writer, "exact.gguf");
        const CliOutcome outcome = runCli({"inspect", "-m", path, "--tensors", "--json"});
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.lines().size(), 1);
        const QJsonObject json = outcome.json(), metadata = json["metadata"].toObject();
        QCOMPARE(json["file"].toString(), path);
        QCOMPARE(json["bytes"].toInteger(), QFileInfo(path).size());
        QCOMPARE(json["version"].toInt(), 3);
        QCOMPARE(json["architecture"].toString(), QStringLiteral("invented"));
        QCOMPARE(json["context_length"].toInt(), 4096);
        QCOMPARE(json["parameters"].toInt(), 256 * 3 + 4);
        QCOMPARE(json["active_parameters"].toInt(), 256 * 3 + 4);
        QCOMPARE(json["experts"].toInt(), 0);
        QCOMPARE(metadata["text"].toString(), QStringLiteral("Straße\n街"));
        QCOMPARE(metadata["minus"].toInt(), -5);
        QCOMPARE(metadata["half"].toDouble(), 0.5);
        QCOMPARE(metadata["on"], QJsonValue(true));
        QVERIFY(outcome.out.contains("\"large\":18446744073709551615"));
        QCOMPARE(metadata["short"].toArray(), (QJsonArray{1, 2, 3}));
    }

    void tellsWhereEachTensorLies()
    {
        GgufWriter writer;
        writer.add("general.architecture", "invented");
        writer.tensor("w", QuantType::Q4_K, {256, 3}).tensor("norm", {4}, {1, 2, 3, 4});
        const QString path = written(writer, "tensors.gguf");
        const CliOutcome outcome = runCli({"inspect", "-m", path, "--tensors", "--json"});
        const QJsonArray tensors = outcome.json()["tensors"].toArray();
        QCOMPARE(outcome.json()["tensor_count"].toInt(), 2);
        QCOMPARE(tensors.size(), 2);
        QCOMPARE(tensors[0]["name"].toString(), QStringLiteral("w"));
        QCOMPARE(tensors[0]["type"].toString(), QStringLiteral("Q4_K"));
        QCOMPARE(tensors[0]["shape"].toArray(), (QJsonArray{3, 256}));
        QCOMPARE(tensors[0]["bytes"].toInt(), 432);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray all = file.readAll();
        float values[4] = {};
        const qint64 offset = tensors[1]["offset"].toInteger();
        QVERIFY(offset > 0 && offset + qint64(sizeof values) <= all.size());
        std::memcpy(values, all.constData() + offset, sizeof values);
        QCOMPARE(values[3], 4.0F);
    }

    void cutsLongArraysAndSaysHowLongTheyAre()
    {
        GgufWriter writer;
        writer.add("general.architecture", "invented");
        writer.addArray("tokens", std::vector<std::string>(1000, "x"));
        writer.addArray("whole", std::vector<std::string>(32, "y"));
        const CliOutcome outcome = runCli({"inspect", "-m", written(writer, "long.gguf"), "--json"});
        const QJsonObject metadata = outcome.json()["metadata"].toObject();
        QCOMPARE(metadata["tokens"].toObject()["length"].toInt(), 1000);
        QCOMPARE(metadata["tokens"].toObject()["first"].toArray().size(), 32);
        QCOMPARE(metadata["whole"].toArray().size(), 32);
    }

    void showsEverySoundFileAndRefusesEveryOther_data()
    {
        QTest::addColumn<QString>("name");
        const QStringList names = QDir(corpus({})).entryList({"*.gguf"}, QDir::Files);
        QVERIFY(names.size() > 10);
        for (const QString& name : names)
            QTest::newRow(qPrintable(name)) << name;
    }
    void showsEverySoundFileAndRefusesEveryOther()
    {
        QFETCH(QString, name);
        const CliOutcome text = runCli({"inspect", "-m", corpus(name), "--tensors"});
        const CliOutcome json = runCli({"inspect", "-m", corpus(name), "--tensors", "--json"});
        QCOMPARE(json.code, text.code);
        const auto file = vitrine::engine::GgufFile::open(corpus(name).toStdString());
        if (file) {
            QCOMPARE(text.code, 0);
            QCOMPARE(json.json()["metadata"].toObject().size(), qsizetype(file->metadata().size()));
            return;
        }
        QCOMPARE(text.code, 3);
        QVERIFY(text.out.isEmpty() && json.out.isEmpty());
        QCOMPARE(text.err, QByteArray::fromStdString("vitrine-cli: " + file.error().message + "\n"));
    }

    void refusesFilesThatAreNotThere()
    {
        const CliOutcome outcome = runCli({"inspect", "-m", "/nowhere/model.gguf"});
        QCOMPARE(outcome.code, 3);
        QVERIFY(outcome.err.contains("/nowhere/model.gguf"));
        QCOMPARE(runCli({"inspect", "-m", VITRINE_CLI}).code, 3); // an ELF file is no model
    }

    void keepsControlCharactersOfTheFileOffTheTerminal()
    {
        GgufWriter writer;
        writer.add("general.architecture", "a\x1b[2Jb").add("k\x07y", "\x1b]0;title\x07");
        const CliOutcome outcome = runCli({"inspect", "-m", written(writer, "escapes.gguf"), "--tensors"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(!outcome.out.contains('\x1b') && !outcome.out.contains('\x07'));
    }

    void numbersThatJsonLacksAreNull()
    {
        GgufWriter writer;
        writer.add("general.architecture", "invented");
        writer.add("infinite", std::numeric_limits<float>::infinity());
        const CliOutcome outcome = runCli({"inspect", "-m", written(writer, "infinite.gguf"), "--json"});
        QCOMPARE(outcome.code, 0);
        QVERIFY(outcome.json()["metadata"].toObject()["infinite"].isNull());
    }
};

QTEST_APPLESS_MAIN(CliInspectTest)
#include "cli_inspect_test.moc"
