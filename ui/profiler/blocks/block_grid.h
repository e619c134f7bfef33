// SPDX-License-Identifier: GPL-3.0-or-later
// Where the cells of a map of blocks lie: row by row, square, as large as fits, 64 to a row at least.
// A value; any thread.
#pragma once

#include <QRectF>

namespace vitrine::ui {

class BlockGrid
{
public:
    static constexpr int kLeastColumns = 64;
    static constexpr double kLargestCell = 24; ///< logical pixels

    BlockGrid() = default;
    /// `blocks` cells in `area`.
    BlockGrid(qsizetype blocks, const QRectF& area);

    qsizetype blocks() const { return m_blocks; }
    int columns() const { return m_columns; }
    int rows() const { return m_rows; }
    double cell() const { return m_cell; }
    /// So small that cells are pixels of an image.
    bool isFine() const { return m_cell < 4; }
    QRectF rect() const { return {m_area.topLeft(), QSizeF(m_columns * m_cell, m_rows * m_cell)}; }
    QRectF rectOf(qsizetype block) const;
    /// -1: none there.
    qsizetype blockAt(const QPointF& position) const;

private:
    qsizetype m_blocks = 0;
    QRectF m_area;
    int m_columns = kLeastColumns, m_rows = 0;
    double m_cell = 1;
};

} // namespace vitrine::ui
