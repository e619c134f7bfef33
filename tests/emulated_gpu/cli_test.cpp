// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli with a GPU: the built program beside a library for GPUs whose devices are emulated.
#include <QTest>

#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;

namespace {

const QString kModel = QStringLiteral(VITRINE_TEST_DATA "/families/llama/model.gguf");

/// Of the emulated devices, for one test.
class Setting
{
public:
    Setting(const char* variable, const QByteArray& value) : m_variable(variable)
    {
        qputenv(variable, value);
    }
    ~Setting() { qunsetenv(m_variable); }
    Setting(const Setting&) = delete;
    Setting& operator=(const Setting&) = delete;

private:
    const char* m_variable;
};

QStringList generate(const QStringList& more)
{
    return QStringList{"generate", "-m", kModel, "-p", "Once", "-n", "6", "--kv-blocks", "16"} + more;
}

} // namespace

class EmulatedCliTest : public QObject
{
    Q_OBJECT

private slots:
    void testsAGpu()
    {
        const Setting small("VITRINE_EMULATED_MEBIBYTES", "64");
        const CliOutcome outcome = runCli({"doctor", "--gpu", "0", "--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
        const QJsonObject report = outcome.json();
        QVERIFY(report["passed"].toBool());
        QCOMPARE(report["gpu"].toInt(), 0);
        QVERIFY(report["checks"].toArray().size() > 90);
    }

    void aGpuThatDiesIsReportedAsOneToLeaveAlone()
    {
        const Setting dying("VITRINE_EMULATED_EXECUTION", "3");
        const CliOutcome outcome = runCli({"doctor", "--gpu", "0"});
        QCOMPARE(outcome.code, 5);
        QVERIFY2(outcome.out.contains("do not compute on this GPU"), outcome.out);
    }

    void withoutAGpuNothingCanBeTested()
    {
        const Setting none("VITRINE_EMULATED_GPUS", "0");
        const CliOutcome outcome = runCli({"doctor", "--gpu", "0"});
        QCOMPARE(outcome.code, 4);
        QVERIFY(outcome.out.isEmpty());
        QVERIFY2(outcome.err.contains("no GPU can be used"), outcome.err);
    }

    void aNumberThatNoGpuHasIsRefused()
    {
        const CliOutcome outcome = runCli({"doctor", "--gpu", "7"});
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("doctor lists them"), outcome.err);
    }

    void severalGpusShareAModel()
    {
        const Setting two("VITRINE_EMULATED_GPUS", "2"), size("VITRINE_EMULATED_MEBIBYTES", "64");
        const CliOutcome alone = runCli(generate({"--deterministic", "--json"}));
        const CliOutcome shared =
            runCli(generate({"--gpu", "0", "--ranks", "2", "--deterministic", "--json"}));
        QVERIFY2(shared.code == 0, shared.err);
        QCOMPARE(shared.json()["tokens"].toArray().size(), alone.json()["tokens"].toArray().size());
        const CliOutcome again =
            runCli(generate({"--gpu", "0", "--ranks", "2", "--deterministic", "--json"}));
        QCOMPARE(again.json()["tokens"], shared.json()["tokens"]);
    }

    void moreRanksThanGpusAreRefused()
    {
        const Setting two("VITRINE_EMULATED_GPUS", "2"), size("VITRINE_EMULATED_MEBIBYTES", "64");
        const CliOutcome outcome = runCli(generate({"--gpu", "1", "--ranks", "2"}));
        QCOMPARE(outcome.code, 2);
        QVERIFY2(outcome.err.contains("2 ranks need as many GPUs"), outcome.err);
        const CliOutcome split = runCli(generate({"--gpu", "0", "--ranks", "2", "--gpu-layers", "1"}));
        QCOMPARE(split.code, 2);
        QVERIFY2(split.err.contains("leave --gpu-layers or --ranks out"), split.err);
    }

    void listsGpusWithTheirFreeMemory()
    {
        const Setting two("VITRINE_EMULATED_GPUS", "2"), size("VITRINE_EMULATED_MEBIBYTES", "8000");
        const CliOutcome outcome = runCli({"doctor", "--json"});
        QCOMPARE(outcome.code, 0);
        const QJsonArray devices = outcome.json().value("gpu").toObject()["devices"].toArray();
        QCOMPARE(devices.size(), 2);
        QCOMPARE(devices[1]["name"].toString(), "Emulated GPU 1");
        QCOMPARE(devices[1]["total_bytes"].toDouble(), 8000.0 * (1 << 20));
        QCOMPARE(devices[1]["free_bytes"].toDouble(), 6000.0 * (1 << 20));
    }

    void takesFp8KeysAndValuesOnlyOnAGpu()
    {
        const CliOutcome onGpu = runCli(generate({"--json", "--gpu", "0", "--kv-format", "fp8"}));
        QVERIFY2(onGpu.code == 0, onGpu.err);
        QVERIFY(!onGpu.json()["text"].toString().isEmpty());
        const QStringList formats{"f32", "fp8", "int8"};
        QList<double> bytes;
        for (const QString& format : formats) {
            const CliOutcome outcome = runCli(generate({"--json", "--gpu", "0", "--kv-format", format}));
            bytes.append(outcome.json()["memory"].toObject()["kv"].toDouble());
        }
        QVERIFY(bytes[1] > 0 && bytes[1] == bytes[2] && bytes[0] > 3 * bytes[1]);
        const CliOutcome onCpu = runCli(generate({"--kv-format", "fp8"}));
        QCOMPARE(onCpu.code, 2);
        QVERIFY2(onCpu.err.contains("--kv-format int8"), onCpu.err);
    }

    void generatesOnAGpuWhatTheProcessorGenerates()
    {
        const CliOutcome processor = runCli(generate({"--json"}));
        const CliOutcome gpu = runCli(generate({"--json", "--gpu", "0"}));
        QVERIFY2(processor.code == 0, processor.err);
        QVERIFY2(gpu.code == 0, gpu.err);
        QCOMPARE(gpu.json()["tokens"], processor.json()["tokens"]);
        QVERIFY(!gpu.json()["tokens"].toArray().isEmpty());
    }

    void benchmarksOnAGpu()
    {
        const CliOutcome outcome = runCli({"bench", "--synthetic", "tiny", "--weights", "q8_0", "--prefill",
                                           "8", "--decode", "2", "--repeat", "1", "--json", "--gpu", "0"});
        QVERIFY2(outcome.code == 0, outcome.err);
        QCOMPARE(outcome.json().value("machine").toObject()["device"].toString(), "Emulated GPU 0");
    }

    void withoutAGpuNothingIsGenerated()
    {
        const Setting none("VITRINE_EMULATED_GPUS", "0");
        const CliOutcome outcome = runCli(generate({"--gpu", "0"}));
        QCOMPARE(outcome.code, 4);
        QVERIFY2(outcome.err.contains("no GPU can be used"), outcome.err);
    }

    void memoryThatIsMissingIsSaid()
    {
        const Setting failing("VITRINE_EMULATED_ALLOCATION", "1");
        const CliOutcome outcome = runCli(generate({"--gpu", "0"}));
        QCOMPARE(outcome.code, 4);
        QVERIFY2(outcome.err.contains("memory"), outcome.err);
    }

    void aGpuThatDiesEndsTheRunWithItsReason()
    {
        const Setting dying("VITRINE_EMULATED_EXECUTION", "20");
        const CliOutcome outcome = runCli(generate({"--gpu", "0"}));
        QCOMPARE(outcome.code, 5);
        QVERIFY2(outcome.err.contains("GPU"), outcome.err);
    }
};

QTEST_GUILESS_MAIN(EmulatedCliTest)
#include "cli_test.moc"
