// SPDX-License-Identifier: GPL-3.0-or-later
// How the map of blocks looks. The cells are painted into a picture once; the pointer's outline and the
// scrubber go over it.
#include <algorithm>
#include <cmath>

#include <QImage>
#include <QPainter>

#include "ui/profiler/blocks/block_map_panel.h"
#include "ui/profiler/timeline/time_text.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {
namespace {

constexpr int kTop = 4;
constexpr int kEntry = 21;
constexpr int kSwatch = 9;
constexpr int kHueWidth = 3, kHueHeight = 14;
constexpr int kHandle = 10;
constexpr int kAfterSwatch = 6;
constexpr float kVeil = 0.75F;

} // namespace

void BlockMapPanel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& tokens = m_theme.tokens();
    painter.fillRect(rect(), tokens.panel);
    if (m_cells.isNull() || m_cells.devicePixelRatio() != devicePixelRatioF()) {
        m_items = 0;
        m_cells = QPixmap(size() * devicePixelRatioF());
        m_cells.setDevicePixelRatio(devicePixelRatioF());
        m_cells.fill(tokens.panel);
        QPainter cells(&m_cells);
        renderCells(cells);
        paintEntries(cells);
    }
    painter.drawPixmap(0, 0, m_cells);
    if (m_current >= 0 && hasFocus())
        paintOutline(painter, m_current, tokens.accent);
    if (m_hovered >= 0)
        paintOutline(painter, m_hovered, tokens.text);
    paintScrubber(painter);
    if (hasFocus() && m_ring && m_current < 0) {
        painter.setPen(QPen(tokens.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void BlockMapPanel::renderCells(QPainter& painter)
{
    if (!m_map)
        return;
    if (m_grid.isFine()) {
        painter.drawImage(m_grid.rect(), fineImage());
        ++m_items;
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (qsizetype block = 0; block < m_map->cells.size(); ++block)
        paintBlock(painter, m_theme.tokens(), m_grid.rectOf(block), *m_map, m_map->cells[block], m_by);
    m_items += int(m_map->cells.size());
    paintMarked(painter);
}

bool BlockMapPanel::isMarked(const BlockCell& cell) const
{
    return cell.state != CellState::Free && cell.owner < quint32(m_map->owners.size()) &&
           m_map->owners[cell.owner].name.request == m_marked;
}

/// All others step back.
void BlockMapPanel::paintMarked(QPainter& painter)
{
    if (m_marked.value == 0)
        return;
    QColor veil = m_theme.tokens().panel;
    veil.setAlphaF(kVeil);
    for (qsizetype block = 0; block < m_map->cells.size(); ++block)
        if (!isMarked(m_map->cells[block]))
            painter.fillRect(m_grid.rectOf(block), veil);
}

QImage BlockMapPanel::fineImage() const
{
    const Tokens& tokens = m_theme.tokens();
    QImage image(m_grid.columns(), std::max(m_grid.rows(), 1), QImage::Format_RGB32);
    image.fill(tokens.panel);
    for (qsizetype block = 0; block < m_map->cells.size(); ++block) {
        const BlockCell& cell = m_map->cells[block];
        const bool back = m_marked.value != 0 && !isMarked(cell);
        const QColor colour = back          ? tokens.border
                              : cell.victim ? tokens.preemptedInk
                                            : blockColour(tokens, *m_map, cell, m_by);
        image.setPixelColor(int(block % m_grid.columns()), int(block / m_grid.columns()), colour);
    }
    return image;
}

QString BlockMapPanel::nameOf(const Entry& entry) const
{
    switch (entry.kind) {
    case Entry::Kind::Owner:
        return m_map->owners[entry.owner].name.title;
    case Entry::Kind::Shared:
        return tr("Shared");
    case Entry::Kind::Cached:
        return tr("Cached");
    case Entry::Kind::Free:
        return tr("Free");
    case Entry::Kind::Host:
        return tr("In host memory");
    case Entry::Kind::More:
        return tr("Others");
    }
    return {};
}

void BlockMapPanel::paintSwatch(QPainter& painter, const Entry& entry, const QRectF& rect) const
{
    const Tokens& tokens = m_theme.tokens();
    BlockCell cell;
    switch (entry.kind) {
    case Entry::Kind::Owner: {
        const double height = m_theme.scaled(kHueHeight);
        painter.fillRect(QRectF(rect.left(), std::round(rect.center().y() - height / 2), kHueWidth, height),
                         tokens.conversation(m_map->owners[entry.owner].name.hue));
        return;
    }
    case Entry::Kind::Shared:
        cell.state = CellState::Referenced;
        cell.references = 2;
        break;
    case Entry::Kind::Cached:
        cell.state = CellState::Cached;
        break;
    case Entry::Kind::Free:
        break;
    case Entry::Kind::Host:
    case Entry::Kind::More:
        return;
    }
    paintBlock(painter, tokens, rect, *m_map, cell, BlockColouring::Owner);
}

void BlockMapPanel::paintEntries(QPainter& painter)
{
    const Tokens& tokens = m_theme.tokens();
    const int height = m_theme.scaled(kEntry), left = m_theme.scaledColumn(28);
    const double right = plotRect().left() - kSpace4;
    const QFont font = m_theme.font(TextSize::Small);
    const QFontMetricsF metrics(font);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const Entry& entry = m_entries[i];
        const QRectF line(left, kTop + double(i) * height, right - left, height);
        const double side = m_theme.scaled(kSwatch);
        const double at = entry.kind == Entry::Kind::Owner ? kSpace4 : left - kAfterSwatch - side;
        paintSwatch(painter, entry, QRectF(at, std::round(line.center().y() - side / 2), side, side));
        const QString count = countText(entry.count);
        const double wide = tabularWidth(font, count);
        const double baseline = line.center().y() + (metrics.ascent() - metrics.descent()) / 2;
        painter.setFont(font);
        painter.setPen(entry.kind == Entry::Kind::Owner ? tokens.text : tokens.secondary);
        painter.drawText(QPointF(left, baseline),
                         metrics.elidedText(nameOf(entry), Qt::ElideRight, line.width() - wide - kSpace2));
        painter.setPen(tokens.text);
        drawTabular(painter, font, right - wide, baseline, count);
        m_items += 2;
    }
}

void BlockMapPanel::paintOutline(QPainter& painter, qsizetype block, const QColor& colour) const
{
    painter.setPen(QPen(colour, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(m_grid.rectOf(block).adjusted(-1, -1, 1, 1));
}

void BlockMapPanel::paintScrubber(QPainter& painter) const
{
    if (!m_map || m_view.visible().isEmpty())
        return;
    const Tokens& tokens = m_theme.tokens();
    const QRectF track = scrubberRect();
    const double y = std::round(track.center().y());
    painter.fillRect(QRectF(track.left(), y, track.width(), 1), tokens.borderStrong);
    const TimeScale time{m_view.visible(), track.left(), track.width()};
    const double x = std::clamp(time.x(m_view.moment().value_or(m_map->ns)), track.left(), track.right());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokens.panel, 2));
    painter.setBrush(m_view.isEvent() ? tokens.preemptedInk : tokens.accent);
    painter.drawEllipse(QPointF(x, y + 0.5), kHandle / 2.0, kHandle / 2.0);
    painter.restore();
}

} // namespace vitrine::ui
