// SPDX-License-Identifier: GPL-3.0-or-later
// How it went: blocks of the cache (in use, cached, free), what the prefix cache found, speed, requests that
// run and wait; all from the same steps as the lanes above. Thread: UI.
#pragma once

#include <functional>

#include "ui/profiler/timeline/timeline_panel.h"
#include "ui/recording/analysis_pictures.h"

namespace vitrine::ui {

class TrendPanel : public TimelinePanel
{
    Q_OBJECT

public:
    enum Chart { Blocks, HitRate, Speed, Load };
    static constexpr int kCharts = 4;
    static constexpr int kChartHeight = 48;

    TrendPanel(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    /// Shown as bands behind the curve that they are about.
    void setAnomalies(const SharedAnomalies& anomalies);
    QString tipAt(const QPointF& position) const override;
    QRectF chartRect(int chart) const;
    QSize sizeHint() const override { return minimumSizeHint(); }
    QSize minimumSizeHint() const override;

protected:
    void paintPlot(QPainter& painter) override;
    void paintGutter(QPainter& painter) override;
    void clicked(const QPointF& position) override;
    void changeEvent(QEvent* event) override;

private:
    using Value = std::function<double(const StepColumn&)>;
    /// A stepped area from the bottom; a value below 0 is a gap.
    void paintArea(QPainter& painter, int chart, const Value& value, double most, const QColor& fill,
                   const QColor& line);
    /// Bands behind the curves; those in view.
    void paintAnomalies(QPainter& painter);
    QRectF bandOf(const AnomalyPicture::Entry& entry) const;
    QString figuresAt(const QPointF& position) const;
    double mostOf(const Value& value) const;
    void paintAxis(QPainter& painter, int chart, const QString& name, const QString& most);

    SharedAnomalies m_anomalies;
    double m_mostSpeed = 1, m_mostLoad = 1, m_mostBlocks = 1; ///< as painted last
};

} // namespace vitrine::ui
