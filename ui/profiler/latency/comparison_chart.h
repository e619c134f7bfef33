// SPDX-License-Identifier: GPL-3.0-or-later
// One metric of two recordings beside each other: a distribution or a course over time, A in grey and B in
// the accent. Thread: UI.
#pragma once

#include <QList>
#include <QPointF>
#include <QWidget>

#include "ui/theme/theme.h"

namespace vitrine::ui {

struct ComparedLines
{
    QString title;
    QString before, after, unit; ///< "962" "698" "ms, p95"
    QList<QPointF> a, b;         ///< x rising, both from 0
    double mostX = 1, mostY = 1;
    QString markX;        ///< at the right end of the axis
    QString markY;        ///< at its top
    bool filled = false;  ///< a density
    bool stepped = false; ///< holds its value until the next point
};

class ComparisonChart : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kGutter = 40; ///< at 100 %
    static constexpr int kHead = 44;
    static constexpr int kAxis = 20;

    explicit ComparisonChart(const Theme& theme, QWidget* parent = nullptr);
    void setLines(const ComparedLines& lines);
    const ComparedLines& lines() const { return m_lines; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QRectF plotRect() const;
    void paintHead(QPainter& painter) const;
    void paintAxes(QPainter& painter) const;
    void paintLine(QPainter& painter, const QList<QPointF>& points, const QColor& colour) const;

    const Theme& m_theme;
    ComparedLines m_lines;
};

} // namespace vitrine::ui
