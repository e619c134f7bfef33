// SPDX-License-Identifier: GPL-3.0-or-later
// A recording of the real engine, written by vitrine-cli in every format and read by programs that share
// nothing with it (tests/tools/recordings): times and counts are the recording's. And what becomes of
// recordings that are damaged and disks that are full.
#include <cmath>
#include <set>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "engine/telemetry/nvtx_ranges.h"
#include "engine/trace/request_life.h"
#include "engine/trace/trace_chunk.h"
#include "engine/trace/trace_reader.h"
#include "tests/integration/support/cli_process.h"
#include "tests/integration/support/recording_facts.h"

using namespace vitrine::engine;
using namespace vitrine::tests;

namespace {

constexpr int kNotInstalled = 77;

/// A Python that has `module`; empty when none has.
QString pythonWith(const char* module)
{
    for (const char* python : {"/usr/bin/python3", "python3"}) {
        QProcess process;
        process.start(python, {"-c", QString("import %1").arg(module)});
        if (process.waitForFinished() && process.exitStatus() == QProcess::NormalExit &&
            process.exitCode() == 0)
            return python;
    }
    return {};
}

QByteArray load()
{
    QByteArray lines;
    for (int i = 0; i < 6; ++i)
        lines += jsonLine(QJsonObject{{"id", QString("Étude %1").arg(i)},
                                      {"tokens", madeUpIds(40 + i, i / 2)},
                                      {"max_tokens", 24},
                                      {"ignore_eos", true}});
    return lines;
}

/// Where there is NVTX, everything here has it.
QStringList nvtxFlag()
{
    return nvtxBuiltIn() ? QStringList{"--nvtx"} : QStringList();
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), qint64(bytes.size()));
}

} // namespace

class CliExportsTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_recording;

    QString at(const QString& name) const { return m_folder.filePath(name); }
    QStringList files(const QString& pattern) const { return QDir(m_folder.path()).entryList({pattern}); }

    double seconds() const ///< it lasts
    {
        const auto trace = readTrace(m_recording.toStdString());
        return RecordingFacts(*trace).seconds();
    }
    static void addSuffixes()
    {
        QTest::addColumn<QString>("suffix");
        for (const char* suffix : {"json", "pftrace", "sqlite"})
            QTest::newRow(suffix) << suffix;
    }
    /// Runs the independent reader; an empty text, or what is wrong.
    QString check(const QStringList& words, bool& skipped) const
    {
        const bool perfetto = words.first().endsWith("pftrace");
        QString python =
            perfetto ? pythonWith("perfetto.protos") : QString(); // its own schema, if it is there
        if (python.isEmpty())
            python = pythonWith(perfetto ? "google.protobuf" : "sqlite3");
        skipped = python.isEmpty();
        if (skipped)
            return {};
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(python, QStringList{VITRINE_TEST_TOOLS "/recordings/check_export.py"} + words);
        if (!process.waitForFinished(120'000))
            return "the reader does not come back";
        const QString said = QString::fromUtf8(process.readAll());
        qInfo("%s", qPrintable(said.trimmed()));
        skipped = process.exitCode() == kNotInstalled;
        return process.exitCode() == 0 ? QString() : said;
    }

private slots:
    void initTestCase()
    {
        m_recording = at("run.vtrace");
        const CliOutcome outcome =
            runCli(QStringList{"replay", "--requests", "-", "--kv-blocks", "14", "--watermark", "0",
                               "--deterministic", "--trace-out", m_recording} +
                       nvtxFlag(),
                   load());
        if (outcome.code != 0)
            QFAIL("the default model is missing: ./installer/test brings it");
        const auto trace = readTrace(m_recording.toStdString());
        QVERIFY(trace && trace->complete);
        const RecordingFacts facts(*trace);
        QVERIFY(facts.preemptions() > 0); // else half of what is exported is not there
        QVERIFY(!nvtxBuiltIn() || facts.nvtx().size() > 100);
        write(at("expected.json"), QJsonDocument(facts.expected()).toJson());
    }

    void aReportComparesWithAnotherRecording()
    {
        const QString out = at("against.html");
        const CliOutcome outcome = runCli({"convert", m_recording, out, "--against", m_recording});
        QVERIFY2(outcome.code == 0, outcome.err);
        QFile page(out);
        QVERIFY(page.open(QIODevice::ReadOnly));
        QVERIFY(page.readAll().contains("A against B"));
        QCOMPARE(runCli({"convert", m_recording, at("against.json"), "--against", m_recording}).code, 2);
        QVERIFY(!QFile::exists(at("against.json")));
        QCOMPARE(runCli({"convert", m_recording, out, "--against", at("none.vtrace")}).code, 3);
    }

    void aReaderOfTheFormatFindsWhatWasRecorded_data() { addSuffixes(); }
    void aReaderOfTheFormatFindsWhatWasRecorded()
    {
        QFETCH(QString, suffix);
        const QString out = at("whole." + suffix);
        const CliOutcome outcome = runCli({"convert", m_recording, out});
        QVERIFY2(outcome.code == 0, outcome.err);
        bool skipped = false;
        const QString wrong = check({out, at("expected.json")}, skipped);
        if (skipped)
            QSKIP("python3-protobuf is not installed: ./installer/test brings it");
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }

    void aPartOfTheTimeHasNothingBesideIt_data() { addSuffixes(); }
    void aPartOfTheTimeHasNothingBesideIt()
    {
        QFETCH(QString, suffix);
        const double from = seconds() * 0.25, to = seconds() * 0.75;
        const QString out = at("part." + suffix);
        const CliOutcome outcome =
            runCli({"convert", m_recording, out, "--from", QString::number(from, 'f', 6), "--to",
                    QString::number(to, 'f', 6)});
        QVERIFY2(outcome.code == 0, outcome.err);
        QVERIFY(contents(out).size() < contents(at("whole." + suffix)).size() || suffix == "sqlite");
        bool skipped = false;
        const auto ns = [](double seconds) { return QString::number(seconds * 1e9, 'f', 0); };
        const QString wrong =
            check(QStringList{out, "--part", ns(from - 1e-6), ns(to + 1e-6)} + nvtxFlag(), skipped);
        if (skipped)
            QSKIP("python3-protobuf is not installed: ./installer/test brings it");
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }

    void aReplayWritesTheSameFormats_data() { addSuffixes(); }
    void aReplayWritesTheSameFormats()
    {
        QFETCH(QString, suffix);
        const QString out = at("replay." + suffix);
        const CliOutcome outcome =
            runCli(QStringList{"replay", "--requests", "-", "--trace-out", out} + nvtxFlag(), load());
        QVERIFY2(outcome.code == 0, outcome.err);
        bool skipped = false;
        const QString wrong = check(QStringList{out, "--part", "0", "3600000000000"} + nvtxFlag(), skipped);
        if (skipped)
            QSKIP("python3-protobuf is not installed: ./installer/test brings it");
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }

    void aPartOfTheTimeAsTablesHasItsSteps()
    {
        QCOMPARE(runCli({"convert", m_recording, at("all.csv")}).code, 0);
        const double half = seconds() / 2;
        const QString middle = QString::number(half, 'f', 6);
        QCOMPARE(runCli({"convert", m_recording, at("early.csv"), "--to", middle}).code, 0);
        QCOMPARE(runCli({"convert", m_recording, at("late.csv"), "--from", middle}).code, 0);
        const auto lines = [&](const char* name) { return contents(at(name)).trimmed().split('\n'); };
        const auto all = lines("all.csv"), early = lines("early.csv"), late = lines("late.csv");
        QVERIFY(early.size() > 2 && late.size() > 2);
        QVERIFY(early.size() + late.size() - 1 - all.size() <= 1); // a step may lie on both sides
        QCOMPARE(early, all.first(early.size()));
        QCOMPARE(late.mid(1), all.last(late.size() - 1));
        QVERIFY(contents(at("all.requests.csv")).count('\n') == 7);
    }

    void nvtxHasATableOfItsOwn()
    {
        if (!nvtxBuiltIn())
            QSKIP("built without NVTX");
        QCOMPARE(runCli({"convert", m_recording, at("told.csv")}).code, 0);
        const auto trace = readTrace(m_recording.toStdString());
        const auto lines = contents(at("told.nvtx.csv")).trimmed().split('\n');
        QCOMPARE(
            lines.first(),
            QByteArray(
                "kind,start_s,end_s,thread,thread_name,domain,category,name,payload,detail,correlation"));
        QCOMPARE(lines.size() - 1, qsizetype(trace->nvtx.events.size()));
        double told = 0, recorded = 0;
        for (const QByteArray& line : lines.mid(1))
            told += line.split(',')[2].toDouble() - line.split(',')[1].toDouble();
        for (const NvtxEvent& event : trace->nvtx.events)
            recorded += static_cast<double>(event.endNs - event.startNs) * 1e-9;
        QVERIFY2(std::abs(told - recorded) < 1e-6, qPrintable(QString("%1 %2").arg(told).arg(recorded)));
    }

    void aReplayIntoTablesWritesNvtxBesideThem()
    {
        if (!nvtxBuiltIn())
            QSKIP("built without NVTX");
        const CliOutcome outcome =
            runCli({"replay", "--requests", "-", "--nvtx", "--trace-out", at("run.csv")}, load());
        QVERIFY2(outcome.code == 0, outcome.err);
        const qsizetype steps = contents(at("run.csv")).count('\n') - 1;
        QCOMPARE(contents(at("run.nvtx.csv")).count(",scheduler,step,"), steps);
    }

    void aRecordingWrittenAgainIsTheSame()
    {
        QCOMPARE(runCli({"convert", m_recording, at("again.vtrace")}).code, 0);
        const auto first = readTrace(m_recording.toStdString()),
                   again = readTrace(at("again.vtrace").toStdString());
        QVERIFY(again && again->complete && again->damage.empty());
        QCOMPARE(RecordingFacts(*again).expected(), RecordingFacts(*first).expected());
        QCOMPARE(again->vocabulary, first->vocabulary);
        QCOMPARE(runCli({"convert", at("again.vtrace"), at("again.vtrace")}).code, 0); // over itself
        QCOMPARE(readTrace(at("again.vtrace").toStdString())->steps.size(), first->steps.size());
    }

    void partsThatMakeNoSenseAreRefused()
    {
        const auto refused = [&](const QStringList& words) {
            const CliOutcome outcome = runCli(QStringList{"convert", m_recording} + words);
            return outcome.code == 2 && !outcome.err.isEmpty();
        };
        QVERIFY(refused({at("p.json"), "--from", "2", "--to", "1"}));
        QVERIFY(refused({at("p.json"), "--from", "-1"}));
        QVERIFY(refused({at("p.vtrace"), "--from", "0.01"}));
        QVERIFY(refused({at("p.txt")}));
        QCOMPARE(files("p.*"), QStringList());
    }

    void whatIsWholeOfADamagedRecordingIsConverted_data() { addSuffixes(); }
    void whatIsWholeOfADamagedRecordingIsConverted()
    {
        QFETCH(QString, suffix);
        QByteArray bytes = contents(m_recording);
        bytes[bytes.size() - 30] = static_cast<char>(bytes[bytes.size() - 30] ^ 0x10); // of the last steps
        write(at("damaged.vtrace"), bytes);
        const CliOutcome outcome = runCli({"convert", at("damaged.vtrace"), at("damaged." + suffix)});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.err.contains("damaged or cut short at byte"), outcome.err);
        QVERIFY(!contents(at("damaged." + suffix)).isEmpty());
    }

    void aRecordingCutShortIsRepaired()
    {
        write(at("cut.vtrace"), contents(m_recording).chopped(10)); // within its last chunk
        const CliOutcome outcome = runCli({"convert", at("cut.vtrace"), at("mended.vtrace")});
        QCOMPARE(outcome.code, 0);
        QVERIFY2(outcome.err.contains("cut short"), outcome.err);
        const auto whole = readTrace(m_recording.toStdString()),
                   mended = readTrace(at("mended.vtrace").toStdString());
        QVERIFY(mended && mended->damage.empty() && !mended->complete); // it never came to its end
        QCOMPARE(mended->steps.size(), whole->steps.size());
        const CliOutcome next = runCli({"convert", at("mended.vtrace"), at("mended.json")});
        QVERIFY2(next.code == 0 && next.err.contains("was not ended"), next.err);
    }

    void whatCannotBeReadAtAllIsSaidAndLeavesNoFile_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("said");
        const QByteArray whole = contents(m_recording);
        QByteArray later = whole;
        later[6] = 9;
        QByteArray origin = whole;
        origin[30] = static_cast<char>(origin[30] ^ 0x01);
        QTest::newRow("of a version to come") << later << QByteArray("recording of version 9");
        QTest::newRow("its beginning is damaged")
            << origin << QByteArray("beginning of the recording is damaged");
        QTest::newRow("something else")
            << QByteArray("{\"traceEvents\":[]}") << QByteArray("not a recording");
        QTest::newRow("empty") << QByteArray() << QByteArray("the file is empty");
    }
    void whatCannotBeReadAtAllIsSaidAndLeavesNoFile()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, said);
        write(at("bad.vtrace"), bytes);
        for (const char* out : {"none.json", "none.pftrace", "none.sqlite", "none.csv", "none.vtrace"}) {
            const CliOutcome outcome = runCli({"convert", at("bad.vtrace"), at(out)});
            QCOMPARE(outcome.code, 3);
            QVERIFY2(outcome.err.contains(said) && outcome.err.contains("bad.vtrace"), outcome.err);
        }
        QCOMPARE(files("none.*"), QStringList());
    }

    void aDiskThatIsFullIsSaidAndWhatWasThereStays_data()
    {
        addSuffixes();
        QTest::newRow("vtrace") << "vtrace";
        QTest::newRow("csv") << "csv";
    }
    void aDiskThatIsFullIsSaidAndWhatWasThereStays()
    {
        QFETCH(QString, suffix);
        const QString out = at("full." + suffix);
        write(out, "before");
        QProcess process; // files end after 2 KiB, as on a disk that is full there
        process.start("bash", {"-c", "trap '' XFSZ; ulimit -f 2; exec \"$0\" convert \"$1\" \"$2\"",
                               VITRINE_CLI, m_recording, out});
        QVERIFY(process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit);
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(process.exitCode() == 4 && said.contains(out.toUtf8()), said);
        QCOMPARE(contents(out), QByteArray("before"));
        QCOMPARE(files("full*.tmp"), QStringList());
    }

    void aFolderThatIsNotThereIsSaid_data() { addSuffixes(); }
    void aFolderThatIsNotThereIsSaid()
    {
        QFETCH(QString, suffix);
        const CliOutcome outcome = runCli({"convert", m_recording, "/nowhere/a." + suffix});
        QCOMPARE(outcome.code, 4);
        QVERIFY2(outcome.err.contains("/nowhere/a." + suffix.toUtf8()), outcome.err);
        QCOMPARE(runCli({"replay", "--requests", "-", "--trace-out", "/nowhere/a." + suffix}, load()).code,
                 4);
    }
};

QTEST_GUILESS_MAIN(CliExportsTest)
#include "cli_exports_test.moc"
