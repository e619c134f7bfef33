// SPDX-License-Identifier: GPL-3.0-or-later
// The whole recording in one strip: tokens a second, preemptions as ticks, what was unusual as bars at the
// top, and the part that the panels below
// show as a window that can be dragged, widened at its edges, or drawn anew. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/profiler/timeline/time_view.h"
#include "ui/recording/analysis_pictures.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class OverviewPanel : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kHeight = 55;

    OverviewPanel(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    void setPicture(const SharedOverview& picture);
    void setSummary(const RecordingSummary& summary);
    void setAnomalies(const SharedAnomalies& anomalies);
    quint32 columns() const;
    int itemsDrawn() const { return m_items; }
    QRectF plotRect() const;
    TimeScale scale() const;
    /// Where the visible range lies.
    QRectF windowRect() const;
    QString tipAt(const QPointF& position) const;
    QSize sizeHint() const override { return {400, m_theme.scaled(kHeight)}; }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    enum class Drag { None, Window, Start, End, Draw };

    Drag dragAt(const QPointF& position) const;
    void paintCurve(QPainter& painter);
    void paintPreemptions(QPainter& painter);
    void paintAnomalies(QPainter& painter);
    QRectF markOf(const AnomalyPicture::Entry& entry) const;
    void paintWindow(QPainter& painter) const;
    void paintTitle(QPainter& painter) const;
    void retranslate();

    TimeView& m_view;
    const Theme& m_theme;
    SharedOverview m_picture;
    RecordingSummary m_summary;
    SharedAnomalies m_anomalies;
    int m_items = 0;
    bool m_ring = false; ///< the focus came by keyboard
    Drag m_drag = Drag::None;
    double m_pressedX = 0;
    TimeRange m_before; ///< visible when the mouse was pressed
};

} // namespace vitrine::ui
