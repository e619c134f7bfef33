// SPDX-License-Identifier: GPL-3.0-or-later
// What threads told NVTX: a lane a thread, ranges below the ones they lie in, a lane for the spans of each
// name and one for each counter; in the gutter how much of the time shown a thread was busy, and a counter's
// last value. Asks for the lanes in view alone.
// Which lanes are hidden is the page's to keep. Thread: UI.
#pragma once

#include <QStringList>

#include "ui/profiler/timeline/timeline_panel.h"

class QScrollBar;

namespace vitrine::ui {

class ThreadPanel : public TimelinePanel
{
    Q_OBJECT

public:
    static constexpr int kLevel = 15;    ///< from one level to the next
    static constexpr int kMargin = 3;    ///< above and below the levels of a lane
    static constexpr int kLeastRows = 4; ///< levels that stay in view in a low window
    static constexpr int kMostRows = 8;  ///< levels that it has room for when it is not told otherwise

    ThreadPanel(TimeView& view, const Theme& theme, QWidget* parent = nullptr);

    /// What to ask for, of the lanes that are not hidden.
    qsizetype firstLane() const;
    qsizetype lanesAsked() const;
    void setHidden(const QStringList& keys);
    const QStringList& hidden() const { return m_hidden; }
    /// What stands there when there is no lane.
    void setEmptyText(const QString& text);

    QString tipAt(const QPointF& position) const override;
    const NvtxBar* barAt(const QPointF& position) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    static QString laneTitle(const NvtxLaneName& lane);
    /// The colour of a domain by its running number.
    static QColor domainColour(const Tokens& tokens, int hue);

protected:
    void paintPlot(QPainter& painter) override;
    void paintGutter(QPainter& painter) override;
    std::optional<TimeRange> itemAt(const QPointF& position) const override;
    void clicked(const QPointF& position) override;
    void pictureChanged() override;
    bool scrollRows(int rows) override;
    bool moveRow(int rows) override { return scrollRows(rows); }
    void activateRow() override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// A lane that is not hidden: where it lies in the whole height.
    struct Place
    {
        qsizetype lane = 0;
        int top = 0, height = 0;
    };

    void arrange();
    void layOut();
    void retranslate();
    const NvtxLaneRow* rowOf(qsizetype lane) const;
    const Place* placeAt(double y) const;
    double topOf(const Place& place) const;
    void paintLane(QPainter& painter, const Place& place, const NvtxLaneRow& row);
    void paintBars(QPainter& painter, const QList<NvtxBar>& bars, double top, const NvtxLaneName& lane);
    void paintBar(QPainter& painter, const NvtxBar& bar, double top, const NvtxLaneName& lane);
    void paintBarName(QPainter& painter, const NvtxBar& bar, const QRectF& rect, const NvtxLaneName& lane);
    void paintMark(QPainter& painter, const NvtxBar& mark, double top, const QColor& colour);
    void paintCounter(QPainter& painter, const Place& place, const NvtxLaneRow& row);
    /// The one that holds at `ns`; nullptr: none yet.
    static const engine::CounterColumn* columnOf(const NvtxLaneRow& row, qint64 ns);
    static QString figureOf(const NvtxLaneName& lane, const NvtxLaneRow& row);
    double widthOf(const QString& figure) const;
    static QString lastValue(const NvtxLaneName& lane, const NvtxLaneRow& row);
    QString counterTip(const NvtxLaneName& lane, const NvtxLaneRow* row, const QPointF& position) const;
    QString calledBy(const NvtxBar& bar) const;
    static QString payloadText(const NvtxBar& bar);
    QString barTip(const NvtxLaneName& lane, const NvtxBar& bar) const;

    QScrollBar* m_scroll;
    QStringList m_hidden;
    QString m_empty;
    QList<Place> m_places;
    int m_contentHeight = 0;
};

} // namespace vitrine::ui
