// SPDX-License-Identifier: GPL-3.0-or-later
// RankPage: what it shows of several processes.
#include "ui/profiler/analysis/rank_page.h"

#include <QLabel>
#include <QTreeWidget>

#include "ui/profiler/analysis/analysis_card.h"
#include "ui/profiler/analysis/chart_texts.h"
#include "ui/profiler/page/legend_swatch.h"
#include "ui/profiler/ranks/rank_charts.h"
#include "ui/profiler/ranks/rank_table.h"
#include "ui/profiler/timeline/time_text.h"

namespace vitrine::ui {
namespace {

constexpr double kPlaceStep = 1e7; // hundredths of a second

void addLine(QTreeWidget& list, const QStringList& texts, qlonglong of)
{
    auto* item = new QTreeWidgetItem(texts);
    item->setData(0, RankPage::kStepRole, of);
    for (int column = 0; column < texts.size(); ++column)
        item->setTextAlignment(column, Qt::AlignLeft | Qt::AlignVCenter);
    list.addTopLevelItem(item);
}

void alignRight(QTreeWidget& list, std::initializer_list<int> columns)
{
    for (const int column : columns) {
        list.headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        for (int row = 0; row < list.topLevelItemCount(); ++row)
            list.topLevelItem(row)->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    }
}

} // namespace

/// Of one process none.
QList<Figure> RankPage::rankFigures() const
{
    const engine::RankBalance& ranks = m_picture->ranks;
    if (ranks.alone())
        return {};
    return {{secondsText(ranks.skews.median()),
             {},
             tr("skew, p50"),
             tr("Within a step: from the process that computed least to the one that did most.")},
            {secondsText(ranks.skews.percentile(0.95)), {}, tr("skew, p95"), {}},
            {percentText(ranks.waitShare()), {}, tr("waiting or idle"), tr("The mean of all processes.")},
            {percentText(ranks.sumShare()), {}, tr("exchanging"), tr("The mean of all processes.")},
            {percentText(ranks.hiddenShare()),
             {},
             tr("of waits hidden"),
             tr("Of the time in which others were late, the part in which a process computed on.")},
            {RankCharts::rateText(ranks.linkBytesPerSecond()),
             {},
             tr("between processes"),
             tr("What all of them sent, while steps were computed.")}};
}

void RankPage::showProcesses()
{
    const engine::RankBalance& ranks = m_picture->ranks;
    const bool several = !ranks.alone();
    m_note->setText(
        several
            ? tr("Each process waits for the slowest one several times in each layer, or, as a stage, for "
                 "the one before it. When within a step is not recorded, only how long.")
            : tr("This recording has one rank: the whole model is computed by one process, so there is "
                 "nobody to wait for. Several have a line each here, with their times and how long they "
                 "waited for others (Settings, Processes; --ranks, --stages). What single threads do "
                 "within a step is not recorded; where they hinder each other, steps take longer than "
                 "predicted."));
    m_processes->setBalance(ranks);
    m_rankCard->setNote(several ? tr("%1 steps were shared").arg(countText(ranks.steps)) : QString());
    m_rankCard->legend().setVisible(several);
    const std::array charts = {std::pair{Balance, &RankCharts::balance}, std::pair{Link, &RankCharts::link},
                               std::pair{Skew, &RankCharts::skew}};
    for (const auto& [chart, draw] : charts) {
        ChartPicture picture = draw(m_picture);
        m_cards[chart]->setNote(picture.said);
        m_charts[chart]->setPicture(std::move(picture));
        m_cards[chart]->setVisible(several);
    }
}

void RankPage::showUneven()
{
    m_uneven->clear();
    for (const engine::UnevenStep& step : m_picture->ranks.uneven)
        addLine(*m_uneven,
                {countText(step.step), placeText(step.startNs - m_picture->startNs, kPlaceStep),
                 durationText(double(step.skew.ns)), durationText(step.forwardNs),
                 RankCharts::nameOf(m_picture->ranks, step.skew.slowest)},
                qlonglong(step.step));
    alignRight(*m_uneven, {0, 1, 2, 3});
    m_unevenCard->setNote(tr("activate one to see it on the timeline"));
    m_unevenCard->setVisible(!m_picture->ranks.alone());
}

/// Newest first.
void RankPage::showEvents()
{
    const engine::RankBalance& ranks = m_picture->ranks;
    m_events->clear();
    for (auto event = ranks.events.rbegin(); event != ranks.events.rend(); ++event)
        addLine(*m_events,
                {placeText(event->startNs - m_picture->startNs, kPlaceStep), RankCharts::said(*event),
                 durationText(double(event->endNs - event->startNs))},
                event->startNs);
    for (int row = 0; row < m_events->topLevelItemCount(); ++row)
        m_events->topLevelItem(row)->setToolTip(1, m_events->topLevelItem(row)->text(1));
    alignRight(*m_events, {0, 2});
    m_eventCard->setNote(ranks.events.empty() ? tr("no process failed") : countText(ranks.eventCount));
    m_eventCard->setVisible(!ranks.alone() || !ranks.events.empty());
}

void RankPage::nameRanks()
{
    m_rankCard->legend().setItems({legendSwatch(theme(), tr("Computes"), RankBarDelegate::colour(0)),
                                   legendSwatch(theme(), tr("Exchanges"), RankBarDelegate::colour(1)),
                                   legendSwatch(theme(), tr("Waits"), RankBarDelegate::colour(2)),
                                   legendSwatch(theme(), tr("Idle"), RankBarDelegate::colour(3))});
    m_cards[Balance]->setTitle(
        tr("Load balance"),
        tr("How much of the forward passes the busiest and the least busy process computed."));
    m_cards[Balance]->legend().setItems({legendSwatch(theme(), tr("Least busy"), &Tokens::decode),
                                         legendSwatch(theme(), tr("Busiest"), &Tokens::queued)});
    m_cards[Link]->setTitle(tr("Between processes"), tr("Bytes that they sent while steps were computed."));
    m_cards[Skew]->setTitle(tr("Skew"), tr("How far the processes of a step were apart."));
    m_unevenCard->setTitle(tr("Least even steps"));
    m_uneven->setAccessibleName(tr("Least even steps"));
    m_uneven->setHeaderLabels({tr("Step"), tr("At"), tr("Apart"), tr("Took"), tr("Slowest")});
    m_eventCard->setTitle(tr("Failures and changes"));
    m_events->setAccessibleName(tr("Failures and changes"));
    m_events->setHeaderLabels({tr("At"), tr("What happened"), tr("Took")});
}

} // namespace vitrine::ui
