// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli bench with random weights: no model file is needed.
#include <QTest>

#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;

class CliSyntheticTest : public QObject
{
    Q_OBJECT

private slots:
    void benchmarksAWorkloadWithoutAModel_data()
    {
        QTest::addColumn<QString>("weights");
        for (const char* weights : {"bf16", "q8_0", "q4_k"})
            QTest::newRow(weights) << weights;
    }
    void benchmarksAWorkloadWithoutAModel()
    {
        QFETCH(QString, weights);
        const CliOutcome outcome =
            runCli({"bench", "--synthetic", "tiny", "--weights", weights, "--seed", "7", "--workload", "nano",
                    "--sequences", "2", "--repeat", "1", "--kv-blocks", "300", "--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
        const QJsonObject report = outcome.json(), made = report["synthetic"].toObject();
        QCOMPARE(made["shape"].toString(), "tiny");
        QCOMPARE(made["weights"].toString(), weights);
        QCOMPARE(made["seed"].toInt(), 7);
        QCOMPARE(report["results"].toArray().size(), 1);
        const QJsonObject entry = report["results"].toArray()[0].toObject();
        const QJsonObject run = entry["last_run"].toObject();
        QCOMPARE(run["requests"].toInt(), 2);
        QCOMPARE(run["errors"].toInt(), 0);
        QVERIFY(entry["tokens"].toInt() >= 200); // no reply ends before the length it was given
        QVERIFY(run["steps"].toInt() >= 100);
        QVERIFY(entry["tokens_per_s"].toDouble() > 0.0);
        QVERIFY(run["ttft_s"]["p50"].toDouble() > 0.0);
        QVERIFY(run["itl_s"]["p50"].toDouble() > 0.0);
        QVERIFY(!entry["device"].toString().isEmpty());
    }

    void tellsTheSeedAndTheLatencies()
    {
        const CliOutcome outcome = runCli({"bench", "--synthetic", "tiny", "--trace", "nano", "--sequences",
                                           "1", "--repeat", "1", "--kv-blocks", "200"});
        QVERIFY2(outcome.code == 0, outcome.err);
        for (const char* part :
             {"random weights of tiny, bf16, seed 1", "first token", "between tokens", "steps"})
            QVERIFY2(outcome.out.contains(part), outcome.out);
    }

    void measuresStepsWithoutAModel()
    {
        const CliOutcome outcome = runCli({"bench", "--synthetic", "tiny", "--weights", "q4_k", "--prefill",
                                           "8", "--decode", "2", "--repeat", "1", "--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(outcome.json()["results"].toArray().size(), 2);
    }

    void refusesWhatMakesNoSense_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("shape") << QStringList{"--synthetic", "colossus"} << QByteArray("qwen3-0.6b");
        QTest::newRow("model") << QStringList{"--synthetic", "tiny", "-m", "x.gguf"} << QByteArray("--model");
        QTest::newRow("weights") << QStringList{"--weights", "q8_0"} << QByteArray("--synthetic");
        QTest::newRow("format") << QStringList{"--synthetic", "tiny", "--weights", "q3"}
                                << QByteArray("q4_k");
        QTest::newRow("sequences") << QStringList{"--sequences", "4"} << QByteArray("--trace nano");
    }
    void refusesWhatMakesNoSense()
    {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, said);
        const CliOutcome outcome = runCli(QStringList{"bench"} + words);
        QCOMPARE(outcome.code, 2);
        QVERIFY(outcome.out.isEmpty());
        QVERIFY2(outcome.err.contains(said), outcome.err);
    }
};

QTEST_GUILESS_MAIN(CliSyntheticTest)
#include "cli_synthetic_test.moc"
