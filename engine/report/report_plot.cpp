// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/report/report_plot.h"

#include <algorithm>
#include <cmath>

namespace vitrine::engine {

namespace {

constexpr int kMostTicksX = 8, kMostTicksY = 5;

} // namespace

double niceStep(double range, int most)
{
    if (!(range > 0.0) || !std::isfinite(range))
        return 1.0;
    const double power = std::pow(10.0, std::floor(std::log10(range / most)));
    for (const double times : {1.0, 2.0, 5.0})
        if (range / (times * power) <= most)
            return times * power;
    return 10.0 * power;
}

ReportPlot::ReportPlot(Axes axes) : m_axes(std::move(axes))
{
    if (!(m_axes.xHigh > m_axes.xLow) || !std::isfinite(m_axes.xHigh - m_axes.xLow))
        m_axes.xHigh = m_axes.xLow + 1.0;
    if (!(m_axes.yHigh > 0.0) || !std::isfinite(m_axes.yHigh))
        m_axes.yHigh = 1.0;
    if (m_axes.roundTop) {
        const double step = niceStep(m_axes.yHigh, kMostTicksY);
        m_axes.yHigh = std::ceil(m_axes.yHigh / step - 1e-9) * step;
    }
    drawAxes();
}

void ReportPlot::drawAxes()
{
    const double right = kReportWidth - m_axes.right, bottom = m_axes.height - m_axes.bottom;
    if (m_axes.yWords) {
        const double step = niceStep(m_axes.yHigh, kMostTicksY);
        for (int i = 0; i <= kMostTicksY + 1 && i * step <= m_axes.yHigh * 1.0001; ++i) {
            const double y = yAt(i * step);
            m_shapes.emplace_back(ReportLine{{{m_axes.left, y}, {right, y}}, ReportColour::Grid, 1.0, false});
            m_shapes.emplace_back(ReportLabel{m_axes.left - 6.0, y + 4.0, m_axes.yWords(i * step),
                                              ReportColour::Secondary, ReportAnchor::End});
        }
    }
    if (!m_axes.xWords)
        return;
    const double step = niceStep(m_axes.xHigh - m_axes.xLow, kMostTicksX);
    const double first = std::ceil(m_axes.xLow / step - 1e-9) * step;
    for (int i = 0; i <= kMostTicksX + 1 && first + i * step <= m_axes.xHigh + step * 1e-6; ++i) {
        const double x = xAt(first + i * step);
        const ReportAnchor anchor = x > right - 16.0 ? ReportAnchor::End : ReportAnchor::Middle;
        m_shapes.emplace_back(ReportLine{{{x, bottom}, {x, bottom + 4.0}}, ReportColour::Grid, 1.0, false});
        m_shapes.emplace_back(ReportLabel{x, m_axes.height - 5.0, m_axes.xWords(first + i * step),
                                          ReportColour::Secondary, anchor});
    }
}

double ReportPlot::xAt(double value) const
{
    const double share = (value - m_axes.xLow) / (m_axes.xHigh - m_axes.xLow);
    const double at = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
    return m_axes.left + at * (kReportWidth - m_axes.left - m_axes.right);
}

double ReportPlot::yAt(double value) const
{
    const double share = value / m_axes.yHigh;
    const double at = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
    return m_axes.height - m_axes.bottom - at * (m_axes.height - m_axes.top - m_axes.bottom);
}

void ReportPlot::line(std::span<const ReportPoint> points, ReportColour colour, double width, bool dashed)
{
    ReportLine line{{}, colour, width, dashed};
    for (const ReportPoint& point : points)
        line.points.push_back({xAt(point.x), yAt(point.y)});
    if (line.points.size() > 1)
        m_shapes.emplace_back(std::move(line));
}

void ReportPlot::band(std::span<const ReportPoint> low, std::span<const ReportPoint> high,
                      ReportColour colour, double opacity)
{
    ReportArea area{{}, colour, opacity};
    for (const ReportPoint& point : high)
        area.points.push_back({xAt(point.x), yAt(point.y)});
    for (std::size_t i = low.size(); i-- > 0;)
        area.points.push_back({xAt(low[i].x), yAt(low[i].y)});
    if (area.points.size() > 2)
        m_shapes.emplace_back(std::move(area));
}

void ReportPlot::bar(double x0, double x1, double y0, double y1, ReportColour colour)
{
    const double left = xAt(x0), top = yAt(y1);
    m_shapes.emplace_back(ReportRect{left, top, std::max(0.5, xAt(x1) - left), yAt(y0) - top, colour, false});
}

void ReportPlot::mark(double x, const std::string& words, ReportColour colour)
{
    const double at = xAt(x);
    const bool late = at > kReportWidth * 0.8;
    m_shapes.emplace_back(
        ReportLine{{{at, m_axes.top}, {at, m_axes.height - m_axes.bottom}}, colour, 1.0, true});
    m_shapes.emplace_back(ReportLabel{late ? at - 5.0 : at + 5.0, m_axes.top + 10.0, words, colour,
                                      late ? ReportAnchor::End : ReportAnchor::Start});
}

ReportChart ReportPlot::finish(std::string title, std::string subtitle, std::vector<ReportKey> keys)
{
    return {std::move(title), std::move(subtitle), m_axes.height, std::move(m_shapes), std::move(keys)};
}

} // namespace vitrine::engine
