// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli with several replicas of the default model: what one answers, the weights in memory once, and
// what a user sees when it is stopped or asked for what does not go together.
#include <QtTest>

#include <csignal>

#include "tests/integration/support/child_processes.h"
#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;

namespace {

/// Pairs of requests share a beginning.
QByteArray load(int requests, int promptTokens, int maxTokens)
{
    QByteArray lines;
    for (int i = 0; i < requests; ++i) {
        QJsonArray tokens = madeUpIds(promptTokens, i / 2);
        tokens.append(2000 + i);
        lines += jsonLine(QJsonObject{{"id", QString("r%1").arg(i)},
                                      {"tokens", tokens},
                                      {"max_tokens", maxTokens},
                                      {"temperature", i % 3 == 0 ? 0.8 : 0.0},
                                      {"ignore_eos", true}});
    }
    return lines;
}

struct Replayed
{
    CliOutcome outcome;
    QMap<QString, QJsonArray> replies;
    QJsonObject summary;

    double memory() const { return summary["process_memory"].toObject()["proportional"].toDouble(); }
};

Replayed replay(const QStringList& words, const QByteArray& lines)
{
    const QTemporaryDir folder;
    const QString summary = folder.filePath("summary.json");
    Replayed result;
    result.outcome = runCli(QStringList{"replay", "--requests", "-", "--deterministic", "--threads", "2",
                                        "--kv-blocks", "64", "--summary", summary} +
                                words,
                            lines);
    for (const QByteArray& line : result.outcome.lines()) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        result.replies[object["id"].toString()] = object["tokens"].toArray();
    }
    QFile file(summary);
    if (file.open(QIODevice::ReadOnly))
        result.summary = QJsonDocument::fromJson(file.readAll()).object();
    return result;
}

} // namespace

class CliReplicasTest : public QObject
{
    Q_OBJECT

private slots:
    /// Replies to the bit, and memory: the weights are there once.
    void answersAsOneDoesInTheMemoryOfOne()
    {
        const QByteArray lines = load(8, 40, 6);
        const Replayed one = replay({}, lines), two = replay({"--replicas", "2"}, lines);
        QVERIFY2(one.outcome.code == 0 && two.outcome.code == 0, two.outcome.err);
        QCOMPARE(one.replies.size(), 8);
        QCOMPARE(two.replies, one.replies);
        const QJsonArray replicas = two.summary["replicas"].toArray();
        QCOMPARE(replicas.size(), 2);
        int requests = 0, tokens = 0;
        for (const QJsonValue& replica : replicas) {
            requests += replica["requests"].toInt();
            tokens += replica["generated_tokens"].toInt();
            QVERIFY(replica["requests"].toInt() > 0);
            QCOMPARE(replica["total_blocks"].toInt(), 64);
        }
        QCOMPARE(requests, 8);
        QCOMPARE(tokens, 48);
        QCOMPARE(two.summary["generated_tokens"].toInt(), 48);
        QCOMPARE(two.summary["total_blocks"].toInt(), 128);
        QVERIFY(one.memory() > 80e6);
        QVERIFY2(two.memory() <= 1.15 * one.memory(),
                 qPrintable(QString("%1 and %2").arg(one.memory()).arg(two.memory())));
    }

    /// The second replica's other rank maps what the first one's has packed.
    void ranksOfReplicasShareTheirWeightsToo()
    {
        const QByteArray lines = load(4, 20, 3);
        const Replayed one = replay({"--ranks", "2"}, lines),
                       two = replay({"--ranks", "2", "--replicas", "2"}, lines);
        QVERIFY2(one.outcome.code == 0 && two.outcome.code == 0, two.outcome.err);
        QCOMPARE(one.replies.size(), 4);
        QCOMPARE(two.replies, one.replies);
        QCOMPARE(two.summary["process_memory"].toObject()["processes"].toInt(), 3);
        QVERIFY2(two.memory() <= 1.15 * one.memory(),
                 qPrintable(QString("%1 and %2").arg(one.memory()).arg(two.memory())));
    }

    void everyReplicaScoresWhatOneScores()
    {
        const QByteArray ids = jsonLine(madeUpIds(40, 1));
        const QStringList words{"score", "--tokens", "-", "--threads", "2"};
        for (const QStringList& how : {QStringList{}, QStringList{"--precise"}}) {
            const CliOutcome alone = runCli(words + how, ids);
            const CliOutcome shared = runCli(words + how + QStringList{"--replicas", "2"}, ids);
            QVERIFY2(alone.code == 0 && shared.code == 0, shared.err);
            QCOMPARE(alone.json()["next_logprob"].toArray().size(), 39);
            QCOMPARE(shared.json(), alone.json()); // the same arithmetic, to the bit
        }
    }

    void measuresALoad()
    {
        const CliOutcome outcome = runCli({"bench", "--trace", "-", "--replicas", "2", "--threads", "2",
                                           "--kv-blocks", "64", "--repeat", "1", "--json"},
                                          load(4, 20, 3));
        QVERIFY2(outcome.code == 0, outcome.err);
        const QJsonObject entry = outcome.json()["results"].toArray()[0].toObject();
        QCOMPARE(entry["tokens"].toInt(), 12);
        QCOMPARE(entry["devices"].toArray().size(), 2);
        QCOMPARE(entry["last_run"].toObject()["replicas"].toArray().size(), 2);
    }

    void whatDoesNotGoTogetherIsRefused_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("says");
        const QStringList replay{"replay", "--requests", "-", "--replicas", "2"};
        QTest::newRow("recording") << replay + QStringList{"--trace-out", "x.vtrace"}
                                   << QByteArray("--trace-out records one engine");
        QTest::newRow("metrics") << replay + QStringList{"--metrics-out", "x.prom"}
                                 << QByteArray("--metrics-out records one engine");
        QTest::newRow("gpu") << replay + QStringList{"--gpu", "0"} << QByteArray("--replicas");
        QTest::newRow("rig") << QStringList{"bench", "--replicas", "2"} << QByteArray("--trace");
        QTest::newRow("rig beside a trace")
            << QStringList{"bench", "--trace", "nano", "--decode", "8", "--replicas", "2"}
            << QByteArray("--decode");
        QTest::newRow("none") << QStringList{"score", "--tokens", "-", "--replicas", "0"}
                              << QByteArray("--replicas takes");
        QTest::newRow("generate") << QStringList{"generate", "-p", "x", "--replicas", "2"}
                                  << QByteArray("unknown flag --replicas");
    }
    void whatDoesNotGoTogetherIsRefused()
    {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, says);
        const CliOutcome outcome = runCli(words, load(1, 4, 1));
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains(says), outcome.err);
    }

    /// A replica's other rank comes back, finds its weights, and every reply is complete.
    void goesOnWhenARankOfAReplicaIsKilled()
    {
        QProcess process;
        process.start(VITRINE_CLI, {"replay", "--requests", "-", "--replicas", "2", "--ranks", "2",
                                    "--threads", "2", "--kv-blocks", "64"});
        process.write(load(1, 10, 2).replace("r0", "short") + load(4, 20, 60));
        process.closeWriteChannel();
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(process.bytesAvailable() > 20, 120'000);
        const QList<qint64> children = childrenOf(process.processId());
        QCOMPARE(children.size(), qsizetype{2});
        ::kill(static_cast<pid_t>(children[1]), SIGKILL);
        QVERIFY(process.waitForFinished(120'000));
        QCOMPARE(process.exitCode(), 0);
        const QByteArray said = process.readAllStandardOutput();
        QCOMPARE(said.count("\"finish_reason\":\"length\""), qsizetype{5});
        QCOMPARE(said.count("\"error\""), qsizetype{0});
    }

    void endsWithWhatItHasWhenItIsStopped()
    {
        QProcess process;
        process.start(VITRINE_CLI, {"replay", "--requests", "-", "--replicas", "2", "--threads", "2",
                                    "--kv-blocks", "1000"});
        process.write(load(1, 10, 2) + load(1, 12, 6000).replace("r0", "long"));
        process.closeWriteChannel();
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(process.bytesAvailable() > 20, 120'000); // the short one has ended
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
        QVERIFY(process.readAllStandardOutput().contains("cancelled"));
    }
};

QTEST_GUILESS_MAIN(CliReplicasTest)
#include "cli_replicas_test.moc"
