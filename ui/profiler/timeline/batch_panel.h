// SPDX-License-Identifier: GPL-3.0-or-later
// How full the steps were: prompt tokens against the budget above, replies below. Where steps share a pixel
// the fullest one is shown. Thread: UI.
#pragma once

#include "ui/profiler/timeline/timeline_panel.h"

namespace vitrine::ui {

class BatchPanel : public TimelinePanel
{
    Q_OBJECT

public:
    BatchPanel(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    QString tipAt(const QPointF& position) const override;
    /// The least and the largest of what is in view; 0: none said.
    std::pair<quint32, quint32> budget() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintPlot(QPainter& painter) override;
    void paintGutter(QPainter& painter) override;
    std::optional<TimeRange> itemAt(const QPointF& position) const override;
    void clicked(const QPointF& position) override;
    void changeEvent(QEvent* event) override;

private:
    QRectF prefillRect() const;
    QRectF decodeRect() const;
    quint32 mostPrefill() const;
    quint32 mostDecode() const;
    void paintColumn(QPainter& painter, const StepColumn& column);
    void paintBudget(QPainter& painter);
    void paintAxis(QPainter& painter, const QRectF& plot, const QString& name, quint32 most);

    quint32 m_mostPrefill = 1, m_mostDecode = 1; ///< as painted last
};

} // namespace vitrine::ui
