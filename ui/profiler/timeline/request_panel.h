// SPDX-License-Identifier: GPL-3.0-or-later
// Requests as rows over time: queued, chunks of the prompt, the reply with a tick a token, times without
// memory, what was computed again. Shows the rows that fit and asks for them alone; a list of thousands
// scrolls. Thread: UI.
#pragma once

#include "ui/profiler/timeline/timeline_panel.h"

class QScrollBar;

namespace vitrine::ui {

class RequestPanel : public TimelinePanel
{
    Q_OBJECT

public:
    static constexpr int kRowHeight = 25;
    static constexpr int kRulerHeight = 26;

    RequestPanel(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    /// What to ask for: the first row in view and how many, some beyond the edge.
    qsizetype firstRow() const;
    qsizetype rowsAsked() const;
    void setFilter(const QString& filter);
    const QString& filter() const { return m_filter; }
    /// Outlined, wherever it is.
    void setPicked(engine::RequestId request);
    /// The same, and its row comes into view with the next picture.
    void reveal(engine::RequestId request);
    engine::RequestId picked() const { return m_picked; }
    /// Who took part in the picked step, and when it was: outlined in their rows.
    void setStep(const TimeRange& when, const QList<engine::RequestId>& requests);
    int outlined() const { return m_outlined; } ///< by the last repaint

    QString tipAt(const QPointF& position) const override;
    /// The picture's row there; nullptr below the last one.
    const RequestRow* rowAt(double y) const;
    const engine::LaneBar* barAt(const QPointF& position) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintPlot(QPainter& painter) override;
    void paintGutter(QPainter& painter) override;
    std::optional<TimeRange> itemAt(const QPointF& position) const override;
    void clicked(const QPointF& position) override;
    void pictureChanged() override;
    bool scrollRows(int rows) override;
    bool moveRow(int rows) override;
    void activateRow() override;
    int topMargin() const override { return theme().scaled(kRulerHeight); }
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    double rowTop(qsizetype row) const;
    void paintRuler(QPainter& painter);
    void paintRow(QPainter& painter, const RequestRow& row, double top);
    void paintBar(QPainter& painter, const engine::LaneBar& bar, double top);
    void paintInlineLabel(QPainter& painter, const QRectF& bar, const engine::LaneBar& of);
    void paintStep(QPainter& painter, double top);
    void paintTokens(QPainter& painter, const RequestRow& row, double top);
    void arrange();
    void retranslate();
    QString barTip(const RequestRow& row, const engine::LaneBar& bar) const;

    QScrollBar* m_scroll;
    QString m_filter;
    engine::RequestId m_picked;
    TimeRange m_step;
    QList<engine::RequestId> m_ofStep;
    int m_outlined = 0;
    bool m_reveals = false; ///< the picked one's row is still to be shown
};

} // namespace vitrine::ui
