// SPDX-License-Identifier: GPL-3.0-or-later
// Drives the built vitrine-cli: exit codes, what goes to stdout, and that nothing is accepted and ignored.
#include <cmath>
#include <csignal>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;

class CliTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (runCli({"tokenize"}, "\"x\"\n").code != 0)
            QFAIL("the default model is missing: ./installer/test brings it");
    }

    void refusesWrongUsage_data()
    {
        QTest::addColumn<QString>("words");
        for (const char* words : {"",
                                  "frobnicate",
                                  "generate",
                                  "generate -p x --frobnicate",
                                  "generate -p x --temp warm",
                                  "generate -p x --temp -1",
                                  "generate -p x --top-p 1.5",
                                  "generate -p",
                                  "generate -p x -p y",
                                  "generate -p x --logprobs 3",
                                  "generate -p x --seed -1",
                                  "generate -p x --json=1",
                                  "generate -p x --kv-format f8",
                                  "generate -p x --block-size 0",
                                  "generate -p x --ranks 0",
                                  "generate -p x --ranks 65",
                                  "generate -p x --stages 0",
                                  "generate -p x --stages 64",
                                  "generate -p x --stages 20 --ranks 4",
                                  "worker",
                                  "worker --rank 1 --steps-fd 0 --control-fd 1 --life-fd 2",
                                  "tokenize extra",
                                  "inspect model.gguf",
                                  "inspect --threads 2",
                                  "score",
                                  "bench --batch 8,x",
                                  "bench --batch 8,",
                                  "bench --batch ,8",
                                  "bench --batch=",
                                  "bench --repeat 0",
                                  "bench --shared-prefix --prefill 8",
                                  "bench --context 8 --prefill 8",
                                  "replay",
                                  "make-trace",
                                  "make-trace sonnets",
                                  "make-trace chat --min-tokens 9 --max-tokens 3",
                                  "template --file a -m b"})
            QTest::newRow(words) << words;
    }
    void refusesWrongUsage()
    {
        QFETCH(QString, words);
        const CliOutcome outcome = runCli(words.split(' ', Qt::SkipEmptyParts));
        QCOMPARE(outcome.code, 2);
        QVERIFY(!outcome.err.isEmpty());
        QVERIFY(outcome.out.isEmpty());
    }

    void saysWhatIsNotAvailableYet_data()
    {
        QTest::addColumn<QString>("words");
        for (const char* words : {"serve"})
            QTest::newRow(words) << words;
    }
    void saysWhatIsNotAvailableYet()
    {
        QFETCH(QString, words);
        const CliOutcome outcome = runCli(words.split(' '));
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("not available yet"), outcome.err);
        QVERIFY(outcome.out.isEmpty());
    }

    void documentsEachCommand_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("mentions");
        QTest::newRow("generate") << "generate"
                                  << "--min-p";
        QTest::newRow("tokenize") << "tokenize"
                                  << "--special";
        QTest::newRow("detokenize") << "detokenize"
                                    << "--model";
        QTest::newRow("template") << "template"
                                  << "--file";
        QTest::newRow("score") << "score"
                               << "--precise";
        QTest::newRow("bench") << "bench"
                               << "--shared-prefix";
        QTest::newRow("replay") << "replay"
                                << "--watermark";
        QTest::newRow("make-trace") << "make-trace"
                                    << "long-prompts";
        QTest::newRow("inspect") << "inspect"
                                 << "--tensors";
        QTest::newRow("doctor") << "doctor"
                                << "--json";
    }
    void documentsEachCommand()
    {
        QFETCH(QString, command);
        QFETCH(QString, mentions);
        const CliOutcome outcome = runCli({command, "--help"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.out.contains(mentions.toUtf8()), outcome.out);
    }

    void refusesBadFiles()
    {
        QCOMPARE(runCli({"generate", "-p", "x", "-m", "/nowhere/model.gguf"}).code, 3);
        QCOMPARE(runCli({"tokenize", "-m", VITRINE_CLI}, "\"x\"\n").code, 3); // an ELF file is no model
        QCOMPARE(runCli({"score", "--tokens", "/nowhere/ids.json"}).code, 3);
        QCOMPARE(runCli({"replay", "--requests", "/nowhere/load.jsonl"}).code, 3);
        QCOMPARE(runCli({"template", "--file", "/nowhere/t.jinja"}).code, 3);
        QCOMPARE(runCli({"generate", "-p", "x", "--kv-blocks", "16000000"}).code, 4);
    }

    void tokenizesLineByLine()
    {
        QFile file(VITRINE_TEST_DATA "/tokenizer_smollm2.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonDocument reference = QJsonDocument::fromJson(file.readAll());
        const QJsonArray rows = reference.isArray() ? reference.array() : reference["cases"].toArray();
        QVERIFY(rows.size() > 50);
        QByteArray texts, ids;
        for (const QJsonValue& row : rows) {
            texts += jsonLine(row["text"]);
            ids += jsonLine(row["ids"]);
        }
        const CliOutcome outcome = runCli({"tokenize"}, texts), back = runCli({"detokenize"}, ids);
        QCOMPARE(outcome.code, 0);
        QCOMPARE(back.code, 0);
        QCOMPARE(outcome.lines().size(), rows.size());
        QCOMPARE(back.lines().size(), rows.size());
        for (qsizetype i = 0; i < rows.size(); ++i) {
            QCOMPARE(parsedLine(outcome.lines()[i]).toArray(), rows[i]["ids"].toArray());
            QCOMPARE(parsedLine(back.lines()[i]).toString(), rows[i]["text"].toString());
        }
    }

    void namesTheBadLine()
    {
        const CliOutcome bad = runCli({"tokenize"}, "\"fine\"\n{not json\n\"never reached\"\n");
        QCOMPARE(bad.code, 3);
        QCOMPARE(bad.lines().size(), 1);
        QVERIFY2(bad.err.contains("line 2"), bad.err);
        QVERIFY(runCli({"detokenize"}, "[1]\n[2]\n[49152]\n").err.contains("line 3"));
        QCOMPARE(runCli({"detokenize"}, "[-1]\n").code, 3);
        QCOMPARE(runCli({"detokenize"}, "\"text\"\n").code, 3);
        QCOMPARE(runCli({"tokenize"}, QByteArray(100'000, '[')).code, 3);
        QCOMPARE(runCli({"tokenize"}, "").code, 0);
    }

    void recognisesSpecialTokensWhenAsked()
    {
        const QByteArray input = jsonLine("<|im_end|>");
        QVERIFY(parsedLine(runCli({"tokenize"}, input).out).toArray().size() > 1);
        QCOMPARE(parsedLine(runCli({"tokenize", "--special"}, input).out).toArray().size(), 1);
    }

    void rendersTemplates()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("t.jinja"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{{ extra }}");
        file.close();
        const QByteArray good = R"({"messages":[{"role":"user","content":"Hi"}],"extra":"!"})";
        const CliOutcome outcome =
            runCli({"template", "--file", file.fileName()}, good + "\nnonsense\n[]\n" + good + "\n");
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.lines().size(), 4);
        QCOMPARE(parsedLine(outcome.lines()[0])["text"].toString(), "<user>Hi!");
        QVERIFY(!parsedLine(outcome.lines()[1])["error"].toString().isEmpty());
        QVERIFY(!parsedLine(outcome.lines()[2])["error"].toString().isEmpty());
        QCOMPARE(parsedLine(outcome.lines()[3])["text"].toString(), "<user>Hi!");
        const CliOutcome model = runCli({"template"}, good + "\n");
        QVERIFY2(parsedLine(model.out)["text"].toString().contains("<|im_start|>user\nHi<|im_end|>"),
                 model.out);
    }

    void generatesTextAndJson()
    {
        const QStringList words{"generate", "-p", "The capital of France is", "-n", "12", "--deterministic"};
        const CliOutcome json = runCli(words + QStringList{"--json", "--logprobs", "3"});
        QCOMPARE(json.code, 0);
        const QJsonObject document = json.json();
        QVERIFY2(document["text"].toString().contains("Paris"), json.out);
        const QJsonArray tokens = document["tokens"].toArray();
        QCOMPARE(document["finish_reason"].toString(), tokens.size() == 12 ? "length" : "stop");
        QCOMPARE(document["logprobs"].toArray().size(), tokens.size());
        const QJsonArray best = document["logprobs"][0]["top"].toArray();
        QCOMPARE(best.size(), 3);
        QCOMPARE(best[0][0], tokens[0]); // greedy takes the best
        QVERIFY(best[0][1].toDouble() >= best[1][1].toDouble() && best[0][1].toDouble() <= 0.0);
        QVERIFY(document["timings"]["ttft_s"].toDouble() > 0.0);
        for (const char* part : {"weights", "kv", "workspace"})
            QVERIFY2(document["memory"][QLatin1String(part)].toDouble() > 0.0, part);
        QVERIFY(!document["memory"].toObject().contains("total")); // the machine's own memory
        QCOMPARE(parsedLine(runCli({"detokenize"}, jsonLine(tokens)).out), document["text"]);
        const CliOutcome text = runCli(words);
        QCOMPARE(text.out, document["text"].toString().toUtf8() + "\n");
    }

    void repeatsASeededReply()
    {
        const auto sample = [](const char* seed) {
            return runCli({"generate", "-p", "Once", "-n", "12", "--temp", "1.2", "--top-k", "50", "--min-p",
                           "0.01", "--seed", seed, "--deterministic"});
        };
        QCOMPARE(sample("7").out, sample("7").out);
        QVERIFY(sample("7").out != sample("8").out);
    }

    void answersAChat()
    {
        const CliOutcome outcome =
            runCli({"generate", "--chat", "-p", "What is the capital of Germany?", "-n", "48", "--json"});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.json()["text"].toString().contains("Berlin"), outcome.out);
        QCOMPARE(outcome.json()["finish_reason"].toString(), "stop");
    }

    void refusesWhatCannotFit()
    {
        QCOMPARE(runCli({"generate", "-p", "hello", "-n", "100", "--kv-blocks", "2"}).code, 4);
        QCOMPARE(runCli({"generate", "-p", ""}).code, 2);
        // Without -n the reply takes what there is.
        QCOMPARE(runCli({"generate", "-p", "hello", "--kv-blocks", "2", "--json"}).code, 0);
    }

    void stopsOnCtrlC()
    {
        QProcess process;
        process.start(VITRINE_CLI, {"generate", "-p", "Count: 1, 2, 3,", "-n", "4000"});
        QVERIFY(process.waitForReadyRead(60'000));
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
        QVERIFY(process.readAllStandardOutput().endsWith('\n'));
    }

    void scoresAgainstTheReference()
    {
        QFile file(VITRINE_TEST_DATA "/logits_smollm2.json");
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject row = QJsonDocument::fromJson(file.readAll()).array().at(0).toObject();
        const CliOutcome outcome =
            runCli({"score", "--tokens", "-", "--precise", "--top", "10"}, jsonLine(row["tokens"]));
        QCOMPARE(outcome.code, 0);
        const QJsonObject scores = outcome.json();
        QCOMPARE(scores["tokens"], row["tokens"]);
        const QJsonArray next = row["next_logprob"].toArray();
        QCOMPARE(scores["next_logprob"].toArray().size(), next.size());
        for (qsizetype i = 0; i < next.size(); ++i)
            QVERIFY(std::abs(scores["next_logprob"][i].toDouble() - next[i].toDouble()) < 2e-3);
        const QJsonObject top = row["top"].toObject();
        for (auto it = top.begin(); it != top.end(); ++it) {
            for (qsizetype k = 0; k < it.value().toArray().size(); ++k)
                QVERIFY(std::abs(scores["top"][it.key()][k][1].toDouble() - it.value()[k][1].toDouble()) <
                        2e-3);
        }
        QCOMPARE(scores["top"].toObject().size(), row["tokens"].toArray().size());
        QVERIFY(std::abs(scores["mean_nll"].toDouble() - row["mean_nll"].toDouble()) < 2e-3);
    }

    void scoresEdgeCases()
    {
        const QJsonObject single = runCli({"score", "--tokens", "-", "--top", "2"}, "[5]").json();
        QVERIFY(single["mean_nll"].isNull());
        QCOMPARE(single["next_logprob"].toArray().size(), 0);
        QCOMPARE(single["top"]["0"].toArray().size(), 2);
        for (const char* bad : {"[]", "[49152]", "[-1]", "[1.5]", "{}", "[1", "[\"a\"]", ""})
            QCOMPARE(runCli({"score", "--tokens", "-"}, bad).code, 3);
        QCOMPARE(runCli({"score", "--tokens", "-"}, jsonLine(madeUpIds(9000, 0))).code, 3);
        QCOMPARE(runCli({"score", "--tokens", "-", "--kv-blocks", "1"}, jsonLine(madeUpIds(40, 0))).code, 4);
        QCOMPARE(runCli({"score", "--tokens", "-", "--precise", "--kv-format", "bf16"}, "[5]").code, 2);
    }

    void examinesTheMachine()
    {
        const CliOutcome outcome = runCli({"doctor", "--json"});
        QCOMPARE(outcome.code, 0);
        const QJsonObject report = outcome.json();
        QVERIFY(report["passed"].toBool());
        QVERIFY(report["cpu"]["instruction_sets"]["scalar"].toBool());
        QVERIFY(report["memory"]["available_bytes"].toDouble() > 0.0);
        QVERIFY(report["models"].toArray().size() >= 1);
        for (const QJsonValue& row : report["self_test"].toArray())
            QVERIFY(row["passed"].toBool());
        const QJsonObject gpu = report["gpu"].toObject();
        QVERIFY(gpu["devices"].toArray().isEmpty() != gpu["reason"].toString().isEmpty());
        const QString text = runCli({"doctor"}).out;
        QVERIFY2(text.contains("GPU "), qPrintable(text));
        if (gpu.contains("reason"))
            QVERIFY2(text.contains("GPU        none: " + gpu["reason"].toString()), qPrintable(text));
    }

    void saysWhereTheLayersLie()
    {
        const CliOutcome outcome = runCli({"generate", "-p", "Hi", "-n", "1", "--json"});
        QCOMPARE(outcome.code, 0);
        const QJsonArray devices = outcome.json()["devices"].toArray();
        QCOMPARE(devices.size(), 1);
        const QJsonObject cpu = devices[0].toObject();
        QVERIFY(cpu["device"].toString().startsWith("CPU "));
        QCOMPARE(cpu["first_layer"].toInt(), 0);
        QCOMPARE(cpu["layers"].toInt(), 30);
        QVERIFY(cpu["memory"]["weights"].toDouble() > 5e7);
    }

    void layersOnAGpuNeedAGpuAndANumberOrAuto()
    {
        const CliOutcome alone = runCli({"generate", "-p", "Hi", "--gpu-layers", "3"});
        QCOMPARE(alone.code, 2);
        QVERIFY2(alone.err.contains("--gpu-layers needs --gpu"), qPrintable(alone.err));
        for (const char* wrong : {"some", "-1", "1.5", "70000"}) {
            const CliOutcome outcome = runCli({"generate", "-p", "Hi", "--gpu", "0", "--gpu-layers", wrong});
            QCOMPARE(outcome.code, 2);
            QVERIFY2(outcome.err.contains("--gpu-layers takes auto or a whole number from 0 to 65535"),
                     qPrintable(outcome.err));
        }
        QCOMPARE(runCli({"generate", "-p", "Hi", "--gpu-layers=auto"}).code, 2);
        QVERIFY(runCli({"generate", "--help"}).out.contains("--gpu-layers N|auto"));
    }

    void aGpuThatIsNotThereIsAReasonNotACrash()
    {
        const CliOutcome outcome = runCli({"generate", "-p", "Hi", "-n", "2", "--gpu", "63"});
        QVERIFY2(outcome.code == 4 || outcome.code == 2, qPrintable(outcome.err));
        QVERIFY2(outcome.err.contains("GPU"), qPrintable(outcome.err));
    }
};

QTEST_GUILESS_MAIN(CliTest)
#include "cli_test.moc"
