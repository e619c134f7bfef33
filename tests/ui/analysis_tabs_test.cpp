// SPDX-License-Identifier: GPL-3.0-or-later
// The analysing tabs of the Profiler over a real recording: the prefix tree, block life and ranks; what they
// say, what a click leads to, and that they follow the selection.
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>
#include <QTreeWidget>

#include "tests/recording/support/written_run.h"
#include "ui/profiler/analysis/analysis_card.h"
#include "ui/profiler/analysis/analysis_tabs.h"
#include "ui/profiler/analysis/block_life_page.h"
#include "ui/profiler/analysis/chart_texts.h"
#include "ui/profiler/analysis/figure_strip.h"
#include "ui/profiler/analysis/prefix_details.h"
#include "ui/profiler/analysis/prefix_page.h"
#include "ui/profiler/analysis/rank_page.h"
#include "ui/profiler/analysis/xy_chart.h"
#include "ui/profiler/metrics/metrics_page.h"
#include "ui/profiler/page/inspector.h"
#include "ui/profiler/page/profiler_page.h"
#include "ui/profiler/page/timeline_page.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/recording/recording_feed.h"
#include "ui/recording/recording_session.h"
#include "ui/shell/preferences.h"

using namespace vitrine;
using namespace vitrine::ui;
using namespace vitrine::tests;

namespace {

/// Three requests that begin alike and two others that do, in a pool too small for them all.
RecordedRun recordFamilies()
{
    RecordedRun run;
    RealEngine real;
    engine::EngineOptions options = testOptions();
    options.kvBlocks = 14;
    options.scheduler.watermark = 0.0;
    run.error = real.load(options);
    if (!run.error.empty())
        return run;
    engine::Recorder recorder;
    real.engine().record(&recorder);
    run.start = recorder.start();
    for (std::size_t i = 0; i < 5; ++i) {
        engine::GenerationRequest request;
        std::vector<engine::TokenId> prompt =
            madeUpTokens(2 * std::size_t(run.start.blockSize), i < 3 ? 0 : 1);
        for (const engine::TokenId token : madeUpTokens(10, 10 + i))
            prompt.push_back(token);
        request.prompt = std::move(prompt);
        request.maxTokens = 30;
        request.ignoreEndOfGeneration = true;
        real.submit(std::move(request));
    }
    while (real.engine().hasWork() && real.engine().step())
        for (engine::RecordedStep& step : recorder.take())
            run.steps.push_back(std::move(step));
    return run;
}

} // namespace

class AnalysisTabsTest : public QObject
{
    Q_OBJECT

private:
    static constexpr int kPatience = 60'000;

    Theme m_theme;
    RecordedRun m_run;
    QTemporaryDir m_folder;
    std::unique_ptr<Preferences> m_preferences;
    std::unique_ptr<RecordingSession> m_session;
    std::unique_ptr<ProfilerPage> m_page;

    QString written() const { return writtenRun(m_folder, m_run); }
    template<class Tab>
    Tab& tab() const
    {
        return *m_page->findChild<Tab*>();
    }
    template<class Tab>
    Tab& shown(const char* key) const
    {
        m_page->showTab(QLatin1String(key));
        [this] { QTRY_VERIFY_WITH_TIMEOUT(m_page->showsRecording(), kPatience); }();
        [this] {
            Tab& asked = tab<Tab>();
            QTRY_VERIFY_WITH_TIMEOUT(asked.isVisible() && !asked.isComputing(), kPatience);
        }();
        return tab<Tab>();
    }

private slots:
    void theMetricsTabListsSearchesCopiesAndSaves()
    {
        auto& page = shown<MetricsPage>("metrics");
        QTreeView& table = page.table();
        const int all = table.model()->rowCount();
        QVERIFY(all > 20);
        const auto cell = [&](const QString& name, int column) {
            for (int row = 0; row < table.model()->rowCount(); ++row)
                if (table.model()->index(row, MetricModel::Name).data().toString() == name)
                    return table.model()->index(row, column);
            return QModelIndex();
        };
        quint64 steps = 0;
        for (const engine::RecordedStep& step : m_run.steps)
            steps += step.record.step != 0 ? 1 : 0;
        QCOMPARE(cell(QStringLiteral("vitrine:engine_steps_total"), MetricModel::Value).data().toString(),
                 countText(steps));
        const QModelIndex first =
            cell(QStringLiteral("vitrine:time_to_first_token_seconds"), MetricModel::Median);
        QVERIFY2(first.data().toString().endsWith(QLatin1String("s")), qPrintable(first.data().toString()));
        const QModelIndex bars = first.siblingAtColumn(MetricModel::Course);
        QVERIFY(bars.data(MetricModel::BarsRole).toBool());
        double counted = 0;
        for (const double count : bars.data(MetricModel::PointsRole).value<QList<double>>())
            counted += count;
        QCOMPARE(counted, 5.0);
        QVERIFY(!page.grab().isNull());

        page.search().setText(QStringLiteral("first token"));
        QVERIFY(table.model()->rowCount() > 0 && table.model()->rowCount() < all);
        page.search().clear();
        QCOMPARE(table.model()->rowCount(), all);

        page.copyButton().click();
        QVERIFY(QGuiApplication::clipboard()->text().contains(
            QLatin1String("# TYPE vitrine:engine_steps_total")));
        QSignalSpy exported(m_session.get(), &RecordingSession::exported);
        const QString path = m_folder.filePath(QStringLiteral("m.prom"));
        page.save(path);
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, kPatience);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()), QGuiApplication::clipboard()->text());

        const TimeRange whole = m_session->summary().range;
        m_page->view().select({whole.startNs, whole.startNs + whole.length() / 3});
        QTRY_VERIFY_WITH_TIMEOUT(!page.isComputing(), kPatience);
        QVERIFY(cell(QStringLiteral("vitrine:engine_steps_total"), MetricModel::Value).data().toString() !=
                countText(steps));
    }

    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        m_theme.applyTo(*qApp);
        m_run = recordFamilies();
        QVERIFY2(m_run.error.empty(), m_run.error.c_str());
        QVERIFY(!written().isEmpty());
    }
    void init()
    {
        m_preferences = std::make_unique<Preferences>(m_folder.filePath(QStringLiteral("v.ini")));
        m_preferences->store().clear();
        m_session = std::make_unique<RecordingSession>(written());
        m_page = std::make_unique<ProfilerPage>(*m_preferences, m_theme);
        m_page->resize(1388, 820);
        addAnalysisTabs(*m_page, m_theme);
        m_page->setSession(m_session.get());
        m_page->show();
    }
    void cleanup()
    {
        m_page.reset();
        m_session.reset();
    }

    void whatPromptsShareIsATree()
    {
        PrefixPage& page = shown<PrefixPage>("prefixes");
        const PrefixModel& model = page.model();
        QVERIFY(model.picture());
        QCOMPARE(page.figures().figures()[0].value, QStringLiteral("5"));
        QCOMPARE(page.figures().figures()[1].value, QStringLiteral("2"));
        int shared = 0, rows = model.rowCount();
        for (int row = 0; row < rows; ++row) {
            const QModelIndex index = model.index(row, PrefixModel::Text);
            QVERIFY(index.data().toString().startsWith(QLatin1Char('<')));
            if (!model.hasChildren(index))
                continue;
            ++shared;
            QVERIFY(page.tree().isExpanded(index));
            QCOMPARE(model.parent(model.index(0, PrefixModel::Text, index)), index);
            QCOMPARE(model.index(row, PrefixModel::Requests).data().toString(),
                     QStringLiteral("%1 requests").arg(model.rowCount(index)));
        }
        QCOMPARE(rows, 2);
        QCOMPARE(shared, 2);
    }

    void whereTwoPartIsShownSideBySide()
    {
        PrefixPage& page = shown<PrefixPage>("prefixes");
        const auto& nodes = page.model().picture()->tree.nodes;
        quint32 parting = 0;
        for (quint32 node = 1; node < nodes.size(); ++node)
            if (nodes[node].hasDivergence && nodes[node].depth == 2)
                parting = node;
        QVERIFY(parting > 0);
        page.tree().setCurrentIndex(page.model().indexOf(parting));
        const QString text = page.details().text();
        QVERIFY2(text.contains("First difference") && text.contains("Here") && text.contains("The others"),
                 qPrintable(text));
        for (auto* button : page.details().findChildren<QAbstractButton*>())
            if (button->text() == QLatin1String("Go to the others"))
                button->click();
        QCOMPARE(page.tree().currentIndex().data(PrefixModel::NodeRole).toUInt(),
                 nodes[parting].divergence.sibling);
    }

    void aRequestOfTheTreeIsShownOnTheTimeline()
    {
        PrefixPage& page = shown<PrefixPage>("prefixes");
        const auto& nodes = page.model().picture()->tree.nodes;
        for (quint32 node = 1; node < nodes.size(); ++node)
            if (nodes[node].requests == 1 && nodes[node].named.front().value == 2)
                page.tree().setCurrentIndex(page.model().indexOf(node));
        QVERIFY(page.details().text().contains("Kyoto packing list"));
        emit page.details().requestPicked(engine::RequestId{2});
        QCOMPARE(m_page->currentTab(), QStringLiteral("timeline"));
        QTRY_COMPARE_WITH_TIMEOUT(m_page->timeline().inspector().subject(), Inspector::Subject::Request,
                                  kPatience);
    }

    void blockLifeShowsEvictionsAndPoolsOfOtherSizes()
    {
        BlockLifePage& page = shown<BlockLifePage>("blocks");
        QVERIFY(page.picture()->life.evicted > 0);
        for (const auto chart : {BlockLifePage::WhatIf, BlockLifePage::References, BlockLifePage::Lifetime,
                                 BlockLifePage::Idle}) {
            page.chart(chart).grab();
            QVERIFY(page.chart(chart).itemsDrawn() > 0);
            QVERIFY(!page.card(chart).title().isEmpty());
        }
        const ChartPicture& curve = page.chart(BlockLifePage::WhatIf).picture();
        bool present = false;
        for (const ChartMark& mark : curve.marks)
            present = present || (mark.text == QLatin1String("now") && mark.at == m_run.start.blocks);
        QVERIFY(present);
        QVERIFY(curve.tip(m_run.start.blocks).startsWith(QLatin1String("14 blocks: ")));
        QVERIFY(!page.card(BlockLifePage::WhatIf).note().isEmpty());
    }

    void everyPartOfAHistogramIsCounted()
    {
        const engine::Samples samples({0.001, 0.002, 0.002, 0.5, 0.0});
        HistogramLook look;
        look.text = secondsText;
        const ChartPicture picture = histogramOf({{&samples, &Tokens::accent}}, look);
        double sum = 0;
        for (const QPointF& point : picture.series.first().points)
            sum += point.y();
        QCOMPARE(sum, 5.0);
        const engine::Samples none, instants(std::vector<double>(3, 0.0));
        QVERIFY(histogramOf({{&none, &Tokens::accent}}, look).series.isEmpty());
        QVERIFY(histogramOf({{&instants, &Tokens::accent}}, look).series.isEmpty());
    }

    void theRankShowsStepsAgainstTheirPrediction()
    {
        RankPage& page = shown<RankPage>("ranks");
        quint64 steps = 0;
        for (const engine::RecordedStep& step : m_run.steps)
            steps += step.record.step != 0 ? 1 : 0;
        QCOMPARE(page.figures().figures()[0].value, QString::number(steps));
        QVERIFY(page.note().text().contains("one rank"));
        for (const auto chart : {RankPage::Times, RankPage::OverTime, RankPage::Ratio}) {
            page.chart(chart).grab();
            QVERIFY(page.chart(chart).itemsDrawn() > 0);
        }
        QVERIFY(page.slowest().topLevelItemCount() > 0);
        QTreeWidgetItem* slowest = page.slowest().topLevelItem(0);
        emit page.slowest().itemActivated(slowest, 0);
        QCOMPARE(m_page->currentTab(), QStringLiteral("timeline"));
        QTRY_COMPARE_WITH_TIMEOUT(m_page->timeline().inspector().subject(), Inspector::Subject::Step,
                                  kPatience);
    }

    void theSelectionIsWhatIsAnalysed()
    {
        RankPage& page = shown<RankPage>("ranks");
        QVERIFY(page.scope().startsWith(QLatin1String("Of the whole recording")));
        const int whole = page.figures().figures()[0].value.toInt();
        const TimeRange range = m_session->summary().range;
        m_page->view().select({range.startNs, range.startNs + range.length() / 2});
        QVERIFY(page.scope().startsWith(QLatin1String("Of the selection")));
        QTRY_VERIFY_WITH_TIMEOUT(!page.isComputing(), kPatience);
        const int part = page.figures().figures()[0].value.toInt();
        QVERIFY2(part > 0 && part < whole, qPrintable(QString::number(part)));
        m_page->view().clearSelection();
        QTRY_COMPARE_WITH_TIMEOUT(page.figures().figures()[0].value.toInt(), whole, kPatience);
    }

    void aTabThatIsNotSeenComputesNothing()
    {
        m_page->showTab(QStringLiteral("timeline"));
        QTRY_VERIFY_WITH_TIMEOUT(m_page->showsRecording(), kPatience);
        m_page->view().select(m_session->summary().range);
        QVERIFY(!tab<PrefixPage>().isComputing() && !tab<BlockLifePage>().isComputing());
    }

    void aChartIsReadWithTheKeyboard()
    {
        RankPage& page = shown<RankPage>("ranks");
        XyChart& chart = page.chart(RankPage::OverTime);
        QVERIFY(chart.focusPolicy() & Qt::TabFocus);
        const QString before = chart.accessibleDescription();
        QTest::keyClick(&chart, Qt::Key_Right);
        QVERIFY(chart.accessibleDescription() != before);
        QVERIFY(chart.accessibleDescription().contains("predicted"));
    }

    void aPlaceOfAChartOverTimeIsShownOnTheTimeline()
    {
        RankPage& page = shown<RankPage>("ranks");
        XyChart& chart = page.chart(RankPage::OverTime);
        const QPoint middle = chart.plotRect().center().toPoint();
        QTest::mouseMove(&chart, middle);
        QTest::mouseClick(&chart, Qt::LeftButton, {}, middle);
        QCOMPARE(m_page->currentTab(), QStringLiteral("timeline"));
        const TimeRange range = m_session->summary().range;
        QVERIFY(m_page->view().moment());
        QVERIFY(std::abs(double(*m_page->view().moment() - range.startNs) / double(range.length()) - 0.5) <
                0.1);
    }

    void aRecordingThatGrowsIsAnalysedAgain()
    {
        const auto feed = std::make_shared<RecordingFeed>();
        RecordingSession live(feed);
        m_page->setSession(&live);
        m_page->showTab(QStringLiteral("ranks"));
        RankPage& page = tab<RankPage>();
        const auto shownSteps = [&page] { return page.figures().figures()[0].value.toInt(); };
        feed->recorder().begin(m_run.start);
        const std::size_t half = m_run.steps.size() / 2;
        for (std::size_t i = 0; i < half; ++i)
            feed->recorder().push(m_run.steps[i]);
        QTRY_VERIFY_WITH_TIMEOUT(shownSteps() > 0 && !page.isComputing(), kPatience);
        const int first = shownSteps();
        for (std::size_t i = half; i < m_run.steps.size(); ++i)
            feed->recorder().push(m_run.steps[i]);
        QTRY_VERIFY_WITH_TIMEOUT(shownSteps() > first, kPatience);
        m_page->setSession(nullptr);
        QCOMPARE(shownSteps(), 0);
    }

    void axesOfAnyFiguresHaveFewMarks()
    {
        QCOMPARE(roundMarks(0, 10, 4), (QList<double>{0, 5, 10}));
        for (const auto& [from, to] : {std::pair(0.0, 1e-9), {5.0, 5.0}, {0.0, 1e15}, {0.3, 0.31}})
            QVERIFY(roundMarks(from, to, 4).size() <= 6);
        QVERIFY(logMarks(0, 1).isEmpty());
        QCOMPARE(logMarks(1, 10), (QList<double>{1, 2, 5, 10}));
    }

    void aRecordingThatGoesLeavesNothingBehind()
    {
        PrefixPage& page = shown<PrefixPage>("prefixes");
        QVERIFY(page.model().rowCount() > 0);
        m_session.reset();
        QTRY_COMPARE_WITH_TIMEOUT(page.model().rowCount(), 0, kPatience);
        QVERIFY(!page.isComputing());
        QCOMPARE(page.figures().figures()[0].value, QStringLiteral("0"));
    }

    void lightAndDarkAndLargeTextAreDrawn()
    {
        BlockLifePage& page = shown<BlockLifePage>("blocks");
        m_theme.setChoice(ThemeChoice::Dark);
        const QColor dark = page.grab().toImage().pixelColor(40, 60);
        m_theme.setChoice(ThemeChoice::Light);
        QVERIFY(page.grab().toImage().pixelColor(40, 60) != dark);
        m_theme.setZoom(200);
        QVERIFY(!page.grab().isNull());
        m_theme.setZoom(100);
    }
};

QTEST_MAIN(AnalysisTabsTest)
#include "analysis_tabs_test.moc"
