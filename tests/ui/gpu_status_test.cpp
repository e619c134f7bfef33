// SPDX-License-Identifier: GPL-3.0-or-later
// What the status bar says of a model on a GPU: its memory, and no threads.
#include <QApplication>
#include <QTest>

#include "ui/shell/status_bar.h"
#include "ui/shell/status_item.h"
#include "ui/theme/size_text.h"

using namespace vitrine;
using namespace vitrine::ui;

class GpuStatusTest : public QObject
{
    Q_OBJECT

private:
    Theme m_theme;

    static engine::ModelSummary model(std::uint64_t deviceBytes, std::uint32_t threads)
    {
        engine::ModelSummary model;
        model.name = "Some model";
        model.executor.device = "Some device";
        model.executor.threads = threads;
        model.executor.weightBytes = 4'000'000'000;
        model.executor.workspaceBytes = 300'000'000;
        model.executor.memory.total = deviceBytes;
        model.executor.memory.kept = 500'000'000;
        model.kv = {1024, 16};
        return model;
    }
    static const StatusItem* device(const StatusBar& bar) { return bar.findChildren<StatusItem*>().value(1); }

private slots:
    void saysWhyTheNumberOfProcessesChanged()
    {
        StatusBar bar(m_theme);
        engine::ModelSummary summary;
        bar.setModel(summary);
        bar.setRankChange({1, 2, engine::RankDecision::Reason::Trial, 0.3, {}, 2});
        QVERIFY(device(bar)->toolTip().contains("2 instead of 1, to see whether"));
        bar.setRankChange({2, 1, engine::RankDecision::Reason::Idle, 0.3, {}, 1});
        QVERIFY(device(bar)->toolTip().contains("1 instead of 2, since nothing is asked"));
        bar.setRankChange({1, 1, engine::RankDecision::Reason::Faster, 0.0, "out of memory", 4});
        QVERIFY(device(bar)->toolTip().contains("1 as before, there cannot be 4: out of memory"));
        bar.setModel(summary); // another model has a number of its own
        QVERIFY(!device(bar)->toolTip().contains("Processes"));
    }

    void initTestCase() { m_theme.applyTo(*qApp); }

    void aGpuHasMemoryInsteadOfThreads()
    {
        StatusBar bar(m_theme);
        bar.setModel(model(12'000'000'000, 0));
        QCOMPARE(device(bar)->shownText(), QStringLiteral("Some device"));
        const QString tip = device(bar)->toolTip();
        for (const quint64 bytes : {4'000'000'000ULL, 300'000'000ULL, 500'000'000ULL, 12'000'000'000ULL})
            QVERIFY2(tip.contains(sizeText(bytes)), qPrintable(tip));
        QVERIFY2(tip.contains(QStringLiteral("stay free")), qPrintable(tip));
    }

    void aProcessorHasThreadsAndNoMemoryOfItsOwn()
    {
        StatusBar bar(m_theme);
        bar.setModel(model(0, 2));
        QCOMPARE(device(bar)->shownText(), QStringLiteral("Some device · 2 threads"));
        QVERIFY(!device(bar)->toolTip().contains(QStringLiteral("stay free")));
    }
};

QTEST_MAIN(GpuStatusTest)
#include "gpu_status_test.moc"
