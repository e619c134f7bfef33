// SPDX-License-Identifier: GPL-3.0-or-later
// A QCustomPlot in the looks of the live dock: 60 seconds with "now" at the right edge, labels left of a
// gutter all charts share, 1 px pens, no mouse interaction. Subclasses add their plottables and give colours
// in restyle(). UI thread; the Theme outlives it.
#pragma once

#include <initializer_list>
#include <map>

#include <qcustomplot.h>

#include "ui/theme/theme.h"

namespace vitrine::ui {

struct LiveView;

class ChartPlot : public QCustomPlot
{
    Q_OBJECT

public:
    static constexpr int kGutter = 51; ///< left of the plot area, for the labels
    static constexpr int kRight = 16;

    explicit ChartPlot(const Theme& theme, QWidget* parent = nullptr);

    /// Takes the data over and asks for a repaint.
    virtual void setView(const LiveView& view) = 0;

    QSize sizeHint() const override { return minimumSizeHint(); }

protected:
    const Theme& theme() const { return m_theme; }
    /// Colours from the theme; called at first show and whenever the theme changes.
    virtual void restyle() = 0;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

    /// Sets up the axes of a rect: fixed margins, the 60 s range, no ticks.
    void prepare(QCPAxisRect& rect, int top, int bottom);
    void styleAxes(QCPAxisRect& rect) const;
    /// Labels at exactly these values.
    static void setMarks(QCPAxis& axis, std::initializer_list<double> values);
    void setTimeLabels(QCPAxis& axis) const;
    static QPen thinPen(const QColor& colour, Qt::PenStyle style = Qt::SolidLine);
    /// `over` at `alpha` on the dock's surface, opaque: overlapping fills stay cheap and exact.
    QColor blended(const QColor& over, double alpha) const;

private:
    void applyTheme();

    const Theme& m_theme;
    std::map<const QCPAxisRect*, QMargins> m_margins; ///< at 100 %
    bool m_styled = false;
};

/// Where the value of bin `index` of a LiveView lies: 0 is now, -60 the left edge.
double binEnd(std::size_t index);
double binCentre(std::size_t index);

/// The smallest of 1, 2, 4, 8, 16 … that is not below `value`.
double niceCeiling(double value);

} // namespace vitrine::ui
