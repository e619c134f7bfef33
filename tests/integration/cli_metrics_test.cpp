// SPDX-License-Identifier: GPL-3.0-or-later
// vitrine-cli replay --nvtx and --metrics-out: what is written is what ran.
#include <set>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "engine/telemetry/nvtx_ranges.h"
#include "engine/trace/trace_reader.h"
#include "tests/integration/support/cli_process.h"

using namespace vitrine;
using namespace vitrine::tests;

namespace {

QByteArray load(int requests)
{
    QByteArray lines;
    for (int i = 0; i < requests; ++i)
        lines += jsonLine(
            QJsonObject{{"id", i}, {"tokens", madeUpIds(20, i)}, {"max_tokens", 4}, {"ignore_eos", true}});
    return lines;
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The number in the line that begins like this.
double valueOf(const QByteArray& text, const QByteArray& beginning)
{
    for (const QByteArray& line : text.split('\n'))
        if (line.startsWith(beginning))
            return line.split(' ').last().toDouble();
    return -1.0;
}

} // namespace

class CliMetricsTest : public QObject
{
    Q_OBJECT

private:
    const QTemporaryDir m_folder;
    QString file(const char* name) const { return m_folder.filePath(name); }

private slots:
    void metricsOfAReplayAreThoseOfItsRecording()
    {
        QCOMPARE(runCli({"replay", "--requests", "-", "--trace-out", file("a.vtrace"), "--metrics-out",
                         file("live.prom")},
                        load(3))
                     .code,
                 0);
        QCOMPARE(runCli({"convert", file("a.vtrace"), file("later.prom")}).code, 0);
        const QByteArray live = contents(file("live.prom"));
        QCOMPARE(live, contents(file("later.prom")));
        QCOMPARE(valueOf(live, "vitrine:generation_tokens_total{"), 12.0);
        QCOMPARE(valueOf(live, "vitrine:time_to_first_token_seconds_count{"), 3.0);
    }

    void metricsNeedNoRecording()
    {
        for (const QStringList& more : {QStringList(), QStringList{"--trace-out", file("b.csv")}}) {
            QCOMPARE(runCli(QStringList{"replay", "--requests", "-", "--metrics-out", file("b.prom")} + more,
                            load(2))
                         .code,
                     0);
            QCOMPARE(valueOf(contents(file("b.prom")), "vitrine:generation_tokens_total{"), 8.0);
        }
        QVERIFY(contents(file("b.csv")).count('\n') > 4);
        QCOMPARE(runCli({"replay", "--requests", "-", "--metrics-out", "/nowhere/a.prom"}, load(1)).code, 4);
    }

    void whatNvtxIsToldComesIntoTheRecording()
    {
        if (!engine::nvtxBuiltIn())
            QSKIP("built without NVTX");
        const CliOutcome outcome =
            runCli({"replay", "--requests", "-", "--trace-out", file("n.vtrace"), "--nvtx"}, load(3));
        QVERIFY2(outcome.code == 0, outcome.err.constData());
        const auto trace = engine::readTrace(file("n.vtrace").toStdString());
        QVERIFY(trace.has_value() && trace->complete && trace->damage.empty());
        std::multiset<std::uint64_t> told, recorded;
        int requests = 0;
        for (const engine::NvtxEvent& event : trace->nvtx.events) {
            QCOMPARE(trace->nvtx.name(event.domain), std::string("vitrine"));
            if (trace->nvtx.name(event.message) == "step")
                told.insert(event.payload);
            requests += trace->nvtx.name(event.message) == "request" ? 1 : 0;
        }
        for (const engine::RecordedStep& step : trace->steps)
            if (step.record.step != 0)
                recorded.insert(step.record.step);
        QVERIFY(!recorded.empty());
        QVERIFY(told == recorded);
        QCOMPARE(requests, 3);
    }

    void nvtxWantsARecordingToGoInto()
    {
        QCOMPARE(runCli({"replay", "--requests", "-", "--nvtx"}, load(1)).code, 2);
    }
};

QTEST_GUILESS_MAIN(CliMetricsTest)
#include "cli_metrics_test.moc"
