// SPDX-License-Identifier: GPL-3.0-or-later
// The time from token to token of one reply: its own work, what others added and who that was, and the rest.
// A click tells when that was. Thread: UI.
#pragma once

#include <optional>
#include <vector>

#include <QWidget>

#include "ui/recording/latency.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class TokenGapChart : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kGutter = 60; ///< at 100 %
    static constexpr int kAxis = 24;
    static constexpr int kTop = 20; ///< for the names of neighbours

    explicit TokenGapChart(const Theme& theme, QWidget* parent = nullptr);

    void setPicture(const SharedLatency& picture);
    const SharedLatency& picture() const { return m_picture; }
    QRectF plotRect() const;
    /// The gap that lies there; nullptr: none.
    const engine::TokenGap* gapAt(double x) const;
    QString tipAt(const QPointF& position) const;
    /// Names of neighbours in the last repaint.
    const QStringList& labels() const { return m_labels; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {320, sizeHint().height()}; }

signals:
    void rangePicked(const vitrine::ui::TimeRange& range);

protected:
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    /// The longest gap of a pixel column.
    struct Column
    {
        double own = 0, interference = 0, rest = 0;
        double total() const { return own + interference + rest; }
    };

    void retranslate();
    double xOf(qint64 ns) const;
    double yOf(double ns) const;
    std::vector<Column> columns() const;
    double highestOver(const std::vector<Column>& heights, const QRectF& place) const;
    QRectF placeOfTarget(const std::vector<Column>& heights, double wide, double y) const;
    void paintColumns(QPainter& painter, const std::vector<Column>& heights) const;
    void paintAxes(QPainter& painter) const;
    void paintTarget(QPainter& painter, const std::vector<Column>& heights);
    void paintNeighbours(QPainter& painter, const std::vector<Column>& heights);
    QString nameOf(engine::RequestId request) const;

    const Theme& m_theme;
    SharedLatency m_picture;
    double m_mostNs = 1; ///< at the top
    QStringList m_labels;
    QList<QRectF> m_taken; ///< where texts lie among the bars
};

} // namespace vitrine::ui
