// SPDX-License-Identifier: GPL-3.0-or-later
// A chart with two axes, linear or logarithmic: lines, areas, bars and dots, lines that mark a place, a
// reading under the pointer or, with the arrow keys, under the keyboard. Shows a picture it is handed;
// values that are not finite are left out. Thread: UI; the theme outlives it.
#pragma once

#include <functional>
#include <optional>

#include <QList>
#include <QPointF>
#include <QWidget>

#include "ui/theme/theme.h"

namespace vitrine::ui {

struct ChartAxis
{
    double from = 0, to = 1;
    bool logarithmic = false; ///< from > 0
    QList<double> marks = {};
    std::function<QString(double)> text = {}; ///< of a mark; none: no labels
    QString title = {};

    /// 0 … 1 along it, beyond for what lies outside.
    double share(double value) const;
    double value(double share) const;
};

struct ChartSeries
{
    /// Bars: each point's x is where its bar begins; the last one's is where the last bar ends.
    enum class Form { Line, Area, Bars, Dots };

    Form form = Form::Line;
    QColor Tokens::*colour = &Tokens::accent;
    QColor Tokens::*fill = nullptr; ///< of an area; none: `colour`
    double opacity = 1;             ///< of the area
    QList<QPointF> points = {};     ///< ascending in x
    bool dashed = false;
};

/// A vertical line.
struct ChartMark
{
    double at = 0;
    QString text = {};
    QColor Tokens::*colour = &Tokens::secondary;
};

struct ChartPicture
{
    ChartAxis x, y;
    QList<ChartSeries> series = {};
    QList<ChartMark> marks = {};
    bool diagonal = false;                   ///< where x equals y
    QString empty = {};                      ///< said where there is nothing
    QList<double> stops = {};                ///< places that the arrow keys go to
    std::function<QString(double)> tip = {}; ///< of a place on the x axis
    QString said = {};                       ///< for those who do not see it
};

class XyChart : public QWidget
{
    Q_OBJECT

public:
    explicit XyChart(const Theme& theme, QWidget* parent = nullptr);

    void setPicture(ChartPicture picture);
    const ChartPicture& picture() const { return m_picture; }
    bool isEmpty() const;
    QRectF plotRect() const;
    /// Points and bars of the last repaint.
    int itemsDrawn() const { return m_items; }
    void setMinimumRows(int rows) { setMinimumHeight(m_theme.scaled(rows)); }

    QSize sizeHint() const override;

signals:
    void picked(double x);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QPointF place(const QPointF& value) const;
    void paintAxes(QPainter& painter) const;
    void paintSeries(QPainter& painter, const ChartSeries& series);
    void paintBars(QPainter& painter, const ChartSeries& series);
    void paintMarks(QPainter& painter) const;
    void paintReading(QPainter& painter) const;

    const Theme& m_theme;
    ChartPicture m_picture;
    std::optional<double> m_reading; ///< a place on the x axis
    int m_items = 0;
    bool m_ring = false; ///< the keyboard came here
};

/// About `count` round values from the one to the other.
QList<double> roundMarks(double from, double to, int count = 4);
/// Powers of ten; where there are less than three, 2 and 5 times them as well.
QList<double> logMarks(double from, double to);

} // namespace vitrine::ui
