// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_item.h"

#include <algorithm>
#include <cmath>

#include <QPainter>

#include "ui/chat/block_builder.h"
#include "ui/chat/stats_line.h"

namespace vitrine::ui {

namespace {

constexpr qreal kErrorPadding = 12;
constexpr qreal kErrorIcon = 28; // room for it on the left
constexpr qreal kGapAboveStats = 4;
constexpr qreal kCaretWidth = 2;
constexpr qreal kMeanCharacter = 0.5; // width of a character in heights of its line

} // namespace

MessageItem::MessageItem(const Message& message)
    : m_message(message), m_document(message.role == Role::User ? MessageDocument::Format::Plain
                                                                : MessageDocument::Format::Markdown)
{
    m_message.text.clear();
    syncSlots(m_document.append(message.text));
    setMessage(message);
}

void MessageItem::appendText(const QString& delta)
{
    syncSlots(m_document.append(delta));
}

void MessageItem::setMessage(const Message& message)
{
    const bool errorChanged = message.error != m_message.error;
    m_message = message;
    m_message.text.clear();
    if (!message.isOpen() && !m_document.isFinished())
        syncSlots(m_document.finish());
    if (errorChanged && m_style != nullptr)
        layOutError(*m_style);
    stack();
}

/// Blocks from `from` on are new or other than they were.
void MessageItem::syncSlots(std::size_t from)
{
    const std::vector<Block>& blocks = m_document.blocks();
    m_slots.resize(blocks.size());
    for (std::size_t i = from; i < blocks.size(); ++i) {
        Slot& slot = m_slots[i];
        slot.laidOut = false;
        if (slot.height <= 0)
            slot.height = estimate(blocks[i]);
    }
    stack();
}

qreal MessageItem::estimate(const Block& block) const
{
    const qreal perLine = std::max(20.0, m_width / (m_lineHeight * kMeanCharacter));
    if (block.kind == Block::Kind::Table)
        return 33.0 * qreal(block.rows.size());
    const QString& text = block.kind == Block::Kind::Code ? block.code : block.text.text;
    const qsizetype breaks = text.count('\n') + text.count(QChar(QChar::LineSeparator));
    return m_lineHeight *
           (std::ceil(qreal(text.size()) / perLine) + qreal(breaks) + qreal(block.children.size()));
}

/// Places the blocks under each other and finds the height.
void MessageItem::stack()
{
    const std::vector<Block>& blocks = m_document.blocks();
    qreal y = m_padY;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        if (i > 0 && m_style != nullptr)
            y += gapBetween(blocks[i - 1], blocks[i], *m_style);
        m_slots[i].y = y;
        y += m_slots[i].height;
    }
    y += m_padY;
    if (m_errorHeight > 0)
        y += m_errorHeight + m_gap;
    if (hasStats())
        y += kStatsHeight + (m_slots.empty() ? 0 : kGapAboveStats);
    m_height = y;
}

void MessageItem::setGeometry(const MessageStyle& style, qreal width, int generation)
{
    m_style = &style;
    if (generation == m_generation)
        return;
    m_generation = generation;
    m_width = width;
    m_padX = isUser() ? style.userPaddingX : 0;
    m_padY = isUser() ? style.userPaddingY : 0;
    m_lineHeight = style.bodyLine;
    m_gap = style.paragraphGap;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        m_slots[i].laidOut = false;
        m_slots[i].layout = {};
        m_slots[i].height = estimate(m_document.blocks()[i]);
    }
    layOutError(style);
    stack();
}

bool MessageItem::layOut(qreal top, qreal bottom, const MessageStyle& style)
{
    bool changed = false;
    // A block laid out moves those below it: go on until none in sight is left.
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        Slot& slot = m_slots[i];
        if (slot.laidOut || slot.y + slot.height < top || slot.y > bottom)
            continue;
        slot.layout.update(m_document.blocks()[i], style, m_width - 2 * m_padX);
        slot.laidOut = true;
        if (slot.height != slot.layout.height()) {
            slot.height = slot.layout.height();
            changed = true;
            stack();
        }
    }
    return changed;
}

QPointF MessageItem::origin(const Slot& slot) const
{
    return {m_padX, slot.y};
}

QRectF MessageItem::statsRect() const
{
    return hasStats() ? QRectF(0, m_height - kStatsHeight, m_width, kStatsHeight) : QRectF();
}

void MessageItem::paint(QPainter& painter, qreal top, qreal bottom, const MessageStyle& style,
                        const Look& look) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    if (isUser()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(style.tokens.userTurn);
        painter.drawRoundedRect(QRectF(0, 0, m_width, m_height), kRadius, kRadius);
    }
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        const Slot& slot = m_slots[i];
        if (!slot.laidOut || slot.y > bottom || slot.y + slot.height < top)
            continue;
        PiecePosition from, to;
        if (look.from < look.to && i >= look.from.block && i <= look.to.block) {
            from = i == look.from.block ? look.from.piece : PiecePosition{};
            to = i == look.to.block ? look.to.piece : slot.layout.end();
        }
        slot.layout.paint(painter, origin(slot), style, from, to);
    }
    if (m_message.state == MessageState::Streaming && !m_slots.empty() && m_slots.back().laidOut) {
        const QPointF caret = origin(m_slots.back()) + m_slots.back().layout.caret();
        painter.fillRect(QRectF(caret.x() + 2, caret.y(), kCaretWidth, style.bodyLine - 8),
                         style.tokens.accent);
    }
    if (m_error != nullptr)
        paintError(painter, style);
    if (hasStats())
        StatsLine(m_message).paint(painter, statsRect().adjusted(0, 0, -kSmallButtonHeight, 0), style,
                                   look.hue, look.turn);
    paintSpots(painter, style, look);
}

void MessageItem::layOutError(const MessageStyle& style)
{
    m_error.reset();
    m_errorHeight = 0;
    if (m_message.error.isEmpty() || m_width <= 0)
        return;
    m_error = std::make_unique<QTextLayout>(m_message.error.left(kMaxBlockText), style.table);
    m_error->beginLayout();
    qreal y = 0;
    for (QTextLine line = m_error->createLine(); line.isValid(); line = m_error->createLine()) {
        line.setLineWidth(m_width - 2 * kErrorPadding - kErrorIcon);
        line.setPosition({0, y});
        y += style.tableLine;
    }
    m_error->endLayout();
    m_errorHeight = y + 2 * kErrorPadding;
}

void MessageItem::paintError(QPainter& painter, const MessageStyle& style) const
{
    const qreal y = statsRect().top() - m_errorHeight - kGapAboveStats;
    const QRectF card(0, y, m_width, m_errorHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(style.tokens.dangerTint);
    painter.drawRoundedRect(card, kRadius, kRadius);
    const QPixmap icon =
        iconPixmap("warn", style.tokens.danger, kIconSize, painter.device()->devicePixelRatioF());
    painter.drawPixmap(QPointF(kErrorPadding, y + kErrorPadding + 2), icon);
    painter.setPen(style.tokens.text);
    m_error->draw(&painter, {kErrorPadding + kErrorIcon, y + kErrorPadding});
}

void MessageItem::paintSpots(QPainter& painter, const MessageStyle& style, const Look& look) const
{
    const std::vector<ItemSpot> all = spots();
    for (std::size_t i = 0; i < all.size(); ++i) {
        const ItemSpot& spot = all[i];
        const bool hovered = int(i) == look.hoveredSpot;
        const bool focused = int(i) == look.focusedSpot;
        if (spot.kind == ItemSpot::Kind::Link) {
            const qreal y = spot.rect.bottom() - 3;
            if (hovered || focused)
                painter.fillRect(QRectF(spot.rect.left(), y, spot.rect.width(), 1), style.tokens.accentText);
        } else {
            painter.setPen(Qt::NoPen);
            painter.setBrush(hovered ? style.tokens.hover : QColor(Qt::transparent));
            painter.drawRoundedRect(spot.rect, kRadius, kRadius);
            const QColor colour = hovered ? style.tokens.text : style.tokens.secondary;
            const QPixmap icon = iconPixmap("copy", colour, kIconSize, painter.device()->devicePixelRatioF());
            painter.drawPixmap(spot.rect.center() - QPointF(kIconSize / 2.0, kIconSize / 2.0), icon);
        }
        if (focused) {
            painter.setPen(QPen(style.tokens.accent, 2));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(spot.rect.adjusted(1, 1, -1, -1), kRadiusChip, kRadiusChip);
        }
    }
}

ItemPosition MessageItem::positionAt(const QPointF& point) const
{
    std::size_t block = 0;
    while (block + 1 < m_slots.size() && m_slots[block + 1].y <= point.y())
        ++block;
    if (m_slots.empty())
        return {};
    return {block, m_slots[block].layout.positionAt(point - origin(m_slots[block]))};
}

ItemPosition MessageItem::end() const
{
    if (m_slots.empty())
        return {};
    return {m_slots.size() - 1, m_slots.back().layout.end()};
}

QString MessageItem::text(ItemPosition from, ItemPosition to) const
{
    QString text;
    for (std::size_t i = from.block; i <= to.block && i < m_slots.size(); ++i) {
        const BlockLayout& layout = m_slots[i].layout;
        const Block& block = m_document.blocks()[i];
        if (i > from.block && !block.continuesAbove) {
            const bool items = block.kind == Block::Kind::ListItem &&
                               m_document.blocks()[i - 1].kind == Block::Kind::ListItem;
            text += items ? QStringLiteral("\n") : QStringLiteral("\n\n");
        }
        text += layout.text(i == from.block ? from.piece : PiecePosition{},
                            i == to.block ? to.piece : layout.end());
    }
    return text;
}

std::vector<ItemSpot> MessageItem::spots() const
{
    std::vector<ItemSpot> result;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        for (const HotSpot& spot : m_slots[i].layout.hotSpots()) {
            const bool link = spot.kind == HotSpot::Kind::Link;
            const bool whole = m_document.blocks()[i].continuesBelow;
            const QString target = whole && !link ? m_document.codeFrom(i) : spot.target;
            result.push_back({link ? ItemSpot::Kind::Link : ItemSpot::Kind::CopyCode,
                              spot.rect.translated(origin(m_slots[i])), target});
        }
    }
    if (hasStats() && !m_message.isOpen() && !m_document.source().isEmpty()) {
        const QRectF stats = statsRect();
        result.push_back(
            {ItemSpot::Kind::CopyReply,
             {stats.right() - kSmallButtonHeight, stats.top(), kSmallButtonHeight, kSmallButtonHeight},
             m_document.source()});
    }
    return result;
}

const TextPiece* MessageItem::pieceAt(const ItemPosition& position) const
{
    if (position.block >= m_slots.size())
        return nullptr;
    const auto& pieces = m_slots[position.block].layout.pieces();
    return position.piece.piece < pieces.size() ? &pieces[position.piece.piece] : nullptr;
}

} // namespace vitrine::ui
