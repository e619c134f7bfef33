// SPDX-License-Identifier: GPL-3.0-or-later
// A chart with two axes, drawn into the shapes of a ReportChart.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/report/report_document.h"

namespace vitrine::engine {

/// 1, 2 or 5 times a power of ten, so that at most `most` of them fit into `range`; 1 for none.
double niceStep(double range, int most);

class ReportPlot
{
public:
    using Words = std::function<std::string(double)>;

    struct Axes
    {
        double xLow = 0.0, xHigh = 1.0, yHigh = 1.0; ///< y begins at 0
        double left = 44.0, right = 8.0, top = 8.0, bottom = 22.0;
        double height = 150.0;
        bool roundTop = true; ///< yHigh up to the next tick
        Words xWords, yWords; ///< a tick's text; without: no ticks
    };

    /// Draws the axes.
    explicit ReportPlot(Axes axes);

    // Values; what lies outside is drawn at the edge.

    void line(std::span<const ReportPoint> points, ReportColour colour, double width = 1.5,
              bool dashed = false);
    /// Between `low` and `high`, point for point.
    void band(std::span<const ReportPoint> low, std::span<const ReportPoint> high, ReportColour colour,
              double opacity = 1.0);
    void bar(double x0, double x1, double y0, double y1, ReportColour colour);
    void mark(double x, const std::string& words, ReportColour colour); ///< a line from top to bottom

    double xAt(double value) const;
    double yAt(double value) const;
    ReportChart finish(std::string title, std::string subtitle, std::vector<ReportKey> keys = {});
    std::vector<ReportShape>& shapes() { return m_shapes; }

private:
    void drawAxes();

    Axes m_axes;
    std::vector<ReportShape> m_shapes;
};

} // namespace vitrine::engine
