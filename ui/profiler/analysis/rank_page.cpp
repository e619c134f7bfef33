// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/rank_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/profiler/analysis/analysis_card.h"
#include "ui/profiler/analysis/cell_delegate.h"
#include "ui/profiler/analysis/chart_texts.h"
#include "ui/profiler/analysis/figure_strip.h"
#include "ui/profiler/inspect/part_bar.h"
#include "ui/profiler/page/legend_swatch.h"
#include "ui/profiler/ranks/rank_table.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/recording/recording_session.h"

namespace vitrine::ui {
namespace {

constexpr double kSeconds = 1e-9;
constexpr int kStepRole = RankPage::kStepRole;
constexpr int kSlowHeight = 120, kFiguresWidth = 80;
constexpr int kSlowColumns = 6, kUnevenColumns = 5, kEventColumns = 3;

QString timesText(double ratio)
{
    return QLocale().toString(ratio, 'f', ratio < 9.995 ? 2 : 1) + QStringLiteral(" ×");
}

/// Each in its colour; what was hidden behind the forward pass took no time of its own.
std::vector<BarPart> partsOf(const StepTotals& totals)
{
    const double host = std::max(totals.scheduleNs + totals.emitNs - totals.hiddenNs, 0.0);
    const double all = totals.forwardNs + totals.transferNs + totals.sampleNs + host;
    const auto text = [all](const QString& name, double ns) {
        return RankPage::tr("%1: %2, %3").arg(name, durationText(ns), percentText(all > 0 ? ns / all : 0));
    };
    return {
        {totals.forwardNs, &Tokens::decode, text(RankPage::tr("Forward pass"), totals.forwardNs)},
        {totals.transferNs, &Tokens::preempted, text(RankPage::tr("Copies of blocks"), totals.transferNs)},
        {totals.sampleNs, &Tokens::sampling, text(RankPage::tr("Sampling"), totals.sampleNs)},
        {host, &Tokens::queued, text(RankPage::tr("Host, not hidden"), host)}};
}

} // namespace

RankPage::RankPage(TimeView& view, const Theme& theme, QWidget* parent)
    : AnalysisTab(view, theme, parent), m_figures(new FigureStrip(theme))
{
    build();
    retranslate();
}

QWidget* RankPage::buildRank()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace2);
    m_rank = new QLabel;
    m_rank->setTextFormat(Qt::PlainText);
    m_rank->setWordWrap(true);
    m_bar = new PartBar({}, theme());
    m_note = new QLabel;
    m_note->setProperty("role", "small");
    m_note->setWordWrap(true);
    m_processes = new RankTable(theme());
    column->addWidget(m_processes);
    column->addWidget(m_rank);
    column->addWidget(m_bar);
    column->addWidget(m_note);
    return box;
}

void RankPage::buildCharts()
{
    for (std::size_t i = 0; i < kCharts; ++i) {
        m_charts[i] = new XyChart(theme());
        m_cards[i] = new AnalysisCard(m_charts[i], theme());
    }
}

QTreeWidget* RankPage::buildList(int columns)
{
    auto* list = new QTreeWidget;
    list->setColumnCount(columns);
    list->setRootIsDecorated(false);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setUniformRowHeights(true);
    list->setAllColumnsShowFocus(true);
    list->setItemDelegate(new CellDelegate(theme(), list));
    list->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);
    list->header()->setStretchLastSection(false);
    list->header()->setMinimumSectionSize(0);
    list->header()->setSectionResizeMode(QHeaderView::Stretch);
    theme().follow(this, [this, list] { list->setMinimumHeight(theme().scaled(kSlowHeight)); });
    return list;
}

void RankPage::build()
{
    m_rankCard = new AnalysisCard(buildRank(), theme());
    buildCharts();
    m_slowest = buildList(kSlowColumns);
    m_slowCard = new AnalysisCard(m_slowest, theme());
    m_uneven = buildList(kUnevenColumns);
    m_unevenCard = new AnalysisCard(m_uneven, theme());
    m_events = buildList(kEventColumns);
    m_eventCard = new AnalysisCard(m_events, theme());
    theme().follow(m_events, [this] {
        for (const int figures : {0, 2}) { // a sentence lies between them
            m_events->header()->setSectionResizeMode(figures, QHeaderView::Fixed);
            m_events->header()->resizeSection(figures, theme().scaled(kFiguresWidth));
        }
    });
    column().addWidget(m_figures);
    column().addWidget(m_rankCard);
    addRow({m_cards[Balance], m_cards[Link]}, kLeastCard, 1);
    addRow({m_cards[Skew], m_unevenCard, m_eventCard}, kLeastCard, 1);
    addRow({m_cards[Times], m_cards[Ratio]}, kLeastCard, 1);
    addRow({m_cards[OverTime], m_slowCard}, kLeastCard, 1);
    connectAll();
}

void RankPage::connectAll()
{
    for (const Chart overTime : {OverTime, Balance, Link})
        connect(m_charts[overTime], &XyChart::picked, this, [this](double seconds) {
            emit momentPicked(m_picture->startNs + qint64(seconds / kSeconds));
        });
    for (QTreeWidget* steps : {m_slowest, m_uneven})
        connect(steps, &QTreeWidget::itemActivated, this,
                [this](QTreeWidgetItem* item) { emit stepPicked(item->data(0, kStepRole).toULongLong()); });
    connect(m_events, &QTreeWidget::itemActivated, this,
            [this](QTreeWidgetItem* item) { emit momentPicked(item->data(0, kStepRole).toLongLong()); });
}

void RankPage::listen(RecordingSession& session)
{
    connect(&session, &RecordingSession::stepsReady, this, [this](const SharedSteps& picture) {
        if (take(picture->query, true))
            setPicture(picture);
    });
}

void RankPage::ask(RecordingSession& session, const AnalysisQuery& query)
{
    session.askSteps(query);
}

void RankPage::clear()
{
    setPicture({});
}

void RankPage::setPicture(const SharedSteps& picture)
{
    m_picture = picture;
    showAll();
}

void RankPage::showAll()
{
    if (!m_picture)
        m_picture = std::make_shared<const StepsPicture>();
    showFigures();
    showRank();
    showTimes();
    showOverTime();
    showRatio();
    showSlowest();
    showProcesses();
    showUneven();
    showEvents();
}

void RankPage::showFigures()
{
    const StepsPicture& steps = *m_picture;
    const auto time = [](const engine::Samples& samples, double share) {
        return samples.empty() ? QStringLiteral("–") : secondsText(samples.percentile(share));
    };
    const auto times = [&steps](double share) {
        return steps.ratio.empty() ? QStringLiteral("–") : timesText(steps.ratio.percentile(share));
    };
    QList<Figure> figures = {
        {countText(steps.steps), {}, tr("steps"), {}},
        {time(steps.decodes, 0.5), {}, tr("decodes alone, p50"), {}},
        {time(steps.decodes, 0.95), {}, tr("decodes alone, p95"), {}},
        {time(steps.prompts, 0.5), {}, tr("with prompt tokens, p50"), {}},
        {time(steps.prompts, 0.95), {}, tr("with prompt tokens, p95"), {}},
        {times(0.5),
         {},
         tr("of prediction, p50"),
         tr("The scheduler predicts each forward pass from those before it.")},
        {times(0.95),
         {},
         tr("of prediction, p95"),
         tr("Far above 1: some steps take much longer than steps like them, as when threads or other "
            "programs compete for the cores.")}};
    m_figures->setFigures(figures + rankFigures());
}

void RankPage::showRank()
{
    const std::vector<BarPart> parts = partsOf(m_picture->totals);
    QStringList said;
    for (const BarPart& part : parts)
        if (part.amount > 0)
            said << part.text;
    const bool alone = m_picture->ranks.alone();
    m_processes->setVisible(!alone);
    m_rank->setVisible(alone);
    m_rank->setText(m_picture->steps > 0
                        ? tr("Rank 0") + QStringLiteral("   ") + said.join(QStringLiteral("   "))
                        : tr("Rank 0: no step lies in this stretch."));
    auto* bar = new PartBar(parts, theme());
    delete m_bar->parentWidget()->layout()->replaceWidget(m_bar, bar);
    delete m_bar;
    m_bar = bar;
    m_bar->setVisible(alone);
}

void RankPage::showTimes()
{
    HistogramLook look;
    look.text = secondsText;
    look.mark = shortSecondsText;
    look.empty = tr("No step lies in this stretch.");
    ChartPicture chart =
        histogramOf({{&m_picture->decodes, &Tokens::decode}, {&m_picture->prompts, &Tokens::prefill}}, look);
    chart.x.title = tr("Forward time of a step");
    chart.said = tr("Decodes alone") + QLatin1String(": ") +
                 percentilesText(m_picture->decodes, secondsText) + QLatin1String("; ") +
                 tr("With prompt tokens") + QLatin1String(": ") +
                 percentilesText(m_picture->prompts, secondsText);
    m_charts[Times]->setPicture(std::move(chart));
}

void RankPage::showRatio()
{
    HistogramLook look;
    look.colour = &Tokens::accentMuted;
    look.text = timesText;
    look.mark = [](double ratio) { return QLocale().toString(ratio, 'g', 6) + QStringLiteral(" ×"); };
    look.empty = tr("No step of this stretch has a prediction.");
    ChartPicture chart = histogramOf({{&m_picture->ratio, &Tokens::accentMuted}}, look);
    chart.marks.append({1.0, tr("as predicted"), &Tokens::accentText});
    chart.x.title = tr("Measured by predicted time");
    chart.said = percentilesText(m_picture->ratio, timesText);
    m_cards[Ratio]->setNote(chart.said);
    m_charts[Ratio]->setPicture(std::move(chart));
}

void RankPage::showOverTime()
{
    const QList<StepMeans>& means = m_picture->means;
    ChartPicture chart;
    chart.empty = tr("No step of this stretch has a prediction.");
    if (!means.isEmpty()) {
        ChartSeries measured, predicted;
        measured.form = ChartSeries::Form::Area;
        measured.colour = &Tokens::decodeInk;
        measured.fill = &Tokens::decode;
        predicted.colour = &Tokens::text;
        double most = 0;
        for (const StepMeans& each : means) {
            const double at = double(each.startNs - m_picture->startNs) * kSeconds;
            measured.points.append({at, each.forwardNs * kSeconds});
            predicted.points.append({at, each.predictedNs * kSeconds});
            most = std::max({most, each.forwardNs * kSeconds, each.predictedNs * kSeconds});
            chart.stops.append(at);
        }
        chart.series = {measured, predicted};
        chart.x = timeAxis(chart.stops.first(), chart.stops.last());
        chart.x.title = tr("Measured and predicted over time");
        chart.y.to = std::max(most * 1.05, 1e-9);
        chart.y.marks = roundMarks(0, chart.y.to, 3);
        chart.y.text = secondsText;
        chart.tip = [picture = m_picture](double at) {
            const qint64 ns = picture->startNs + qint64(at / kSeconds);
            const auto after =
                std::partition_point(picture->means.begin(), picture->means.end(),
                                     [ns](const StepMeans& each) { return each.startNs <= ns; });
            const StepMeans& each = *(after == picture->means.begin() ? after : after - 1);
            return tr("%1 steps: %2 on average, %3 predicted")
                .arg(countText(each.steps), durationText(each.forwardNs), durationText(each.predictedNs));
        };
    }
    m_charts[OverTime]->setPicture(std::move(chart));
}

void RankPage::showSlowest()
{
    m_slowest->clear();
    for (const SlowStep& step : m_picture->slowest) {
        auto* item =
            new QTreeWidgetItem({countText(step.step), placeText(step.startNs - m_picture->startNs, 1e7),
                                 durationText(step.forwardNs), durationText(step.predictedNs),
                                 countText(step.prefillTokens), countText(step.decodeTokens)});
        item->setData(0, kStepRole, qulonglong(step.step));
        for (int column = 0; column < kSlowColumns; ++column)
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        m_slowest->addTopLevelItem(item);
    }
    m_slowCard->setNote(m_picture->slowest.isEmpty() ? tr("none took longer than predicted")
                                                     : tr("activate one to see it on the timeline"));
}

void RankPage::retranslate()
{
    m_rankCard->setTitle(tr("Ranks"));
    m_cards[Times]->setTitle(tr("Forward time of a step"));
    m_cards[Times]->legend().setItems({legendSwatch(theme(), tr("Decodes alone"), &Tokens::decode),
                                       legendSwatch(theme(), tr("With prompt tokens"), &Tokens::prefill)});
    m_cards[Ratio]->setTitle(tr("Unevenness"),
                             tr("How long each forward pass took, as a multiple of what was predicted."));
    m_cards[OverTime]->setTitle(tr("Forward time"));
    m_cards[OverTime]->legend().setItems({legendSwatch(theme(), tr("Measured"), &Tokens::decode),
                                          legendSwatch(theme(), tr("Predicted"), &Tokens::text, true)});
    m_slowCard->setTitle(tr("Furthest beyond the prediction"));
    m_slowest->setAccessibleName(tr("Furthest beyond the prediction"));
    m_slowest->setHeaderLabels(
        {tr("Step"), tr("At"), tr("Took"), tr("Predicted"), tr("Prompt"), tr("Decode")});
    for (int column = 0; column < kSlowColumns; ++column)
        m_slowest->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    nameRanks();
    showAll();
}

} // namespace vitrine::ui
