// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageItem that knows where its reply's tokens are.
#include <algorithm>

#include "ui/chat/message_item.h"

namespace vitrine::ui {

namespace {

constexpr qreal kBetweenLines = 3; // of the room between two lines that belongs to a token

} // namespace

void MessageItem::setTokens(const QList<TokenDetail>& details)
{
    const qsizetype from = m_track.update(details, m_document.source());
    const std::vector<Block>& blocks = m_document.blocks();
    for (std::size_t i = m_slots.size(); i-- > 0 && blocks[i].end >= from;) // what is new is at the end
        m_slots[i].tokensPlaced = false;
}

/// Of what is in sight: everything else is for later.
void MessageItem::placeTokenMarks(qreal top, qreal bottom)
{
    if (m_track.isEmpty())
        return;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        Slot& slot = m_slots[i];
        if (slot.tokensPlaced || !slot.laidOut || slot.y + slot.height < top ||
            slot.y - slot.overlap > bottom)
            continue;
        slot.tokens = placeTokens(m_document.blocks()[i], slot.layout, m_document.source(), m_track);
        slot.tokensPlaced = true;
    }
}

int MessageItem::tokenAt(const QPointF& point) const
{
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        const Slot& slot = m_slots[i];
        if (slot.hidden || !slot.tokensPlaced || point.y() < slot.y - slot.overlap ||
            point.y() > slot.y + slot.height)
            continue;
        const QPointF inside = point - origin(i);
        const auto found = std::ranges::find_if(slot.tokens, [&](const TokenMark& mark) {
            return mark.rect.adjusted(0, -kBetweenLines, 0, kBetweenLines).contains(inside);
        });
        if (found != slot.tokens.end())
            return found->token;
    }
    return -1;
}

std::size_t MessageItem::blockOfToken(int token) const
{
    const std::vector<Block>& blocks = m_document.blocks();
    const auto behind = std::ranges::partition_point(blocks, [at = m_track.begin(token)](const Block& each) {
        return each.end <= at; // a line above a thought is empty
    });
    return behind == blocks.end() && !blocks.empty() ? blocks.size() - 1
                                                     : std::size_t(behind - blocks.begin());
}

QRectF MessageItem::tokenRect(int token) const
{
    if (token < 0 || token >= m_track.count())
        return {};
    for (std::size_t i = blockOfToken(token); i < m_slots.size(); ++i) {
        const Slot& slot = m_slots[i];
        if (slot.hidden || !slot.tokensPlaced)
            return {};
        const auto mark = std::ranges::lower_bound(slot.tokens, token, {}, &TokenMark::token);
        if (mark != slot.tokens.end())
            return mark->rect.translated(origin(i));
        if (i + 1 == m_slots.size() && !slot.tokens.empty())
            return slot.tokens.back().rect.translated(origin(i));
    }
    return {};
}

} // namespace vitrine::ui
