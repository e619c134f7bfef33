// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli under mpirun: the ranks that it starts compute what one process computes.
#include <QtTest>

#include <cmath>

#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;

namespace {

const QString kTiny = QStringLiteral(VITRINE_TEST_DATA "/families/llama/model.gguf");

CliOutcome runUnderMpi(int ranks, const QStringList& words, const QByteArray& input = {})
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("OMPI_ALLOW_RUN_AS_ROOT", "1"); // as tests in containers do
    environment.insert("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    process.setProcessEnvironment(environment);
    process.start("mpirun", QStringList{"-n", QString::number(ranks), "--oversubscribe", "--bind-to", "none",
                                        VITRINE_CLI} +
                                words + QStringList{"--mpi", "--threads", "1"});
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(300'000) || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

class CliMpiTest : public QObject
{
    Q_OBJECT

private slots:
    void scoresWhatOneProcessScores_data()
    {
        QTest::addColumn<int>("ranks");
        QTest::newRow("2") << 2;
        QTest::newRow("4") << 4;
    }
    void scoresWhatOneProcessScores()
    {
        QFETCH(int, ranks);
        const QByteArray ids = jsonLine(madeUpIds(40, 1));
        const QStringList words{"score", "--tokens", "-", "--precise", "-m", kTiny};
        const CliOutcome alone = runCli(words, ids), shared = runUnderMpi(ranks, words, ids);
        QVERIFY2(alone.code == 0, alone.err);
        QVERIFY2(shared.code == 0, shared.err);
        const QJsonArray expected = alone.json()["next_logprob"].toArray();
        const QJsonArray found = shared.json()["next_logprob"].toArray();
        QVERIFY(!expected.isEmpty());
        QCOMPARE(found.size(), expected.size());
        for (qsizetype i = 0; i < found.size(); ++i)
            QVERIFY(std::abs(found[i].toDouble() - expected[i].toDouble()) < 2e-3);
    }

    void generatesTheSameAsRanksOfOneMachine()
    {
        const QStringList words{"generate",        "-m",    kTiny, "-p", "abc", "-n", "24",
                                "--deterministic", "--json"};
        const CliOutcome here = runCli(words + QStringList{"--ranks", "2", "--threads", "2"});
        const CliOutcome there = runUnderMpi(2, words);
        QVERIFY2(here.code == 0, here.err);
        QVERIFY2(there.code == 0, there.err);
        QCOMPARE(there.json()["tokens"], here.json()["tokens"]);
    }

    void aModelThatCannotBeSharedIsRefusedByAll()
    {
        const CliOutcome outcome = runUnderMpi(2, {"generate", "-m", "/nowhere.gguf", "-p", "x"});
        QVERIFY(outcome.code > 0);
        QVERIFY2(outcome.err.contains("/nowhere.gguf"), outcome.err);
    }

    void theNumberOfRanksIsTheLaunchers()
    {
        const CliOutcome outcome = runCli({"generate", "-p", "x", "--mpi", "--ranks", "2"});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("mpirun -n N"), outcome.err);
    }
};

QTEST_GUILESS_MAIN(CliMpiTest)
#include "cli_mpi_test.moc"
