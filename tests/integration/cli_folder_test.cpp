// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli with a model's folder: what the GGUF file of the same weights gives, alone and shared by ranks.
#include <QtTest>

#include <cmath>

#include "tests/engine/support/tiny_folder.h"
#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;
using vitrine::engine::test::TinyFolder;

namespace {

QString ggufOf(const QString& family)
{
    return QStringLiteral(VITRINE_TEST_DATA "/families/") + family + QStringLiteral("/model.gguf");
}

QJsonArray idsOf320()
{
    QJsonArray ids;
    for (int i = 0; i < 40; ++i)
        ids.append(3 + i * 37 % 317);
    return ids;
}

} // namespace

class CliFolderTest : public QObject
{
    Q_OBJECT

private slots:
    void scoresWhatTheFileScores_data() { families(); }
    void scoresWhatTheFileScores()
    {
        QFETCH(QString, family);
        const TinyFolder folder(family.toStdString());
        const QByteArray ids = jsonLine(idsOf320());
        const QStringList words{"score", "--tokens", "-", "--precise", "-m"};
        const QString path = QString::fromStdString(folder.path());
        const CliOutcome file = runCli(words + QStringList{ggufOf(family)}, ids),
                         one = runCli(words + QStringList{path}, ids),
                         two = runCli(words + QStringList{path, "--ranks", "2"}, ids);
        QVERIFY2(file.code == 0 && one.code == 0 && two.code == 0, file.err + one.err + two.err);
        const QJsonArray expected = file.json()["next_logprob"].toArray();
        for (const CliOutcome& outcome : {one, two}) {
            const QJsonArray found = outcome.json()["next_logprob"].toArray();
            QCOMPARE(found.size(), expected.size());
            for (qsizetype i = 0; i < found.size(); ++i)
                QVERIFY(std::abs(found[i].toDouble() - expected[i].toDouble()) < 2e-3);
        }
    }

    void repliesAsTheFile_data() { families(); }
    void repliesAsTheFile()
    {
        QFETCH(QString, family);
        const TinyFolder folder(family.toStdString());
        const QStringList words{"generate", "-p", "The cat's 12 hats", "-n",     "16",
                                "--temp",   "0",  "--deterministic",   "--json", "-m"};
        const CliOutcome file = runCli(words + QStringList{ggufOf(family)}),
                         own = runCli(words + QStringList{QString::fromStdString(folder.path())});
        QVERIFY2(file.code == 0 && own.code == 0, file.err + own.err);
        QVERIFY(!own.json()["tokens"].toArray().isEmpty());
        QCOMPARE(own.json()["tokens"], file.json()["tokens"]);
    }

    void saysWhatAFolderIsAndWhatIsWrongWithIt()
    {
        const TinyFolder folder("gemma3");
        const QString path = QString::fromStdString(folder.path());
        const CliOutcome shown = runCli({"inspect", "-m", path, "--tensors"});
        QVERIFY2(shown.code == 0, shown.err);
        QVERIFY2(shown.out.contains("gemma3") && shown.out.contains("safetensors in 1 file"), shown.out);
        folder.write("model.safetensors", folder.read("model.safetensors").substr(0, 5000));
        const CliOutcome refused = runCli({"generate", "-m", path, "-p", "x"});
        QCOMPARE(refused.code, 3);
        QVERIFY2(refused.err.contains("its download was not finished"), refused.err);
    }

private:
    static void families()
    {
        QTest::addColumn<QString>("family");
        for (const char* family : {"qwen2", "phi3", "llama", "gpt_oss"})
            QTest::addRow("%s", family) << QString(family);
    }
};

QTEST_GUILESS_MAIN(CliFolderTest)
#include "cli_folder_test.moc"
