// SPDX-License-Identifier: GPL-3.0-or-later
// A panel with lanes over time: a gutter with names at the left, the plot at the right, the same times at the
// same place in all of them. Drag selects, the wheel zooms about the pointer, Shift and wheel or the middle
// button pan, a double click zooms to what is there; the keyboard does it all too.
//
// It paints the last picture it was given through the transform of now: a drag never waits for a new one.
// What a panel draws is counted, so that a test can tell that the work does not grow with the recording.
// Thread: UI; view and theme outlive it.
#pragma once

#include <optional>

#include <QWidget>

#include "ui/profiler/timeline/time_view.h"
#include "ui/recording/pictures.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class TimelinePanel : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kGutter = 212; ///< at 100 %
    static constexpr int kRight = 16;   ///< right of the plot
    static constexpr int kBarHeight = 14;

    TimelinePanel(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    void setPicture(const SharedTimeline& picture);
    const SharedTimeline& picture() const { return m_picture; }
    /// Bars, ticks and texts of the last repaint.
    int itemsDrawn() const { return m_items; }

    QRectF plotRect() const;
    TimeScale scale() const;
    /// For whoever asks for pictures: physical pixels of the plot.
    quint32 columns() const;
    /// What the tooltip at a place says; empty: nothing there.
    virtual QString tipAt(const QPointF& position) const = 0;

signals:
    void requestPicked(vitrine::engine::RequestId request);
    void stepPicked(qint64 ns);
    void preemptionPicked(qint64 ns);
    /// Other rows are in view.
    void rowsChanged();

protected:
    virtual void paintPlot(QPainter& painter) = 0;
    virtual void paintGutter(QPainter& painter) = 0;
    /// The time of what lies there.
    virtual std::optional<TimeRange> itemAt(const QPointF&) const { return std::nullopt; }
    virtual void clicked(const QPointF&) {}
    virtual void pictureChanged() {}
    /// Rows down (> 0) or up; false: there is nothing to scroll.
    virtual bool scrollRows(int) { return false; }
    virtual bool moveRow(int) { return false; }
    virtual void activateRow() {}
    /// Above the plot, for the ruler.
    virtual int topMargin() const { return 0; }

    const Theme& theme() const { return m_theme; }
    TimeView& view() const { return m_view; }
    void count(int items = 1) { m_items += items; }
    /// Left of the plot: names begin here.
    int labelLeft() const { return m_theme.scaledColumn(28); }
    int gutter() const { return m_theme.scaledColumn(kGutter); }
    void paintRule(QPainter& painter, double y) const;
    /// In the small font, cut where it does not fit.
    void paintLabel(QPainter& painter, const QRectF& rect, const QString& text, const QColor& colour,
                    Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter);
    /// Of the picture's, the one that covers `ns`; nullptr between two.
    const StepColumn* columnAt(qint64 ns) const;
    /// Steps of the picture that are in view: [first, last).
    std::pair<qsizetype, qsizetype> columnsInView() const;

    bool event(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    enum class Drag { None, Click, Select, Pan };

    void paintGrid(QPainter& painter) const;
    void paintSelection(QPainter& painter, bool edges) const;
    void paintMoment(QPainter& painter) const;
    std::optional<qint64> edgeNear(double x, qint64& other) const;
    bool pressTime(int key);

    TimeView& m_view;
    const Theme& m_theme;
    SharedTimeline m_picture;
    int m_items = 0;
    bool m_ring = false; ///< the focus came by keyboard
    Drag m_drag = Drag::None;
    QPointF m_pressed;
    qint64 m_anchorNs = 0; ///< the end of the selection that stays
};

} // namespace vitrine::ui
