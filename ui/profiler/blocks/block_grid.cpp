// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/blocks/block_grid.h"

#include <algorithm>
#include <cmath>

namespace vitrine::ui {
namespace {

constexpr int kColumnStep = 16;
constexpr int kMostColumns = 4096;

int rowsOf(qsizetype blocks, int columns)
{
    return int((blocks + columns - 1) / columns);
}

} // namespace

BlockGrid::BlockGrid(qsizetype blocks, const QRectF& area) : m_blocks(blocks), m_area(area)
{
    const double width = std::max(area.width(), 1.0), height = std::max(area.height(), 1.0);
    const int large = int(std::ceil(width / kLargestCell / kColumnStep)) * kColumnStep;
    m_columns = std::min(kLeastColumns, std::max(large, kColumnStep)); // few blocks are large ones
    while (m_columns < kMostColumns && rowsOf(blocks, m_columns) * (width / m_columns) > height)
        m_columns += kColumnStep;
    m_rows = rowsOf(blocks, m_columns);
    m_cell = std::min(width / m_columns, kLargestCell);
}

QRectF BlockGrid::rectOf(qsizetype block) const
{
    const double gap = m_cell >= 8 ? 2 : 1;
    const double left = std::round(m_area.left() + double(block % m_columns) * m_cell);
    const double top = std::round(m_area.top() + double(block / m_columns) * m_cell);
    const double right = std::round(m_area.left() + double(block % m_columns + 1) * m_cell) - gap;
    const double bottom = std::round(m_area.top() + double(block / m_columns + 1) * m_cell) - gap;
    return {QPointF(left, top), QPointF(std::max(right, left + 1), std::max(bottom, top + 1))};
}

qsizetype BlockGrid::blockAt(const QPointF& position) const
{
    const QPointF inside = position - m_area.topLeft();
    if (inside.x() < 0 || inside.y() < 0 || m_blocks == 0)
        return -1;
    const auto column = qsizetype(inside.x() / m_cell), row = qsizetype(inside.y() / m_cell);
    const qsizetype block = row * m_columns + column;
    return column < m_columns && row < m_rows && block < m_blocks ? block : -1;
}

} // namespace vitrine::ui
