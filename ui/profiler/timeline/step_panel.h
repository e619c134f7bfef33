// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine's threads did, step by step: a lane a phase, in the gutter the mean of a step. The forward
// pass has the colours of what it computed, and a line below it where the picked request took part.
// Thread: UI.
#pragma once

#include "ui/profiler/timeline/timeline_panel.h"

namespace vitrine::ui {

class StepPanel : public TimelinePanel
{
    Q_OBJECT

public:
    static constexpr int kLane = 18;
    static constexpr int kLanes = 5;

    StepPanel(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    QString tipAt(const QPointF& position) const override;
    const engine::LaneBar* barAt(const QPointF& position) const;
    QSize sizeHint() const override { return minimumSizeHint(); }
    QSize minimumSizeHint() const override;

    static QString phaseName(engine::StepPhase phase);
    static QString phaseMeaning(engine::StepPhase phase);

protected:
    void paintPlot(QPainter& painter) override;
    void paintGutter(QPainter& painter) override;
    std::optional<TimeRange> itemAt(const QPointF& position) const override;
    void clicked(const QPointF& position) override;
    void activateRow() override;
    void changeEvent(QEvent* event) override;

private:
    void paintWanted(QPainter& painter, double top);
    const StepLaneRow* laneAt(double y) const;
    void paintBar(QPainter& painter, engine::StepPhase phase, const engine::LaneBar& bar, double top);
};

} // namespace vitrine::ui
