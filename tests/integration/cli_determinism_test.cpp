// SPDX-License-Identifier: GPL-3.0-or-later
// The real default model under load: whatever the engine does meanwhile, replies are the same token for
// token.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include "tests/integration/support/cli_process.h"

using namespace vitrine::tests;

namespace {

constexpr int kRequests = 10;

/// Requests of three clients whose prompts share beginnings in pairs; some are sampled, with a seed.
QByteArray load()
{
    QByteArray lines;
    for (int i = 0; i < kRequests; ++i) {
        QJsonArray tokens = madeUpIds(30 + 7 * i, i / 2);
        tokens.append(2000 + i);
        lines += jsonLine(QJsonObject{{"id", QString("r%1").arg(i)},
                                      {"tokens", tokens},
                                      {"max_tokens", 20 + 3 * (i % 4)},
                                      {"client", QString("c%1").arg(i % 3)},
                                      {"priority", i % 3},
                                      {"temperature", i % 3 == 2 ? 0.9 : 0.0},
                                      {"seed", 100 + i},
                                      {"ignore_eos", true}});
    }
    return lines;
}

struct Run
{
    QMap<QString, QJsonArray> replies;
    QJsonObject summary;
};

Run run(const QStringList& flags, const QByteArray& lines = load())
{
    const QTemporaryDir folder;
    const QString summary = folder.filePath("summary.json");
    const CliOutcome outcome = runCli(
        QStringList{"replay", "--requests", "-", "--deterministic", "--summary", summary} + flags, lines);
    Run result;
    if (outcome.code != 0)
        return result;
    for (const QByteArray& line : outcome.lines()) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        const QString sample = QString::number(object["sample"].toInt());
        result.replies[object["id"].toString() + "/" + sample] = object["tokens"].toArray();
    }
    QFile file(summary);
    if (file.open(QIODevice::ReadOnly))
        result.summary = QJsonDocument::fromJson(file.readAll()).object();
    return result;
}

} // namespace

class CliDeterminismTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_alone = run({"--kv-blocks", "400", "--no-prefix-cache", "--max-running", "1"});
        QCOMPARE(m_alone.replies.size(), kRequests);
    }

    void repliesAreTheSame_data()
    {
        QTest::addColumn<QString>("flags");
        QTest::addColumn<QString>("happens"); // a figure of the summary that must not be zero
        const auto row = [](const char* flags, const char* happens) {
            QTest::newRow(flags) << flags << happens;
        };
        row("--kv-blocks 400", "cached_tokens");
        row("--kv-blocks 14 --watermark 0 --preemption recompute", "recomputed_tokens");
        row("--kv-blocks 14 --watermark 0 --preemption swap", "preemptions_by_swap");
        row("--kv-blocks 14 --watermark 0 --preemption swap --victim newest", "preemptions_by_swap");
        row("--kv-blocks 16 --preemption swap --threads 1", "steps");
        row("--kv-blocks 400 --threads 1", "host_time_hidden"); // steps overlap where a CPU is free
        row("--block-size 7 --token-budget 19", "cached_tokens");
        row("--mode two-phase --token-budget 40", "cached_tokens");
        row("--policy fair --max-running 2", "cached_tokens");
        row("--policy priority --max-running 2", "cached_tokens");
        row("--policy shortest --max-running 3", "cached_tokens");
        row("--itl-target 5", "cached_tokens");
        row("--kv-blocks 20 --host-blocks 64 --max-running 2 --block-size 16", "steps");
    }
    void repliesAreTheSame()
    {
        QFETCH(QString, flags);
        QFETCH(QString, happens);
        const Run other = run(flags.split(' '));
        QCOMPARE(other.replies, m_alone.replies);
        if (happens != "host_time_hidden" || QThread::idealThreadCount() > 1)
            QVERIFY2(other.summary[happens].toDouble() > 0.0, qPrintable(happens));
    }

    void samplesOfOnePromptRunOnePrefillAndDiffer()
    {
        const QJsonObject alone{{"id", "a"},        {"tokens", madeUpIds(50, 1)},
                                {"max_tokens", 12}, {"temperature", 1.0},
                                {"seed", 5},        {"ignore_eos", true}};
        QJsonObject several = alone;
        several["n"] = 8;
        const Run one = run({"--kv-blocks", "200"}, jsonLine(alone));
        const Run eight = run({"--kv-blocks", "200"}, jsonLine(several));
        QCOMPARE(eight.replies.size(), 8);
        QCOMPARE(eight.replies["a/0"], one.replies["a/0"]);
        QVERIFY(eight.replies["a/1"] != eight.replies["a/2"]);
        // 50 prompt tokens once, then the tokens of each sample but its last.
        QCOMPARE(eight.summary["computed_tokens"].toInt(), 50 + 8 * 11);
        QVERIFY(eight.summary["copied_blocks"].toInt() > 0);
    }

private:
    Run m_alone;
};

QTEST_APPLESS_MAIN(CliDeterminismTest)
#include "cli_determinism_test.moc"
