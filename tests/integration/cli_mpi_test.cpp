// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli under mpirun: the ranks that it starts compute what one process computes.
#include <QtTest>

#include <cmath>

#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;

namespace {

const QString kTiny = QStringLiteral(VITRINE_TEST_DATA "/families/llama/model.gguf");

CliOutcome run(const QString& launcher, const QStringList& words, const QByteArray& input)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("OMPI_ALLOW_RUN_AS_ROOT", "1"); // as tests in containers do
    environment.insert("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    process.setProcessEnvironment(environment);
    process.start(launcher, words + QStringList{"--mpi", "--threads", "1"});
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(300'000) || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

CliOutcome runUnderMpi(int ranks, const QStringList& words, const QByteArray& input = {})
{
    return run(
        "mpirun",
        QStringList{"-n", QString::number(ranks), "--oversubscribe", "--bind-to", "none", VITRINE_CLI} +
            words,
        input);
}

QJsonArray someIds()
{
    QJsonArray ids;
    for (int i = 0; i < 40; ++i)
        ids.append(5 + i * 7 % 300);
    return ids;
}

bool isNear(const CliOutcome& a, const CliOutcome& b)
{
    const QJsonArray x = a.json()["next_logprob"].toArray(), y = b.json()["next_logprob"].toArray();
    if (x.isEmpty() || x.size() != y.size())
        return false;
    for (qsizetype i = 0; i < x.size(); ++i)
        if (!(std::abs(x[i].toDouble() - y[i].toDouble()) < 2e-3))
            return false;
    return true;
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
        const QByteArray ids = jsonLine(someIds());
        const QStringList words{"score", "--tokens", "-", "--precise", "-m", kTiny};
        const CliOutcome alone = runCli(words, ids), shared = runUnderMpi(ranks, words, ids);
        QVERIFY2(alone.code == 0, alone.err);
        QVERIFY2(shared.code == 0, shared.err);
        QVERIFY(isNear(alone, shared));
    }

    /// Over TCP, as between machines.
    void scoresAcrossTwoNetworks()
    {
        const QByteArray ids = jsonLine(someIds());
        const QStringList words{"score", "--tokens", "-", "--precise", "-m", kTiny};
        const CliOutcome alone = runCli(words, ids);
        const CliOutcome apart =
            run(VITRINE_TEST_TOOLS "/two_networks.sh", QStringList{"4", VITRINE_CLI} + words, ids);
        constexpr int kNoRights = 77;
        if (apart.code == kNoRights)
            QSKIP(apart.err.trimmed().constData());
        QVERIFY2(apart.code == 0, apart.err);
        QVERIFY(isNear(alone, apart));
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
