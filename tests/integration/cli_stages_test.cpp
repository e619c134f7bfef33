// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli with a model in stages, each a process or several: what one computes, and what a user sees of a
// stage that is killed.
#include <QtTest>

#include <cmath>
#include <csignal>

#include "tests/integration/support/child_processes.h"
#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;

namespace {

const QString kTiny = QStringLiteral(VITRINE_TEST_DATA "/families/llama/model.gguf");
const QString kMixture = QStringLiteral(VITRINE_TEST_DATA "/families/mixtral/model.gguf");

/// The largest difference of two lists of numbers of the same length; 1000: they are not that.
double worst(const QJsonArray& a, const QJsonArray& b)
{
    double difference = a.size() == b.size() && !a.isEmpty() ? 0.0 : 1000.0;
    for (qsizetype i = 0; i < a.size() && i < b.size(); ++i)
        difference = std::max(difference, std::abs(a[i].toDouble() - b[i].toDouble()));
    return difference;
}

QStringList split(const QString& words)
{
    return words.split(' ', Qt::SkipEmptyParts);
}

} // namespace

class CliStagesTest : public QObject
{
    Q_OBJECT

private slots:
    void scoresWhatOneProcessScores_data()
    {
        QTest::addColumn<QString>("plan");
        QTest::addColumn<double>("within");
        QTest::newRow("2 stages") << "--stages 2" << 0.0;
        QTest::newRow("3 stages") << "--stages 3" << 0.0;
        QTest::newRow("2 stages of 2 ranks") << "--stages 2 --ranks 2" << 2e-4;
    }
    void scoresWhatOneProcessScores()
    {
        QFETCH(QString, plan);
        QFETCH(double, within);
        const QByteArray ids = jsonLine(madeUpIds(70, 1));
        const QStringList words{"score", "--tokens", "-", "--precise"};
        const CliOutcome alone = runCli(words, ids), staged = runCli(words + split(plan), ids);
        QVERIFY2(alone.code == 0 && staged.code == 0, staged.err);
        const double difference =
            worst(alone.json()["next_logprob"].toArray(), staged.json()["next_logprob"].toArray());
        QVERIFY2(difference <= within, QByteArray::number(difference));
    }

    void aMixtureOfExpertsIsCutIntoStagesToo()
    {
        QJsonArray ids;
        for (int i = 0; i < 40; ++i)
            ids.append(i * 7 % 200);
        const QStringList words{"score", "-m", kMixture, "--tokens", "-", "--precise"};
        const CliOutcome alone = runCli(words, jsonLine(ids)),
                         staged = runCli(words + split("--stages 2"), jsonLine(ids));
        QVERIFY2(alone.code == 0 && staged.code == 0, staged.err);
        QVERIFY(worst(alone.json()["next_logprob"].toArray(), staged.json()["next_logprob"].toArray()) ==
                0.0);
    }

    void writesTheReplyOfOneProcessEveryTime()
    {
        const QStringList words{"generate",        "-p",    "The three primary colours are", "-n", "24",
                                "--deterministic", "--json"};
        const CliOutcome alone = runCli(words), first = runCli(words + split("--stages 2")),
                         second = runCli(words + split("--stages 2"));
        QVERIFY2(alone.code == 0 && first.code == 0 && second.code == 0, first.err);
        QCOMPARE(alone.json()["tokens"].toArray().size(), qsizetype{24});
        QCOMPARE(first.json()["tokens"], alone.json()["tokens"]);
        QCOMPARE(second.json()["tokens"], alone.json()["tokens"]);
        const QJsonArray devices = first.json()["devices"].toArray();
        QCOMPARE(devices.size(), qsizetype{2});
        QVERIFY(devices[1].toObject()["first_layer"] == devices[0].toObject()["layers"]);
        QVERIFY(devices[1].toObject()["device"].toString().startsWith("stage 2 of 2, CPU"));
    }

    /// Samples, forks and preemption move blocks in every stage.
    void replaysALoadInLittleMemoryLikeOneProcess()
    {
        QByteArray load;
        for (int i = 0; i < 6; ++i)
            load +=
                jsonLine(QJsonObject{{"prompt", QString("Tell me of the year %1 and of what it brought to "
                                                        "the people who lived then.")
                                                    .arg(1950 + i / 2)},
                                     {"max_tokens", 40},
                                     {"n", 1 + i % 3},
                                     {"ignore_eos", true}});
        const QStringList words =
            split("replay --requests - --deterministic --kv-blocks 24 --preemption swap");
        const CliOutcome alone = runCli(words, load), staged = runCli(words + split("--stages 2"), load);
        QVERIFY2(alone.code == 0 && staged.code == 0, staged.err);
        QMap<QString, QJsonArray> tokens[2];
        int preemptions = 0;
        for (int which = 0; which < 2; ++which)
            for (const QByteArray& line : (which == 0 ? alone : staged).lines()) {
                const QJsonObject reply = parsedLine(line).toObject();
                const QString key = QString("%1/%2").arg(reply["id"].toInt()).arg(reply["sample"].toInt());
                tokens[which][key] = reply["tokens"].toArray();
                QCOMPARE(tokens[which][key].size(), qsizetype{40});
                preemptions += which == 1 ? reply["preemptions"].toInt() : 0;
            }
        QCOMPARE(tokens[0].size(), qsizetype{12});
        QCOMPARE(tokens[1], tokens[0]);
        QVERIFY(preemptions > 0);
    }

    void benchMeasuresStages()
    {
        const CliOutcome outcome = runCli(
            QStringList{"bench", "-m", kTiny} +
            split("--stages 2 --ranks 2 --batch 1,4 --context 32 --prefill 64 --decode 8 --repeat 1 --json"));
        QVERIFY2(outcome.code == 0, outcome.err);
    }

    void moreStagesThanLayersAreRefused()
    {
        const CliOutcome outcome = runCli({"generate", "-m", kTiny, "-p", "x", "-n", "1", "--stages", "5"});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("4 layers, which cannot make up 5 stages"), outcome.err);
    }

    void aStageThatIsKilledIsReplacedAndTheReplyGoesOn()
    {
        const QStringList words =
            split("generate -p Count: -n 700 --kv-blocks 100 --stages 3 --threads 3 --deterministic");
        const CliOutcome quiet = runCli(words);
        QVERIFY2(quiet.code == 0, quiet.err);
        QProcess process;
        process.start(VITRINE_CLI, words);
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(process.bytesAvailable() > 20, 120'000); // it answers
        const QList<qint64> children = childrenOf(process.processId());
        QCOMPARE(children.size(), qsizetype{2});
        ::kill(static_cast<pid_t>(children[0]), SIGKILL);
        QVERIFY(process.waitForFinished(120'000));
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(process.exitCode() == 0, said);
        QCOMPARE(process.readAllStandardOutput(), quiet.out);
        QVERIFY2(said.contains("the process of stage 2 of 3 was killed by signal 9; it was replaced") ||
                     said.contains("the process of stage 3 of 3 was killed by signal 9; it was replaced"),
                 said);
        QVERIFY(!lives(children[0]));
    }
};

QTEST_GUILESS_MAIN(CliStagesTest)
#include "cli_stages_test.moc"
