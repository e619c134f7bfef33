// SPDX-License-Identifier: GPL-3.0-or-later
// The KV cache as a map: a cell a block as it was after a step, who holds how many at the left, and below a
// scrubber through the time that the panels show. Hover explains, a click opens the block. Up to tens of
// thousands of cells: what is smaller than 4 px is a pixel of an image. Thread: UI.
#pragma once

#include <vector>

#include <QPixmap>
#include <QPointer>
#include <QWidget>

#include "ui/profiler/blocks/block_card.h"
#include "ui/profiler/blocks/block_grid.h"
#include "ui/profiler/blocks/block_look.h"
#include "ui/profiler/timeline/time_view.h"
#include "ui/recording/pictures.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class BlockMapPanel : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kScrubber = 18; ///< height of its room

    BlockMapPanel(TimeView& view, const Theme& theme, QWidget* parent = nullptr);
    ~BlockMapPanel() override;

    void setMap(const SharedBlockMap& map);
    const SharedBlockMap& map() const { return m_map; }
    void setColouring(BlockColouring by);
    BlockColouring colouring() const { return m_by; }
    /// Outlines the blocks that a request holds or wrote; 0: none's.
    void setMarked(engine::RequestId request);
    engine::RequestId marked() const { return m_marked; }
    /// For the card of the block under the pointer.
    void setDetails(const BlockDetails& details);

    const BlockGrid& grid() const { return m_grid; }
    qsizetype current() const { return m_current; } ///< -1: none
    BlockCard* card() const { return m_card; }
    QRectF scrubberRect() const;
    /// Cells, marks and texts of the last time the map was painted anew.
    int itemsDrawn() const { return m_items; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void blockHovered(quint32 block);
    void blockPicked(quint32 block);
    void requestPicked(vitrine::engine::RequestId request);

protected:
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// A line of the list at the left.
    struct Entry
    {
        enum class Kind { Owner, Shared, Cached, Free, Host, More } kind = Kind::Owner;
        quint32 owner = 0, count = 0;
    };

    QRectF plotRect() const;
    void arrange();
    void collectEntries();
    void hover(qsizetype block);
    void moveTo(qsizetype block);
    void scrub(double x);
    void renderCells(QPainter& painter);
    QImage fineImage() const;
    void paintEntries(QPainter& painter);
    void paintSwatch(QPainter& painter, const Entry& entry, const QRectF& rect) const;
    QString nameOf(const Entry& entry) const;
    bool isMarked(const BlockCell& cell) const;
    void paintMarked(QPainter& painter);
    void paintOutline(QPainter& painter, qsizetype block, const QColor& colour) const;
    void paintScrubber(QPainter& painter) const;
    void retranslate();

    TimeView& m_view;
    const Theme& m_theme;
    SharedBlockMap m_map;
    BlockColouring m_by = BlockColouring::Owner;
    BlockGrid m_grid;
    engine::RequestId m_marked;
    std::vector<Entry> m_entries;
    QPixmap m_cells; ///< the map as painted; null: to be painted anew
    QPointer<BlockCard> m_card;
    qsizetype m_hovered = -1, m_current = -1;
    bool m_scrubbing = false;
    int m_items = 0;
    bool m_ring = false; ///< the focus came by keyboard
};

} // namespace vitrine::ui
