// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/charts.h"

#include <algorithm>

namespace vitrine::ui {
namespace {

constexpr int kLabelRoom = 10; // above the plot area: half the height of the topmost label
constexpr int kBarWidth = 3;   // of the 4 px a second takes in the dock
constexpr double kFullAlpha = 0.82;

QCPBars* addBars(QCPAxisRect& rect)
{
    auto* bars = new QCPBars(rect.axis(QCPAxis::atBottom), rect.axis(QCPAxis::atLeft));
    bars->setWidthType(QCPBars::wtAbsolute);
    bars->setWidth(kBarWidth);
    bars->setAntialiasedFill(false);
    bars->setPen(Qt::NoPen);
    return bars;
}

} // namespace

KvChart::KvChart(const Theme& theme, QWidget* parent) : ChartPlot(theme, parent)
{
    prepare(*axisRect(), kLabelRoom, kSpace2);
    m_cached = addGraph();
    for (auto it = m_used.rbegin(); it != m_used.rend(); ++it)
        *it = addGraph();
    m_total = addGraph();
    m_total->setAntialiased(false);
    m_cached->setAntialiased(true);
}

void KvChart::restyle()
{
    const Tokens& tokens = theme().tokens();
    styleAxes(*axisRect());
    for (std::size_t hue = 0; hue < kHues; ++hue) {
        m_used[hue]->setPen(Qt::NoPen);
        m_used[hue]->setBrush(blended(tokens.conversation(hue), kFullAlpha));
    }
    m_cached->setPen(thinPen(tokens.cachedInk));
    m_cached->setBrush(blended(tokens.cached, theme().isDark() ? 0.5 : 0.45));
    m_total->setPen(thinPen(tokens.freeLine));
}

void KvChart::setView(const LiveView& view)
{
    std::array<QVector<double>, kHues> used;
    QVector<double> time, cached, total;
    double top = 0, fullest = 0;
    for (std::size_t i = 0; i < view.bins.size(); ++i) {
        const LiveBin& bin = view.bins[i];
        if (bin.blocksTotal == 0)
            continue;
        time << binEnd(i);
        double sum = 0;
        for (std::size_t hue = 0; hue < kHues; ++hue) {
            sum += static_cast<double>(bin.blocksByHue[hue]);
            used[hue] << sum;
        }
        cached << double(bin.blocksReferenced) + bin.blocksCached;
        total << double(bin.blocksTotal);
        fullest = std::max(fullest, cached.back());
        top = total.back();
    }
    // A few blocks of thousands would be a flat line: the scale goes up to the fullest moment, rounded up.
    top = std::min(top, niceCeiling(std::max(1.2 * fullest, 16.0)));
    for (std::size_t hue = 0; hue < kHues; ++hue)
        m_used[hue]->setData(time, used[hue], true);
    m_cached->setData(time, cached, true);
    m_total->setData(time, total, true);
    if (top != m_top || top == 0) {
        m_top = top;
        yAxis->setRange(0, std::max(top, 1.0));
        if (top > 0)
            setMarks(*yAxis, {0, top / 2, top});
        else
            setMarks(*yAxis, {0});
    }
    replot(QCustomPlot::rpQueuedReplot);
}

PrefixChart::PrefixChart(const Theme& theme, QWidget* parent) : ChartPlot(theme, parent)
{
    prepare(*axisRect(), kLabelRoom, kSpace2);
    m_rate = addGraph();
    m_rate->setAntialiased(true);
    m_newest = new QCPItemTracer(this);
    m_newest->setClipToAxisRect(false);
    m_newest->setStyle(QCPItemTracer::tsCircle);
    m_newest->setSize(6);
    m_newest->setGraphKey(0);
    yAxis->setRange(0, 100);
    setMarks(*yAxis, {0, 50, 100});
}

void PrefixChart::restyle()
{
    const Tokens& tokens = theme().tokens();
    styleAxes(*axisRect());
    m_rate->setPen(thinPen(tokens.cachedInk));
    m_rate->setBrush(blended(tokens.cached, 0.16));
    m_newest->setPen(thinPen(tokens.cachedInk));
    m_newest->setBrush(tokens.cachedInk);
}

void PrefixChart::setView(const LiveView& view)
{
    QVector<double> time, rate;
    for (std::size_t i = 0; i < view.bins.size(); ++i) {
        const auto measured = view.bins[i].hitRate();
        if (!measured && rate.isEmpty())
            continue; // nothing to hold on to yet
        time << binEnd(i);
        rate << (measured ? 100 * *measured : rate.back());
    }
    m_rate->setData(time, rate, true);
    m_newest->setGraph(rate.isEmpty() ? nullptr : m_rate); // it complains about empty graphs
    m_newest->setVisible(!rate.isEmpty());
    replot(QCustomPlot::rpQueuedReplot);
}

BatchChart::BatchChart(const Theme& theme, QWidget* parent) : ChartPlot(theme, parent)
{
    plotLayout()->setRowSpacing(0);
    prepare(*axisRect(), kLabelRoom, kSpace2);
    m_lower = new QCPAxisRect(this);
    plotLayout()->addElement(1, 0, m_lower);
    prepare(*m_lower, kLabelRoom, kSpace2);
    plotLayout()->setRowStretchFactors({2.6, 1.0});
    for (QCPAxis* axis : m_lower->axes()) {
        axis->setLayer(QStringLiteral("axes"));
        axis->grid()->setLayer(QStringLiteral("grid"));
    }
    m_prefill = addBars(*axisRect());
    m_decode = addBars(*m_lower);
    m_budget = addGraph();
    m_budget->setAntialiased(false);
}

void BatchChart::restyle()
{
    const Tokens& tokens = theme().tokens();
    styleAxes(*axisRect());
    styleAxes(*m_lower);
    m_prefill->setBrush(tokens.prefill);
    m_decode->setBrush(tokens.decode);
    m_budget->setPen(thinPen(tokens.secondary, Qt::DashLine));
}

void BatchChart::setView(const LiveView& view)
{
    QVector<double> time, prefill, decode;
    double most = 0, mostRows = 0, budget = 0;
    for (std::size_t i = 1; i < view.bins.size(); ++i) {
        const LiveBin& bin = view.bins[i];
        time << binCentre(i);
        prefill << double(bin.prefillTokens);
        decode << double(bin.decodeRows);
        most = std::max(most, prefill.back());
        mostRows = std::max(mostRows, decode.back());
        budget = std::max(budget, double(bin.tokenBudget));
    }
    m_prefill->setData(time, prefill, true);
    m_decode->setData(time, decode, true);
    const double top = std::max({budget, most, 1.0});
    m_budget->setData({-double(LiveSeries::kSeconds), 0}, {budget, budget}, true);
    m_budget->setVisible(budget > 0);
    yAxis->setRange(0, top);
    if (budget > 0)
        setMarks(*yAxis, {0, top});
    else
        setMarks(*yAxis, {0});
    QCPAxis* rows = m_lower->axis(QCPAxis::atLeft);
    rows->setRange(0, niceCeiling(std::max(mostRows, 4.0)));
    setMarks(*rows, {0, rows->range().upper});
    replot(QCustomPlot::rpQueuedReplot);
}

PreemptionChart::PreemptionChart(const Theme& theme, QWidget* parent) : ChartPlot(theme, parent)
{
    prepare(*axisRect(), kLabelRoom, 24);
    m_bars = addBars(*axisRect());
    setTimeLabels(*xAxis);
}

void PreemptionChart::restyle()
{
    styleAxes(*axisRect());
    m_bars->setBrush(theme().tokens().preempted);
    setTimeLabels(*xAxis);
}

void PreemptionChart::setView(const LiveView& view)
{
    QVector<double> time, count;
    double most = 0;
    for (std::size_t i = 1; i < view.bins.size(); ++i) {
        time << binCentre(i);
        count << double(view.bins[i].preemptions);
        most = std::max(most, count.back());
    }
    m_bars->setData(time, count, true);
    const double top = niceCeiling(std::max(most, 2.0));
    yAxis->setRange(0, top);
    setMarks(*yAxis, {0, top});
    replot(QCustomPlot::rpQueuedReplot);
}

} // namespace vitrine::ui
