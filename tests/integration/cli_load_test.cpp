// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli under load: replay, make-trace, bench.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;

namespace {

/// Pairs of requests share all but the last token of their prompts.
QByteArray load(int requests, int promptTokens, int maxTokens)
{
    QByteArray lines;
    for (int i = 0; i < requests; ++i) {
        QJsonArray tokens = madeUpIds(promptTokens, i / 2);
        tokens.append(2000 + i);
        lines += jsonLine(QJsonObject{{"id", QString("r%1").arg(i)},
                                      {"tokens", tokens},
                                      {"max_tokens", maxTokens},
                                      {"ignore_eos", true}});
    }
    return lines;
}

/// The generated tokens by id of a replay's output.
QMap<QString, QJsonArray> repliesOf(const CliOutcome& outcome)
{
    QMap<QString, QJsonArray> replies;
    for (const QByteArray& line : outcome.lines()) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        replies[object["id"].toString()] = object["tokens"].toArray();
    }
    return replies;
}

} // namespace

class CliLoadTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (runCli({"tokenize"}, "\"x\"\n").code != 0)
            QFAIL("the default model is missing: ./installer/test brings it");
    }

    void replaysTheSameWhateverTheEngineDoes()
    {
        const QByteArray lines = load(6, 40, 16);
        const QStringList words{"replay", "--requests", "-", "--deterministic"};
        const CliOutcome wanted =
            runCli(words + QStringList{"--kv-blocks", "400", "--no-prefix-cache"}, lines);
        QCOMPARE(wanted.code, 0);
        QCOMPARE(repliesOf(wanted).size(), 6);
        for (const QJsonArray& tokens : repliesOf(wanted))
            QCOMPARE(tokens.size(), 16);
        for (const QStringList& other :
             {QStringList{"--kv-blocks", "400"}, QStringList{"--kv-blocks", "10", "--watermark", "0"},
              QStringList{"--block-size", "7", "--token-budget", "19"}, QStringList{"--max-running", "1"}}) {
            const CliOutcome outcome = runCli(words + other, lines);
            QCOMPARE(outcome.code, 0);
            QCOMPARE(repliesOf(outcome), repliesOf(wanted));
        }
    }

    void goesOnAfterALineThatNeverFits()
    {
        const QTemporaryDir folder;
        const QString summary = folder.filePath("summary.json");
        const QByteArray huge =
            jsonLine(QJsonObject{{"id", 17}, {"tokens", madeUpIds(5000, 0)}, {"max_tokens", 4}});
        const CliOutcome outcome =
            runCli({"replay", "--requests", "-", "--kv-blocks", "64", "--summary", summary},
                   huge + load(2, 20, 4) + "{\"id\":\"bad\",\"tokens\":[999999]}\n");
        QCOMPARE(outcome.code, 0);
        QMap<QString, QString> reasons;
        for (const QByteArray& line : outcome.lines()) {
            const QJsonObject object = parsedLine(line).toObject();
            reasons[object["id"].toVariant().toString()] = object["finish_reason"].toString();
            for (const char* key : {"tokens", "queue_s", "ttft_s", "e2e_s", "cached_tokens", "preemptions"})
                QVERIFY(object.contains(key));
        }
        QCOMPARE(reasons, (QMap<QString, QString>{
                              {"17", "error"}, {"bad", "error"}, {"r0", "length"}, {"r1", "length"}}));
        QFile file(summary);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject totals = QJsonDocument::fromJson(file.readAll()).object();
        QCOMPARE(totals["requests"].toInt(), 4);
        QCOMPARE(totals["errors"].toInt(), 2);
        QCOMPARE(totals["generated_tokens"].toInt(), 8);
        QCOMPARE(totals["computed_tokens"].toInt() + totals["cached_tokens"].toInt(), 42 + 6);
        QCOMPARE(totals["total_blocks"].toInt(), 64);
        QVERIFY(totals["peak_blocks"].toInt() >= 2);
        QVERIFY(totals["ttft_s"]["p99"].toDouble() >= totals["ttft_s"]["p50"].toDouble());
        QVERIFY(totals["output_tokens_per_s"].toDouble() > 0.0);
    }

    void finishesInOrderOfFinishingAndHonoursArrival()
    {
        const QByteArray lines =
            jsonLine(QJsonObject{{"id", "late"}, {"prompt", "Hi"}, {"max_tokens", 1}, {"arrival_s", 0.5}}) +
            jsonLine(QJsonObject{
                {"id", "long"}, {"tokens", madeUpIds(8, 1)}, {"max_tokens", 6}, {"ignore_eos", true}}) +
            jsonLine(QJsonObject{
                {"id", "short"}, {"tokens", madeUpIds(8, 2)}, {"max_tokens", 2}, {"ignore_eos", true}});
        const CliOutcome outcome = runCli({"replay", "--requests", "-"}, lines);
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.lines().size(), 3);
        const auto id = [&](int line) { return parsedLine(outcome.lines()[line])["id"].toString(); };
        QVERIFY(outcome.out.indexOf("\"short\"") < outcome.out.indexOf("\"long\""));
        QVERIFY(id(0) == "short" || id(0) == "late");
        for (const QByteArray& line : outcome.lines())
            QVERIFY(parsedLine(line)["queue_s"].toDouble() >= 0.0);
    }

    void writesStepsAndRequestsAsTables()
    {
        const QTemporaryDir folder;
        const CliOutcome outcome = runCli(
            {"replay", "--requests", "-", "--kv-blocks", "64", "--trace-out", folder.filePath("run.csv")},
            load(3, 20, 4));
        QCOMPARE(outcome.code, 0);
        const auto table = [&](const char* name) {
            QFile file(folder.filePath(name));
            QList<QList<QByteArray>> rows;
            if (file.open(QIODevice::ReadOnly))
                for (const QByteArray& line : file.readAll().split('\n'))
                    if (!line.isEmpty())
                        rows.append(line.split(','));
            return rows;
        };
        const auto steps = table("run.csv"), requests = table("run.requests.csv");
        QCOMPARE(requests.size(), 1 + 3);
        QVERIFY(steps.size() >= 1 + 4);
        for (const auto& rows : {steps, requests})
            for (const QList<QByteArray>& row : rows)
                QCOMPARE(row.size(), rows.first().size());
        const qsizetype decodes = steps.first().indexOf("decode_tokens");
        int decoded = 0;
        for (const QList<QByteArray>& row : steps.mid(1))
            decoded += row[decodes].toInt();
        QCOMPARE(decoded, 3 * 3); // the first token of each comes with its prompt
        QCOMPARE(runCli({"replay", "--requests", "-", "--trace-out", "/nowhere/a.csv"}, load(1, 5, 1)).code,
                 4);
        QCOMPARE(runCli({"replay", "--requests", "-", "--trace-out", "a.txt"}, load(1, 5, 1)).code, 2);
    }

    void recordsAndConvertsTheRecording()
    {
        const QTemporaryDir folder;
        const QString recording = folder.filePath("run.vtrace");
        QCOMPARE(runCli({"replay", "--requests", "-", "--kv-blocks", "64", "--trace-out", recording},
                        load(3, 20, 4))
                     .code,
                 0);
        QCOMPARE(runCli({"convert", recording, folder.filePath("run.json")}).code, 0);
        QCOMPARE(runCli({"convert", recording, folder.filePath("run.csv")}).code, 0);
        QCOMPARE(runCli({"convert", recording, folder.filePath("run.html")}).code, 0);
        QVERIFY(QFileInfo(folder.filePath("run.html")).size() > 4000);
        QFile json(folder.filePath("run.json"));
        QVERIFY(json.open(QIODevice::ReadOnly));
        const QJsonObject chrome = QJsonDocument::fromJson(json.readAll()).object();
        QVERIFY(chrome["traceEvents"].toArray().size() > 20);
        QCOMPARE(chrome["otherData"]["complete"], QJsonValue(true));
        QFile requests(folder.filePath("run.requests.csv"));
        QVERIFY(requests.open(QIODevice::ReadOnly));
        const QList<QByteArray> rows = requests.readAll().trimmed().split('\n');
        QCOMPARE(rows.size(), 1 + 3);
        for (const QByteArray& row : rows.mid(1))
            QCOMPARE(row.split(',').value(5), QByteArray("4")); // tokens
        QCOMPARE(runCli({"convert", folder.filePath("run.json"), folder.filePath("b.csv")}).code, 3);
        QCOMPARE(runCli({"convert", recording, "/nowhere/a.json"}).code, 4);
    }

    void checksItsLines_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("code");
        QTest::newRow("no json") << QByteArray("{") << 3;
        QTest::newRow("no prompt") << QByteArray("{\"id\":1}") << 3;
        QTest::newRow("both prompts") << QByteArray("{\"prompt\":\"a\",\"tokens\":[1]}") << 3;
        QTest::newRow("tokens") << QByteArray("{\"tokens\":[\"a\"]}") << 3;
        QTest::newRow("arrival") << QByteArray("{\"prompt\":\"a\",\"arrival_s\":-1}") << 3;
        QTest::newRow("max_tokens") << QByteArray("{\"prompt\":\"a\",\"max_tokens\":0}") << 3;
        QTest::newRow("temperature") << QByteArray("{\"prompt\":\"a\",\"temperature\":\"hot\"}") << 3;
        QTest::newRow("n") << QByteArray("{\"prompt\":\"a\",\"n\":0}") << 3;
        QTest::newRow("too many samples") << QByteArray("{\"prompt\":\"a\",\"n\":257}") << 3;
    }
    void checksItsLines()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, code);
        const CliOutcome outcome =
            runCli({"replay", "--requests", "-"}, "{\"prompt\":\"fine\"}\n" + line + "\n");
        QCOMPARE(outcome.code, code);
        QVERIFY2(outcome.err.contains("line 2"), outcome.err);
        QVERIFY(outcome.out.isEmpty());
    }

    void inventsTheSameLoadAgain_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"chat", "nano", "burst", "long-prompts", "branches", "mixed"})
            QTest::newRow(kind) << kind;
    }
    void inventsTheSameLoadAgain()
    {
        QFETCH(QString, kind);
        const auto trace = [&](const char* seed) {
            return runCli({"make-trace", kind, "--count", "20", "--seed", seed});
        };
        const CliOutcome first = trace("3");
        QCOMPARE(first.code, 0);
        QCOMPARE(first.lines().size(), 20);
        QCOMPARE(trace("3").out, first.out);
        QVERIFY(trace("4").out != first.out);
        double last = 0.0;
        for (const QByteArray& line : first.lines()) {
            const QJsonObject object = parsedLine(line).toObject();
            QVERIFY(object.contains("prompt") != object.contains("tokens"));
            QVERIFY(object["arrival_s"].toDouble() >= last);
            last = object["arrival_s"].toDouble();
            QVERIFY(object["max_tokens"].toInt() >= 1);
        }
    }

    void keepsTheLengthsOfANanoTrace()
    {
        QCOMPARE(runCli({"make-trace", "nano"}).lines().size(), 256);
        const CliOutcome outcome =
            runCli({"make-trace", "nano", "--min-tokens", "5", "--max-tokens", "9", "--count", "100"});
        QSet<int> lengths;
        for (const QByteArray& line : outcome.lines()) {
            const QJsonObject object = parsedLine(line).toObject();
            lengths << static_cast<int>(object["tokens"].toArray().size()) << object["max_tokens"].toInt();
        }
        QCOMPARE(lengths, (QSet<int>{5, 6, 7, 8, 9}));
    }

    void benchmarksAsThePeerComparisonReads()
    {
        const CliOutcome outcome = runCli({"bench", "--prefill", "32", "--decode", "4", "--batch", "2,3",
                                           "--repeat", "2", "--threads", "1", "--json"});
        QCOMPARE(outcome.code, 0);
        const QJsonArray results = outcome.json()["results"].toArray();
        QCOMPARE(results.size(), 4);
        QCOMPARE(results[0]["name"].toString(), "prefill");
        QCOMPARE(results[0]["tokens"].toInt(), 32);
        QCOMPARE(results[1]["name"].toString(), "decode");
        QCOMPARE(results[1]["tokens"].toInt(), 4);
        QCOMPARE(results[3]["name"].toString(), "batch_decode");
        QCOMPARE(results[3]["sequences"].toInt(), 3);
        for (const QJsonValue& result : results) {
            QVERIFY(result["tokens_per_s"].toDouble() > 0.0);
            QVERIFY(result["share_of_limit"].toDouble() > 0.0);
            QCOMPARE(result["runs"].toArray().size(), 2);
        }
    }

    void saysWhereTheTimeGoes()
    {
        const CliOutcome outcome = runCli({"bench", "--prefill", "16", "--decode", "3", "--repeat", "1",
                                           "--threads", "2", "--breakdown", "--json"});
        QCOMPARE(outcome.code, 0);
        const QJsonArray results = outcome.json()["results"].toArray();
        QCOMPARE(results.size(), 2);
        for (const QJsonValue& result : results) {
            double shares = 0.0;
            for (const QJsonValue& operation : result["operations"].toArray())
                shares += operation["share"].toDouble();
            QVERIFY(std::abs(shares - 1.0) < 0.01);
            QCOMPARE(result["steps"].toInt(), result["name"].toString() == "decode" ? 3 : 1);
        }
        const CliOutcome table = runCli({"bench", "--decode", "2", "--repeat", "1", "--breakdown"});
        QCOMPARE(table.code, 0);
        for (const char* name : {"qkv", "attention", "gate_up", "down", "head", "waiting"})
            QVERIFY2(table.out.contains(name), table.out);
        QCOMPARE(runCli({"bench", "--breakdown", "--trace", "nano"}).code, 2);
    }

    void benchmarksPromptsShorterThanItsWarmUp()
    {
        for (const char* length : {"1", "16", "17"}) {
            const CliOutcome outcome =
                runCli({"bench", "--prefill", length, "--repeat", "1", "--threads", "1", "--json"});
            QCOMPARE(outcome.code, 0);
            QCOMPARE(outcome.json()["results"].toArray().size(), 1);
        }
    }

    void refusesToBenchmarkATraceOfWhichNothingRuns()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("load.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"tokens\":[999999]}\n");
        file.close();
        const CliOutcome outcome = runCli({"bench", "--trace", file.fileName(), "--json"});
        QCOMPARE(outcome.code, 3);
        QVERIFY(outcome.out.isEmpty());
        QVERIFY(!outcome.err.isEmpty());
    }

    void refusesToBenchmarkBeyondTheContext()
    {
        for (const char* flag : {"--prefill", "--decode"}) {
            const CliOutcome outcome = runCli({"bench", flag, "1000000", "--json"});
            QCOMPARE(outcome.code, 4);
            QVERIFY(outcome.out.isEmpty());
            QVERIFY(outcome.err.contains("context"));
        }
    }

    void refusesARequestWithoutItsPrompt_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char* line : {R"({"prompt":null})", R"({"tokens":null})", R"({"tokens":{}})",
                                 R"({"tokens":7})", R"({"prompt":7})", R"({"id":1})"})
            QTest::newRow(line) << QByteArray(line);
    }
    void refusesARequestWithoutItsPrompt()
    {
        QFETCH(QByteArray, line);
        const CliOutcome outcome = runCli({"replay", "--requests", "-"}, line + "\n");
        QCOMPARE(outcome.code, 3);
        QVERIFY(outcome.out.isEmpty());
        QVERIFY(outcome.err.contains("stdin, line 1"));
    }

    void refusesASummaryItCannotWriteBeforeTheRun()
    {
        const CliOutcome outcome =
            runCli({"replay", "--requests", "-", "--summary", "/nowhere/summary.json"}, load(1, 5, 1));
        QCOMPARE(outcome.code, 4);
        QVERIFY(outcome.out.isEmpty());
    }

    void takesSeedsOfAllSixtyFourBits()
    {
        const QStringList words{"make-trace", "chat", "--count", "1", "--seed"};
        QCOMPARE(runCli(words + QStringList{"18446744073709551615"}).code, 0);
        const CliOutcome beyond = runCli(words + QStringList{"18446744073709551616"});
        QCOMPARE(beyond.code, 2);
        QVERIFY(beyond.err.contains("18446744073709551615"));
    }

    void benchmarksATraceAndASharedPrefix()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("load.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(load(3, 20, 4));
        file.close();
        const CliOutcome outcome = runCli({"bench", "--trace", file.fileName(), "--batch", "2",
                                           "--shared-prefix", "--repeat", "1", "--json"});
        QCOMPARE(outcome.code, 0);
        const QJsonArray results = outcome.json()["results"].toArray();
        QCOMPARE(results.size(), 2);
        QVERIFY(results[0]["shared_prefix"].toBool());
        QCOMPARE(results[1]["name"].toString(), "trace");
        QCOMPARE(results[1]["tokens"].toInt(), 12);
    }
};

QTEST_GUILESS_MAIN(CliLoadTest)
#include "cli_load_test.moc"
