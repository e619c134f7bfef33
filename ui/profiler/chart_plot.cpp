// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/chart_plot.h"

#include "ui/profiler/live_series.h"

namespace vitrine::ui {
namespace {

constexpr int kLeastPlot = 36; // high: its labels stand apart

} // namespace

double binEnd(std::size_t index)
{
    return static_cast<double>(index) - static_cast<double>(LiveSeries::kSeconds);
}

double binCentre(std::size_t index)
{
    return binEnd(index) - 0.5;
}

double niceCeiling(double value)
{
    double ceiling = 1;
    while (ceiling < value)
        ceiling *= 2;
    return ceiling;
}

ChartPlot::ChartPlot(const Theme& theme, QWidget* parent) : QCustomPlot(parent), m_theme(theme)
{
    setFocusPolicy(Qt::NoFocus);
    // Only the two lines are smoothed (see their charts): 61 points each. Fills, bars and grid are not.
    setNotAntialiasedElements(QCP::aeAxes | QCP::aeGrid | QCP::aeSubGrid | QCP::aeFills | QCP::aeZeroLine);
    setPlottingHints(QCP::phCacheLabels);
    setAttribute(Qt::WA_TransparentForMouseEvents); // tooltips belong to the section around it
    connect(&theme, &Theme::changed, this, &ChartPlot::applyTheme);
}

void ChartPlot::showEvent(QShowEvent* event)
{
    if (!m_styled)
        applyTheme();
    QCustomPlot::showEvent(event);
}

void ChartPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange && m_styled)
        applyTheme();
    QCustomPlot::changeEvent(event);
}

void ChartPlot::applyTheme()
{
    m_styled = true;
    setBackground(QBrush(m_theme.tokens().window));
    restyle();
    int least = 0;
    for (const auto& [rect, margins] : m_margins)
        least += m_theme.scaled(margins.top() + kLeastPlot + margins.bottom());
    setMinimumHeight(least);
    replot(QCustomPlot::rpQueuedReplot);
}

void ChartPlot::prepare(QCPAxisRect& rect, int top, int bottom)
{
    rect.setAutoMargins(QCP::msNone);
    rect.setMinimumSize(10, 10);
    m_margins[&rect] = QMargins(kGutter, top, kRight, bottom);
    rect.axis(QCPAxis::atBottom)->setRange(-static_cast<double>(LiveSeries::kSeconds), 0);
    rect.axis(QCPAxis::atBottom)->setTickLabels(false);
    for (QCPAxis* axis : rect.axes()) {
        axis->setTicks(true);
        axis->setTickLength(0);
        axis->setSubTicks(false);
        axis->grid()->setSubGridVisible(false);
    }
    rect.axis(QCPAxis::atBottom)->grid()->setVisible(false);
}

void ChartPlot::styleAxes(QCPAxisRect& rect) const
{
    const Tokens& tokens = m_theme.tokens();
    rect.setMargins((QMarginsF(m_margins.at(&rect)) * m_theme.factor()).toMargins());
    for (QCPAxis* axis : rect.axes()) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setTickLabelColor(tokens.secondary);
        axis->setTickLabelFont(m_theme.font(TextSize::Small));
        axis->setTickLabelPadding(axis->orientation() == Qt::Vertical ? kSpace2 : kSpace1);
        axis->grid()->setPen(thinPen(tokens.grid));
        axis->grid()->setZeroLinePen(thinPen(tokens.border));
        axis->grid()->setLayer(QStringLiteral("grid"));
    }
}

void ChartPlot::setMarks(QCPAxis& axis, std::initializer_list<double> values)
{
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (const double value : values)
        ticker->addTick(value, QLocale().toString(value, 'f', 0));
    axis.setTicker(ticker);
}

void ChartPlot::setTimeLabels(QCPAxis& axis) const
{
    // Drawn inside the plot's width: the outer two labels lean inwards.
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    ticker->addTick(-54.5, tr("−60 s"));
    ticker->addTick(-40, tr("−40"));
    ticker->addTick(-20, tr("−20"));
    ticker->addTick(-3, tr("now"));
    axis.setTicker(ticker);
    axis.setTickLabels(true);
}

QPen ChartPlot::thinPen(const QColor& colour, Qt::PenStyle style)
{
    return QPen(colour, 1, style, Qt::FlatCap, Qt::MiterJoin);
}

QColor ChartPlot::blended(const QColor& over, double alpha) const
{
    const QColor& under = m_theme.tokens().window;
    const auto mix = [alpha](int a, int b) { return qRound(a * alpha + b * (1 - alpha)); };
    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()),
                  mix(over.blue(), under.blue()));
}

} // namespace vitrine::ui
