// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageItem that knows places in its text.
#include <algorithm>

#include "ui/chat/markdown/block_text.h"
#include "ui/chat/message_item.h"

namespace vitrine::ui {

ItemPosition MessageItem::positionAt(const QPointF& point) const
{
    if (point.y() > m_textBottom)
        return end();
    std::size_t best = m_slots.size();
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        if (m_slots[i].hidden)
            continue;
        if (best < m_slots.size() && m_slots[i].y > point.y())
            break;
        best = i;
    }
    if (best == m_slots.size())
        return {};
    if (best + 1 < m_slots.size() && point.y() >= m_slots[best + 1].y - m_slots[best + 1].overlap &&
        point.x() - origin(best + 1).x() >= m_slots[best + 1].indent)
        ++best; // its first line is beside the last one of the block above
    return {best, m_slots[best].layout.positionAt(point - origin(best))};
}

ItemPosition MessageItem::begin() const
{
    const ItemPosition first;
    const bool there =
        !m_slots.empty() && !m_slots.front().hidden && !pieceTexts(m_document.blocks().front()).empty();
    return there ? first : pieceBeside(first, true).value_or(first);
}

std::optional<ItemPosition> MessageItem::pieceBeside(const ItemPosition& position, bool forward) const
{
    const std::vector<Block>& blocks = m_document.blocks();
    if (position.block >= blocks.size())
        return std::nullopt;
    const auto in = [](const std::vector<PieceText>& pieces, std::size_t piece, bool atEnd) {
        return PiecePosition{piece, atEnd ? int(pieces[piece].text.size()) : 0};
    };
    const std::vector<PieceText> own = pieceTexts(blocks[position.block]);
    const std::size_t piece = position.piece.piece;
    if (forward ? piece + 1 < own.size() : piece > 0 && piece <= own.size())
        return ItemPosition{position.block, in(own, forward ? piece + 1 : piece - 1, !forward)};
    for (std::size_t i = position.block; forward ? i + 1 < blocks.size() : i > 0;) {
        i = forward ? i + 1 : i - 1;
        const std::vector<PieceText> pieces = pieceTexts(blocks[i]);
        if (!m_slots[i].hidden && !pieces.empty())
            return ItemPosition{i, in(pieces, forward ? 0 : pieces.size() - 1, !forward)};
    }
    return std::nullopt;
}

std::pair<int, int> MessageItem::lineOf(const ItemPosition& position) const
{
    const int all = int(pieceText(position).size());
    if (position.block >= m_slots.size() || !m_slots[position.block].laidOut)
        return {0, all};
    return m_slots[position.block].layout.lineOf(position.piece);
}

ItemPosition MessageItem::end() const
{
    if (m_slots.empty())
        return {};
    const std::vector<PieceText> pieces = pieceTexts(m_document.blocks().back());
    if (pieces.empty())
        return {m_slots.size() - 1, {}};
    return {m_slots.size() - 1, {pieces.size() - 1, int(pieces.back().text.size())}};
}

QString MessageItem::text(ItemPosition from, ItemPosition to) const
{
    return copiedText(m_document.blocks(), from, to, m_state.unfolded);
}

QRectF MessageItem::rectOf(const ItemPosition& position) const
{
    if (position.block >= m_slots.size())
        return {};
    const QRectF rect = m_slots[position.block].layout.rectOf(position.piece);
    return rect.translated(origin(position.block));
}

QString MessageItem::pieceText(const ItemPosition& position) const
{
    if (position.block >= m_document.blocks().size())
        return {};
    const std::vector<PieceText> pieces = pieceTexts(m_document.blocks()[position.block]);
    return position.piece.piece < pieces.size() ? pieces[position.piece.piece].text : QString();
}

} // namespace vitrine::ui
