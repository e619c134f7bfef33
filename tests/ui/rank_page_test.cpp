// SPDX-License-Identifier: GPL-3.0-or-later
// The Ranks tab over recordings of real engines whose model two ranks, or two stages, share: a line a
// process, charts over time, the least even steps, failures; and nothing of that where one process computes.
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "engine/memory_reserve.h"
#include "tests/engine/support/executor_rig.h"
#include "tests/engine/support/model_files.h"
#include "tests/engine/support/ranks.h"
#include "tests/engine/support/stages.h"
#include "tests/recording/support/written_run.h"
#include "ui/profiler/analysis/analysis_card.h"
#include "ui/profiler/analysis/figure_strip.h"
#include "ui/profiler/analysis/rank_page.h"
#include "ui/profiler/analysis/xy_chart.h"
#include "ui/profiler/anomalies/anomaly_list.h"
#include "ui/profiler/ranks/rank_charts.h"
#include "ui/profiler/ranks/rank_table.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/recording/analysis_maker.h"
#include "ui/recording/recording_session.h"

using namespace vitrine;
using namespace vitrine::ui;

namespace {

enum class Shared { ByRanks, ByStages, ByNobody };

engine::Result<std::unique_ptr<engine::Executor>>
executorOf(Shared shared, const std::shared_ptr<const engine::Model>& model)
{
    engine::ExecutorOptions options;
    options.threads = 1;
    switch (shared) {
    case Shared::ByRanks:
        return engine::test::rankedExecutor(model, options, 2);
    case Shared::ByStages:
        return engine::test::stagedExecutor(model, options, {2, 1});
    case Shared::ByNobody:
        break;
    }
    return engine::makeCpuExecutor(model, options);
}

/// A few requests of a small model.
tests::RecordedRun record(Shared shared)
{
    tests::RecordedRun run;
    const auto model = engine::test::tinyModel("llama");
    auto executor = executorOf(shared, model);
    if (!executor) {
        run.error = executor.error().message;
        return run;
    }
    engine::EngineOptions options;
    options.kvBlocks = 64;
    options.blockSize = 8;
    const auto plan = engine::reserveMemory(**executor, model->config(), options);
    engine::Engine engine;
    engine.install({model, std::move(*executor), *plan, options});
    engine::Recorder recorder;
    engine.record(&recorder);
    run.start = recorder.start();
    for (unsigned i = 0; i < 4; ++i) {
        engine::GenerationRequest request;
        request.prompt = engine::test::randomTokens(model->config().vocab, 20 + 10 * i, i);
        request.maxTokens = 24;
        request.ignoreEndOfGeneration = true;
        if (!engine.submit(std::move(request)))
            run.error = "not submitted";
    }
    while (engine.hasWork() && engine.step()) {
    }
    run.steps = recorder.take();
    engine.record(nullptr);
    return run;
}

} // namespace

class RankPageTest : public QObject
{
    Q_OBJECT

private:
    static constexpr int kPatience = 60'000;

    Theme m_theme;
    QTemporaryDir m_folder;
    tests::RecordedRun m_ranks, m_stages, m_alone;
    std::unique_ptr<RecordingSession> m_session;
    std::unique_ptr<TimeView> m_view;
    std::unique_ptr<RankPage> m_page;

    RankPage& shown(const tests::RecordedRun& run)
    {
        m_session = std::make_unique<RecordingSession>(tests::writtenRun(m_folder, run));
        m_view = std::make_unique<TimeView>();
        m_page = std::make_unique<RankPage>(*m_view, m_theme);
        m_page->resize(1388, 1200);
        m_page->show();
        m_page->setSession(m_session.get());
        [&] {
            QTRY_VERIFY_WITH_TIMEOUT(!m_page->isComputing() &&
                                         m_page->figures().figures()[0].value != QLatin1String("0"),
                                     kPatience);
        }();
        return *m_page;
    }
    static quint64 sharedSteps(const tests::RecordedRun& run)
    {
        quint64 steps = 0;
        for (const engine::RecordedStep& step : run.steps)
            steps += step.ranks.processes.empty() ? 0 : 1;
        return steps;
    }

private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_theme.applyTo(*qApp);
        m_ranks = record(Shared::ByRanks);
        m_stages = record(Shared::ByStages);
        m_alone = record(Shared::ByNobody);
        for (const tests::RecordedRun* run : {&m_ranks, &m_stages, &m_alone})
            QVERIFY2(run->error.empty() && run->steps.size() > 10, run->error.c_str());
    }
    void cleanup()
    {
        m_page.reset();
        m_view.reset();
        m_session.reset();
    }

    void everyProcessHasALineWithItsTimes()
    {
        RankPage& page = shown(m_ranks);
        RankTable& table = page.processes();
        QVERIFY(table.isVisible());
        QCOMPARE(table.topLevelItemCount(), 2);
        quint64 slowest = 0;
        for (int i = 0; i < 2; ++i) {
            const QTreeWidgetItem& line = *table.topLevelItem(i);
            QCOMPARE(line.text(RankTable::Process), QStringLiteral("Rank %1").arg(i));
            double all = 0;
            for (const QVariant& share : line.data(RankTable::Bar, RankBarDelegate::kSharesRole).toList())
                all += share.toDouble();
            QVERIFY(std::abs(all - 1) < 1e-9);
            QVERIFY(line.text(RankTable::Sends) != QLatin1String("0 B"));
            slowest += line.text(RankTable::Slowest).toUInt();
        }
        QCOMPARE(slowest, sharedSteps(m_ranks));
        for (const auto chart : {RankPage::Balance, RankPage::Link, RankPage::Skew}) {
            QVERIFY(page.chart(chart).isVisible());
            page.chart(chart).grab();
            QVERIFY(page.chart(chart).itemsDrawn() > 0);
        }
        QVERIFY(!page.note().text().contains(QLatin1String("one rank")));
        QVERIFY(page.figures().figures().size() > 10);
    }

    void stagesAreNamedAsStages()
    {
        RankPage& page = shown(m_stages);
        QCOMPARE(page.processes().topLevelItemCount(), 2);
        QCOMPARE(page.processes().topLevelItem(1)->text(RankTable::Process), QStringLiteral("Stage 2 of 2"));
    }

    void oneProcessHasNoLinesAndIsTold()
    {
        RankPage& page = shown(m_alone);
        QVERIFY(!page.processes().isVisible() && !page.events().isVisible() && !page.uneven().isVisible());
        for (const auto chart : {RankPage::Balance, RankPage::Link, RankPage::Skew})
            QVERIFY(!page.chart(chart).isVisible());
        QVERIFY(page.note().text().contains(QLatin1String("one rank")));
        QVERIFY(page.chart(RankPage::Times).isVisible());
    }

    void failuresAreListedMarkedAndAmongWhatIsUnusual()
    {
        tests::RecordedRun run = m_ranks;
        const std::size_t middle = run.steps.size() / 2;
        const std::int64_t at = run.steps[middle].record.startNs;
        run.steps[middle].rankEvents = {{engine::RankEventKind::Replaced,
                                         at,
                                         at + 38'000'000,
                                         2,
                                         2,
                                         {1},
                                         "the process of rank 1 was killed by signal 9"}};
        run.steps.back().rankEvents = {{engine::RankEventKind::Changed,
                                        run.steps.back().record.startNs,
                                        run.steps.back().record.endNs,
                                        2,
                                        1,
                                        {},
                                        {}}};
        RankPage& page = shown(run);
        QVERIFY(page.events().isVisible());
        QCOMPARE(page.events().topLevelItemCount(), 2);
        QCOMPARE(page.events().topLevelItem(0)->text(1), QStringLiteral("Processes: 2 → 1, as asked for"));
        QTreeWidgetItem& failure = *page.events().topLevelItem(1);
        QCOMPARE(failure.text(1), QStringLiteral("Replaced: the process of rank 1 was killed by signal 9"));
        QCOMPARE(failure.text(2), durationText(38e6));
        const QList<ChartMark>& marks = page.chart(RankPage::Balance).picture().marks;
        QVERIFY(marks.size() == 2 && marks[0].text == QLatin1String("replaced"));
        QCOMPARE(marks[1].text, QStringLiteral("2 → 1"));
        QSignalSpy moments(&page, &RankPage::momentPicked);
        emit page.events().itemActivated(&failure, 0);
        QCOMPARE(moments.size(), 1);
        QCOMPARE(moments[0][0].toLongLong(), at);
        engine::AnomalyLog log;
        for (const engine::RecordedStep& step : run.steps)
            log.add(step);
        AnomalyList list(m_theme);
        list.setPicture(std::make_shared<const AnomalyPicture>(anomaliesOf(log, 0)));
        QVERIFY2(list.text().contains(QLatin1String("killed by signal 9")), qPrintable(list.text()));
    }

    void anUnevenStepIsPicked()
    {
        RankPage& page = shown(m_ranks);
        QVERIFY(page.uneven().topLevelItemCount() > 0);
        QSignalSpy steps(&page, &RankPage::stepPicked);
        emit page.uneven().itemActivated(page.uneven().topLevelItem(0), 0);
        QCOMPARE(steps.size(), 1);
        QCOMPARE(QString::number(steps[0][0].toULongLong()), page.uneven().topLevelItem(0)->text(0));
    }

    void theKeyboardReadsItAll()
    {
        RankPage& page = shown(m_ranks);
        QVERIFY(!page.processes().accessibleName().isEmpty() && !page.events().accessibleName().isEmpty());
        QVERIFY(page.processes().focusPolicy() & Qt::TabFocus);
        page.processes().setFocus();
        QTest::keyClick(&page.processes(), Qt::Key_Down);
        QVERIFY(page.processes().currentItem() != nullptr);
        QVERIFY(page.processes()
                    .topLevelItem(0)
                    ->data(RankTable::Bar, Qt::AccessibleTextRole)
                    .toString()
                    .startsWith(QLatin1String("computes ")));
        XyChart& chart = page.chart(RankPage::Balance);
        const QString before = chart.accessibleDescription();
        QTest::keyClick(&chart, Qt::Key_Right);
        QVERIFY(chart.accessibleDescription() != before);
        QVERIFY2(chart.accessibleDescription().contains(QLatin1String("Rank 1")),
                 qPrintable(chart.accessibleDescription()));
    }

    void lightDarkAndLargeAreDrawn()
    {
        RankPage& page = shown(m_ranks);
        const QImage light = page.grab().toImage();
        m_theme.setChoice(ThemeChoice::Dark);
        QVERIFY(page.grab().toImage().pixelColor(40, 60) != light.pixelColor(40, 60));
        m_theme.setChoice(ThemeChoice::Light);
        m_theme.setZoom(200);
        QVERIFY(!page.grab().isNull());
        m_theme.setZoom(100);
    }
};

QTEST_MAIN(RankPageTest)
#include "rank_page_test.moc"
