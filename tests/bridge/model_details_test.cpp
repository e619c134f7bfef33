// SPDX-License-Identifier: GPL-3.0-or-later
// What the window learns about a model file, and that it never waits for it.
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "tests/engine/support/gguf_writer.h"
#include "ui/bridge/model_details_reader.h"

using namespace vitrine;
using namespace vitrine::ui;
using kernels::QuantType;
using test::GgufWriter;

class ModelDetailsTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

    QString written(const GgufWriter& writer, const char* name)
    {
        const QString path = m_dir.filePath(QLatin1String(name));
        return writer.write(path.toStdString()) ? path : QString();
    }

private slots:
    void readsAFileOfAFamilyThatCannotBeRun()
    {
        GgufWriter writer;
        writer.add("general.architecture", "invented").add("general.file_type", 15U);
        writer.add("invented.context_length", 4096U);
        writer.tensor("w", QuantType::Q4_K, {256, 3}).tensor("norm", {4}, {1, 2, 3, 4});
        const auto details = readModelDetails(written(writer, "Great-Model.Q4_K_M.gguf"));
        QVERIFY(details.has_value());
        QCOMPARE(details->name, QStringLiteral("Great-Model"));
        QCOMPARE(details->architecture, QStringLiteral("invented"));
        QCOMPARE(details->quantisation, QStringLiteral("Q4_K_M"));
        QCOMPARE(details->contextLength, std::optional<quint64>(4096));
        QCOMPARE(details->parameters, quint64(772));
        QCOMPARE(details->fileBytes, quint64(QFile(details->path).size()));
        QCOMPARE(details->version, 3u);
        QCOMPARE(details->metadata.size(), 3);
        QCOMPARE(details->tensors.size(), 2);
        QCOMPARE(details->tensors[0].shape, QStringLiteral("3 × 256"));
        QCOMPARE(details->tensors[0].type, QStringLiteral("Q4_K"));
        QCOMPARE(details->tensors[1].bytes, quint64(16));
    }

    void tellsHowMuchOfAMixtureATokenTakes()
    {
        GgufWriter writer;
        writer.add("general.architecture", "invented");
        writer.add("invented.expert_count", 4U).add("invented.expert_used_count", 3U);
        writer.tensor("blk.0.ffn_up_exps.weight", QuantType::Q8_0, {32, 10, 4})
            .tensor("norm", {4}, {1, 2, 3, 4});
        const auto details = readModelDetails(written(writer, "mixture.gguf"));
        QVERIFY(details.has_value());
        QCOMPARE(details->parameters, quint64(1284));
        QCOMPARE(details->activeParameters, quint64(964));
        QCOMPARE(details->experts, quint64(4));
        QCOMPARE(details->expertsPerToken, quint64(3));
    }

    void givesALineForTheTableAndTheWholeToRead()
    {
        GgufWriter writer;
        writer.add("general.architecture", "invented");
        writer.add("template", "first\n\tsecond \x1b[31m" + std::string(3000, 'x'));
        writer.addArray("tokens", std::vector<std::string>(1000, "t"));
        const auto details = readModelDetails(written(writer, "long.gguf"));
        QVERIFY(details.has_value());
        const MetadataDetail &text = details->metadata[1], &tokens = details->metadata[2];
        QVERIFY(text.value.startsWith(QStringLiteral("first\\n\\tsecond \\x1b[31m")));
        QVERIFY(text.value.size() < 500 && text.value.endsWith(QChar(0x2026)));
        QVERIFY(text.whole.startsWith(QStringLiteral("first\n\tsecond \\x1b[31m")));
        QVERIFY(text.whole.size() > 3000 && !text.whole.endsWith(QChar(0x2026)));
        QCOMPARE(tokens.type, QStringLiteral("string[1000]"));
        QVERIFY(tokens.whole.size() > tokens.value.size());
    }

    void leavesOpenWhatTheFileDoesNotSay()
    {
        GgufWriter writer;
        writer.add("odd", 1U);
        const auto details = readModelDetails(written(writer, "bare.gguf"));
        QVERIFY(details.has_value());
        QVERIFY(details->architecture.isEmpty() && details->quantisation.isEmpty());
        QVERIFY(!details->contextLength.has_value());
        QCOMPARE(details->name, QStringLiteral("bare"));
    }

    void answersLaterWithTheDetails()
    {
        GgufWriter writer;
        writer.add("general.architecture", "invented");
        ModelDetailsReader reader;
        QSignalSpy finished(&reader, &ModelDetailsReader::finished);
        QSignalSpy failed(&reader, &ModelDetailsReader::failed);
        reader.read(written(writer, "later.gguf"));
        QCOMPARE(finished.count(), 0);
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(finished[0][0].value<ModelDetails>().architecture, QStringLiteral("invented"));
        QCOMPARE(failed.count(), 0);
    }

    void answersARefusalWithTheReadersMessage()
    {
        ModelDetailsReader reader;
        QSignalSpy failed(&reader, &ModelDetailsReader::failed);
        reader.read(m_dir.filePath(QStringLiteral("missing.gguf")));
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(failed[0][0].toString().contains(QStringLiteral("missing.gguf")));
    }

    void onlyTheNewestReadIsAnswered()
    {
        GgufWriter writer;
        writer.add("general.architecture", "invented");
        const QString good = written(writer, "good.gguf");
        ModelDetailsReader reader;
        QSignalSpy finished(&reader, &ModelDetailsReader::finished);
        QSignalSpy failed(&reader, &ModelDetailsReader::failed);
        reader.read(m_dir.filePath(QStringLiteral("missing.gguf")));
        reader.read(good);
        QTRY_COMPARE(finished.count(), 1);
        QTest::qWait(50);
        QCOMPARE(failed.count(), 0);
        QCOMPARE(finished.count(), 1);
    }

    void mayGoAwayWhileAReadIsUnderWay()
    {
        GgufWriter writer;
        writer.addArray("tokens", std::vector<std::string>(200'000, "a token of some length"));
        const QString path = written(writer, "large.gguf");
        for (int i = 0; i < 5; ++i) {
            auto reader = std::make_unique<ModelDetailsReader>();
            reader->read(path);
        }
        QTest::qWait(20);
    }
};

QTEST_GUILESS_MAIN(ModelDetailsTest)
#include "model_details_test.moc"
