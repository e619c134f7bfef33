// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/ranks/rank_charts.h"

#include <algorithm>

#include <QCoreApplication>
#include <QLocale>

#include "engine/parallel/stage_plan.h"
#include "ui/bridge/engine_text.h"
#include "ui/profiler/analysis/chart_texts.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/theme/size_text.h"

namespace vitrine::ui {
namespace {

constexpr double kSeconds = 1e-9;
constexpr int kMostMarks = 12;
constexpr std::size_t kMostNamed = 8; // of processes, in a tip

QString text(const char* source)
{
    return QCoreApplication::translate("RankCharts", source);
}

/// What a mark says has little room.
QString shortText(const engine::RankEvent& event)
{
    switch (event.kind) {
    case engine::RankEventKind::Replaced:
        return text(QT_TRANSLATE_NOOP("RankCharts", "replaced"));
    case engine::RankEventKind::Renewed:
        return text(QT_TRANSLATE_NOOP("RankCharts", "began anew"));
    case engine::RankEventKind::Refused:
        return text(QT_TRANSLATE_NOOP("RankCharts", "failed"));
    case engine::RankEventKind::Fewer:
    case engine::RankEventKind::Changed:
    case engine::RankEventKind::Followed:
        return text(QT_TRANSLATE_NOOP("RankCharts", "%1 → %2"))
            .arg(countText(event.ranksBefore), countText(event.ranksNow));
    }
    return {};
}

QColor Tokens::*colourOf(const engine::RankEvent& event)
{
    switch (event.kind) {
    case engine::RankEventKind::Changed:
    case engine::RankEventKind::Followed:
        return &Tokens::secondary;
    case engine::RankEventKind::Refused:
        return &Tokens::danger;
    default:
        return &Tokens::warning;
    }
}

QList<ChartMark> marksOf(const StepsPicture& steps)
{
    QList<ChartMark> marks;
    for (const engine::RankEvent& event : steps.ranks.events)
        if (marks.size() < kMostMarks)
            marks.append(
                {double(event.startNs - steps.startNs) * kSeconds, shortText(event), colourOf(event)});
    return marks;
}

/// The stretch that a place of the time axis lies in.
const engine::RankStretch& stretchAt(const StepsPicture& steps, double at)
{
    const auto& all = steps.ranks.stretches;
    const qint64 ns = steps.startNs + qint64(at / kSeconds);
    const auto after = std::partition_point(
        all.begin(), all.end(), [ns](const engine::RankStretch& each) { return each.startNs <= ns; });
    return *(after == all.begin() ? after : after - 1);
}

void addTimeAxis(ChartPicture& chart, const StepsPicture& steps)
{
    for (const engine::RankStretch& stretch : steps.ranks.stretches)
        chart.stops.append(double(stretch.startNs - steps.startNs) * kSeconds);
    double last = chart.stops.last();
    for (const ChartMark& mark : chart.marks)
        last = std::max(last, mark.at);
    chart.x = timeAxis(chart.stops.first(), std::max(last, chart.stops.first() + kSeconds));
}

QString busyTip(const StepsPicture& steps, double at)
{
    const engine::RankStretch& stretch = stretchAt(steps, at);
    QStringList said;
    for (std::size_t i = 0; i < std::min(stretch.busy.size(), kMostNamed); ++i)
        said << text(QT_TRANSLATE_NOOP("RankCharts", "%1 %2"))
                    .arg(RankCharts::nameOf(steps.ranks, i), percentText(stretch.busy[i]));
    if (stretch.busy.size() > kMostNamed)
        said << text(QT_TRANSLATE_NOOP("RankCharts", "others %1 to %2"))
                    .arg(percentText(stretch.least), percentText(stretch.most));
    return text(QT_TRANSLATE_NOOP("RankCharts", "%1 steps, computing: %2"))
        .arg(countText(stretch.steps), said.join(QStringLiteral(", ")));
}

} // namespace

QString RankCharts::nameOf(const engine::RankBalance& balance, std::size_t process)
{
    const auto all = quint32(std::max<std::size_t>(balance.processes.size(), 1));
    const engine::StagePlan plan{balance.stages, std::max(all / std::max(balance.stages, 1U), 1U)};
    const QString rank = countText(plan.rankOf(quint32(process)));
    if (plan.stages == 1)
        return text(QT_TRANSLATE_NOOP("RankCharts", "Rank %1")).arg(rank);
    const QString stage = countText(plan.stageOf(quint32(process)) + 1), stages = countText(plan.stages);
    if (plan.ranks == 1)
        return text(QT_TRANSLATE_NOOP("RankCharts", "Stage %1 of %2")).arg(stage, stages);
    return text(QT_TRANSLATE_NOOP("RankCharts", "Rank %1 of stage %2 of %3")).arg(rank, stage, stages);
}

QString RankCharts::rateText(double bytesPerSecond)
{
    return text(QT_TRANSLATE_NOOP("RankCharts", "%1/s"))
        .arg(sizeText(quint64(std::clamp(bytesPerSecond, 0.0, 1e18))));
}

QString RankCharts::said(const engine::RankEvent& event)
{
    const QString now = countText(event.ranksNow), before = countText(event.ranksBefore);
    const QString reason = EngineText::translated(event.reason);
    switch (event.kind) {
    case engine::RankEventKind::Replaced:
        return text(QT_TRANSLATE_NOOP("RankCharts", "Replaced: %1")).arg(reason);
    case engine::RankEventKind::Renewed:
        return text(QT_TRANSLATE_NOOP("RankCharts", "All began anew: %1")).arg(reason);
    case engine::RankEventKind::Fewer:
        return text(QT_TRANSLATE_NOOP("RankCharts", "Processes: %1 → %2, it failed too often: %3"))
            .arg(before, now, reason);
    case engine::RankEventKind::Refused:
        return text(QT_TRANSLATE_NOOP("RankCharts", "Could not be replaced: %1")).arg(reason);
    case engine::RankEventKind::Changed:
        return text(QT_TRANSLATE_NOOP("RankCharts", "Processes: %1 → %2, as asked for")).arg(before, now);
    case engine::RankEventKind::Followed:
        return text(QT_TRANSLATE_NOOP("RankCharts", "Processes: %1 → %2, as the load has it"))
            .arg(before, now);
    }
    return {};
}

ChartPicture RankCharts::balance(const SharedSteps& picture)
{
    const StepsPicture& steps = *picture;
    ChartPicture chart;
    chart.empty = text(QT_TRANSLATE_NOOP("RankCharts", "No step of this stretch was shared."));
    if (steps.ranks.stretches.empty())
        return chart;
    ChartSeries most, least;
    most.form = least.form = ChartSeries::Form::Area;
    most.colour = &Tokens::queued;
    most.opacity = 0.5;
    least.colour = &Tokens::decodeInk;
    least.fill = &Tokens::decode;
    for (const engine::RankStretch& stretch : steps.ranks.stretches) {
        const double at = double(stretch.startNs - steps.startNs) * kSeconds;
        most.points.append({at, stretch.most});
        least.points.append({at, stretch.least});
    }
    chart.series = {most, least};
    chart.marks = marksOf(steps);
    addTimeAxis(chart, steps);
    chart.x.title = text(QT_TRANSLATE_NOOP("RankCharts", "Computing, of the forward passes"));
    chart.y.marks = {0, 0.5, 1};
    chart.y.text = percentText;
    chart.tip = [picture](double at) { return busyTip(*picture, at); };
    const engine::RankStretch& last = steps.ranks.stretches.back();
    chart.said =
        text(QT_TRANSLATE_NOOP("RankCharts", "At the end the busiest process computed %1 of the time, "
                                             "the least busy one %2"))
            .arg(percentText(last.most), percentText(last.least));
    return chart;
}

ChartPicture RankCharts::link(const SharedSteps& picture)
{
    const StepsPicture& steps = *picture;
    ChartPicture chart;
    chart.empty = text(QT_TRANSLATE_NOOP("RankCharts", "No step of this stretch was shared."));
    if (steps.ranks.stretches.empty())
        return chart;
    ChartSeries rate;
    rate.form = ChartSeries::Form::Area;
    rate.colour = &Tokens::accent;
    rate.fill = &Tokens::accentMuted;
    double most = 1;
    for (const engine::RankStretch& stretch : steps.ranks.stretches) {
        rate.points.append({double(stretch.startNs - steps.startNs) * kSeconds, stretch.bytesPerSecond});
        most = std::max(most, stretch.bytesPerSecond);
    }
    chart.series = {rate};
    chart.marks = marksOf(steps);
    addTimeAxis(chart, steps);
    chart.x.title = text(QT_TRANSLATE_NOOP("RankCharts", "Sent between processes while steps were computed"));
    chart.y.to = most * 1.05;
    chart.y.marks = {0, most / 2, most};
    chart.y.text = rateText;
    chart.tip = [picture](double at) {
        const engine::RankStretch& stretch = stretchAt(*picture, at);
        return text(QT_TRANSLATE_NOOP("RankCharts", "%1, %2 of the time in exchanging"))
            .arg(rateText(stretch.bytesPerSecond), percentText(stretch.sumShare));
    };
    chart.said = text(QT_TRANSLATE_NOOP("RankCharts", "%1 on average, %2 of the time in exchanging"))
                     .arg(rateText(steps.ranks.linkBytesPerSecond()), percentText(steps.ranks.sumShare()));
    return chart;
}

ChartPicture RankCharts::skew(const SharedSteps& picture)
{
    HistogramLook look;
    look.text = secondsText;
    look.mark = shortSecondsText;
    look.empty = text(QT_TRANSLATE_NOOP("RankCharts", "No step of this stretch was shared."));
    ChartPicture chart = histogramOf({{&picture->ranks.skews, &Tokens::accentMuted}}, look);
    chart.x.title =
        text(QT_TRANSLATE_NOOP("RankCharts", "From the fastest to the slowest process of a step"));
    chart.said = percentilesText(picture->ranks.skews, secondsText);
    return chart;
}

} // namespace vitrine::ui
