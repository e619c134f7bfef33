// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli with several ranks, each a process: what one computes, and what a user sees of a rank that is
// killed.
#include <QtTest>

#include <cmath>
#include <csignal>

#include <unistd.h>

#include "tests/integration/support/child_processes.h"
#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;

namespace {

const QString kTiny = QStringLiteral(VITRINE_TEST_DATA "/families/llama/model.gguf");

} // namespace

class CliRanksTest : public QObject
{
    Q_OBJECT

private slots:
    void scoresWhatOneProcessScores_data()
    {
        QTest::addColumn<QString>("ranks");
        for (const char* ranks : {"2", "3", "4"})
            QTest::newRow(ranks) << ranks;
    }
    void scoresWhatOneProcessScores()
    {
        QFETCH(QString, ranks);
        const QByteArray ids = jsonLine(madeUpIds(40, 1));
        const QStringList words{"score", "--tokens", "-", "--precise"};
        const CliOutcome alone = runCli(words, ids),
                         shared = runCli(words + QStringList{"--ranks", ranks}, ids);
        QVERIFY2(alone.code == 0 && shared.code == 0, shared.err);
        const QJsonArray expected = alone.json()["next_logprob"].toArray();
        const QJsonArray found = shared.json()["next_logprob"].toArray();
        QCOMPARE(found.size(), expected.size());
        for (qsizetype i = 0; i < found.size(); ++i)
            QVERIFY(std::abs(found[i].toDouble() - expected[i].toDouble()) < 2e-3);
    }

    void writesTheSameReplyEveryTime()
    {
        const QStringList words{"generate", "-p", "The three primary colours are",
                                "-n",       "24", "--deterministic",
                                "--ranks",  "2",  "--json"};
        const CliOutcome first = runCli(words), second = runCli(words);
        QVERIFY2(first.code == 0 && second.code == 0, first.err);
        QCOMPARE(first.json()["tokens"], second.json()["tokens"]);
        QCOMPARE(first.json()["tokens"].toArray().size(), qsizetype{24});
    }

    void aLoadWithFewBlocksEndsWell()
    {
        const CliOutcome outcome = runCli({"bench", "-m", kTiny, "--ranks", "2", "--batch", "1,4",
                                           "--context", "32", "--decode", "8", "--repeat", "1", "--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
    }

    void saysWhatRanksSpendTheirTimeOn()
    {
        const QStringList words{"bench", "-m",       kTiny, "--ranks",  "2", "--prefill",
                                "200",   "--decode", "4",   "--repeat", "1", "--breakdown"};
        const CliOutcome outcome = runCli(words + QStringList{"--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
        for (const QJsonValue& result : outcome.json()["results"].toArray()) {
            const QJsonArray ranks = result["ranks"].toArray();
            QVERIFY(!ranks.isEmpty());
            for (const QJsonValue& rank : ranks) {
                QVERIFY(rank["compute_us_per_step"].toDouble() > 0 && rank["sum_us_per_step"].toDouble() > 0);
                QVERIFY(rank["bytes_per_step"].toDouble() > 0);
                QVERIFY(rank["hidden_share"].toDouble() >= 0 && rank["hidden_share"].toDouble() <= 1);
            }
        }
        const CliOutcome table = runCli(words);
        QVERIFY2(table.out.contains("rank 0 "), table.out);
        QVERIFY(!runCli({"bench", "-m", kTiny, "--decode", "2", "--repeat", "1", "--breakdown"})
                     .out.contains("rank 0 ")); // nothing is shared
    }

    void aModelInMemoryIsSharedToo()
    {
        const CliOutcome outcome = runCli(
            {"bench", "--synthetic", "tiny", "--ranks", "2", "--prefill", "8", "--decode", "8", "--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
    }

    /// A terminal sends it to all of them.
    void ctrlCStopsTheReplyAsWithOneProcess()
    {
        QProcess process;
        process.setChildProcessModifier([] { ::setpgid(0, 0); });
        process.start(VITRINE_CLI, {"generate", "-p", "Count:", "-n", "7000", "--kv-blocks", "1000",
                                    "--ranks", "2", "--threads", "2"});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(process.bytesAvailable() > 20, 120'000);
        ::kill(-static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
    }

    void moreRanksThanTheModelHasHeadsAreRefused()
    {
        const CliOutcome outcome = runCli({"generate", "-m", kTiny, "-p", "x", "-n", "1", "--ranks", "64"});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("cannot be shared by 64 ranks"), outcome.err);
    }

    void automaticRanksReplyAsTheNumberThatComputesDoes()
    {
        const QStringList words{"generate", "-p", "The three primary colours are", "-n", "24", "--json"};
        const auto tokens = [&](const QString& ranks) {
            const CliOutcome outcome =
                runCli(words + QStringList{"--deterministic", "--threads", "2", "--ranks", ranks});
            return outcome.code == 0 ? outcome.json()["tokens"].toArray() : QJsonArray();
        };
        const QJsonArray reply = tokens("auto");
        QCOMPARE(reply.size(), qsizetype{24});
        QVERIFY(reply == tokens("1") || reply == tokens("2")); // as this machine was measured
    }

    void aLoadWithAutomaticRanksSaysWhatWasChanged()
    {
        const QTemporaryDir folder;
        QByteArray load;
        for (int i = 0; i < 6; ++i)
            load += "{\"id\": " + QByteArray::number(i) + ", \"arrival_s\": 0, \"tokens\": [5, 17, " +
                    QByteArray::number(30 + i) + ", 8, 99], \"max_tokens\": 24}\n";
        const QString summary = folder.filePath("summary.json");
        const CliOutcome outcome =
            runCli({"replay", "-m", kTiny, "--requests", "-", "--ranks", "auto", "--summary", summary}, load);
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(outcome.out.count('\n'), qsizetype{6});
        QFile file(summary);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject totals = QJsonDocument::fromJson(file.readAll()).object();
        QVERIFY(totals["rank_changes"].isArray());
        QCOMPARE(totals["errors"].toInt(), 0);
    }

    void automaticRanksAreRefusedWhereTheyFollowNothing_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("said");
        const QStringList reply{"generate", "-p", "x", "-n", "1"};
        QTest::newRow("stages") << reply + QStringList{"--stages", "2"} << "--ranks auto with --stages";
        QTest::newRow("gpu") << reply + QStringList{"--gpu", "0"} << "--ranks auto with --gpu";
        QTest::newRow("bench") << QStringList{"bench", "--prefill", "8"} << "--ranks auto follows the load";
        QTest::newRow("score") << QStringList{"score", "--tokens", "-"} << "--ranks takes a whole number";
    }
    void automaticRanksAreRefusedWhereTheyFollowNothing()
    {
        QFETCH(QStringList, words);
        QFETCH(QString, said);
        const CliOutcome outcome = runCli(words + QStringList{"-m", kTiny, "--ranks", "auto"}, "[1]");
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains(said.toUtf8()), outcome.err);
    }

    void thePlanOfAModelIsShown()
    {
        const CliOutcome outcome = runCli({"inspect", "-m", kTiny, "--plan", "--threads", "4", "--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
        const QJsonObject plan = outcome.json()["plan"].toObject();
        const QJsonArray costs = plan["costs"].toArray();
        QVERIFY(costs.size() >= 3); // one process, ranks and stages
        for (const auto& cost : costs)
            QVERIFY(cost.toObject()["decode_1_ms"].toDouble() > 0.0);
        QCOMPARE(costs[0].toObject()["relative"].toDouble(), 1.0);
        QVERIFY(plan["chosen"].toObject()["ranks"].toInt() >= 1);
        const CliOutcome text = runCli({"inspect", "-m", kTiny, "--plan"});
        QVERIFY2(text.code == 0 && text.out.contains("chosen: "), text.out);
        QCOMPARE(runCli({"inspect", "-m", kTiny, "--threads", "2"}).code, 2); // of a plan alone
    }

    void aRankThatIsKilledIsReplacedAndTheReplyGoesOn()
    {
        const QStringList words{"generate", "-p",      "Count:", "-n",        "700", "--kv-blocks",
                                "100",      "--ranks", "3",      "--threads", "3",   "--deterministic"};
        const CliOutcome quiet = runCli(words);
        QVERIFY2(quiet.code == 0, quiet.err);
        QProcess process;
        process.start(VITRINE_CLI, words);
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(process.bytesAvailable() > 20, 120'000); // it answers
        const QList<qint64> children = childrenOf(process.processId());
        QCOMPARE(children.size(), qsizetype{2});
        ::kill(static_cast<pid_t>(children[1]), SIGKILL);
        QVERIFY(process.waitForFinished(120'000));
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(process.exitCode() == 0, said);
        QCOMPARE(process.readAllStandardOutput(), quiet.out);
        QVERIFY2(said.contains("rank 2 was killed by signal 9; it was replaced"), said);
        QVERIFY(!lives(children[0]) && !lives(children[1]));
    }

    void workersEndWithTheProcessThatStartedThem()
    {
        QProcess process;
        process.start(VITRINE_CLI, {"generate", "-p", "Count:", "-n", "7000", "--kv-blocks", "1000",
                                    "--ranks", "2", "--threads", "2"});
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(process.bytesAvailable() > 20, 120'000);
        const QList<qint64> children = childrenOf(process.processId());
        QCOMPARE(children.size(), qsizetype{1});
        process.kill();
        QVERIFY(process.waitForFinished(60'000));
        QTRY_VERIFY_WITH_TIMEOUT(!lives(children[0]), 20'000);
    }
};

QTEST_GUILESS_MAIN(CliRanksTest)
#include "cli_ranks_test.moc"
