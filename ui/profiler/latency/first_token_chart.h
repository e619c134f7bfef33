// SPDX-License-Identifier: GPL-3.0-or-later
// Where the time until the first token went, a bar a request. A row that is picked is shown in the chart of
// the times between tokens. Thread: UI.
#pragma once

#include <QAbstractScrollArea>

#include "ui/recording/latency.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class FirstTokenChart : public QAbstractScrollArea
{
    Q_OBJECT

public:
    static constexpr int kRow = 26; ///< at 100 %
    static constexpr int kGutter = 280;
    static constexpr int kValue = 76; ///< right of the bars
    static constexpr int kAxis = 24;

    enum class Order { Newest, Slowest };

    explicit FirstTokenChart(const Theme& theme, QWidget* parent = nullptr);

    void setPicture(const SharedLatency& picture);
    void setOrder(Order order);
    /// As they are shown.
    const QList<LatencyRow>& rows() const { return m_rows; }
    engine::RequestId chosen() const;
    /// Of the row's bars, in the viewport.
    double gutter() const;
    QRectF barRect(qsizetype row) const;
    QString tipAt(const QPointF& position) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void requestPicked(vitrine::engine::RequestId request);
    /// By a double click or Enter: to be seen on the timeline.
    void requestActivated(vitrine::engine::RequestId request);

protected:
    bool viewportEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void arrange();
    void sortRows();
    int plotHeight() const;
    void retranslate();
    qsizetype rowAt(const QPointF& position) const;
    void pick(qsizetype row);
    double nsPerPixel() const { return m_mostNs / std::max(1.0, barRect(0).width()); }
    void paintGrid(QPainter& painter) const;
    void paintRow(QPainter& painter, qsizetype index) const;
    void paintBars(QPainter& painter, qsizetype index) const;
    QString noteOf(const LatencyRow& row) const;

    const Theme& m_theme;
    SharedLatency m_picture;
    QList<LatencyRow> m_rows;
    Order m_order = Order::Newest;
    double m_mostNs = 1; ///< at the right end of the bars
    qsizetype m_hovered = -1;
};

} // namespace vitrine::ui
