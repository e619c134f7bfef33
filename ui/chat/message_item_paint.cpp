// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageItem that paints.
#include <algorithm>

#include <QCoreApplication>
#include <QLocale>
#include <QPainter>

#include "ui/chat/message_chips.h"
#include "ui/chat/message_item.h"
#include "ui/chat/stats_line.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {

namespace {

constexpr qreal kErrorPadding = 12;
constexpr qreal kErrorIcon = 28;
constexpr qreal kGapAboveStats = 4;
constexpr qreal kCaretWidth = 2;
constexpr qreal kChevron = 12;

QString translated(const char* text)
{
    return QCoreApplication::translate("MessageItem", text);
}

} // namespace

void MessageItem::paint(QPainter& painter, qreal top, qreal bottom, const Look& look) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    if (isUser()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_style->tokens.userTurn);
        painter.drawRoundedRect(bubbleRect(), kRadius, kRadius);
    }
    paintChips(painter, look);
    paintBlocks(painter, top, bottom, look);
    if (m_message.state == MessageState::Streaming && !m_slots.empty() && m_slots.back().laidOut) {
        const QPointF caret = origin(m_slots.size() - 1) + m_slots.back().layout.caret();
        painter.fillRect(QRectF(caret.x() + 2, caret.y(), kCaretWidth, m_style->bodyLine - 8),
                         m_style->tokens.accent);
    }
    if (m_error != nullptr)
        paintError(painter);
    paintTools(painter, look);
    paintSpots(painter, look);
}

/// Selection and marks of one block.
BlockLook MessageItem::lookOf(std::size_t slot, qreal top, qreal bottom, const Look& look) const
{
    BlockLook result;
    if (look.from < look.to && slot >= look.from.block && slot <= look.to.block) {
        result.from = slot == look.from.block ? look.from.piece : PiecePosition{};
        result.to = slot == look.to.block ? look.to.piece : m_slots[slot].layout.end();
    }
    for (const ItemMark& mark : look.marks) {
        if (mark.block == slot)
            result.marks.push_back(mark.mark);
    }
    if (!m_track.isEmpty() && m_slots[slot].tokensPlaced)
        result.tokens = {&m_slots[slot].tokens, look.currentToken, look.hoveredToken};
    result.secondary = m_document.blocks()[slot].thought > 0;
    result.top = top - m_slots[slot].y;
    result.bottom = bottom - m_slots[slot].y;
    return result;
}

void MessageItem::paintBlocks(QPainter& painter, qreal top, qreal bottom, const Look& look) const
{
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        const Slot& slot = m_slots[i];
        if (slot.hidden || !slot.laidOut || slot.y - slot.overlap > bottom || slot.y + slot.height < top)
            continue;
        const Block& block = m_document.blocks()[i];
        if (block.kind == Block::Kind::Thought)
            paintThought(painter, i);
        else if (block.thought > 0) // a line at the left of what was thought
            painter.fillRect(QRectF(7, slot.y, 1, slot.height), m_style->tokens.borderStrong);
        slot.layout.paint(painter, origin(i), *m_style, lookOf(i, top, bottom, look));
    }
}

QString MessageItem::thoughtText(const Block& head) const
{
    if (!head.ended)
        return translated(QT_TRANSLATE_NOOP("MessageItem", "Thinking…"));
    const ThoughtFigures figures = m_state.thought.value_or(ThoughtFigures{});
    const bool first = head.thought == 1; // figures are those of the first section
    const QString seconds = QLocale().toString(figures.seconds, 'f', 1);
    const QString tokens = QLocale().toString(figures.tokens);
    if (first && figures.seconds > 0 && figures.tokens > 0)
        return translated(QT_TRANSLATE_NOOP("MessageItem", "Thought for %1 s, %2 tokens"))
            .arg(seconds, tokens);
    if (first && figures.seconds > 0)
        return translated(QT_TRANSLATE_NOOP("MessageItem", "Thought for %1 s")).arg(seconds);
    if (first && figures.tokens > 0)
        return translated(QT_TRANSLATE_NOOP("MessageItem", "Thought, %1 tokens")).arg(tokens);
    return translated(QT_TRANSLATE_NOOP("MessageItem", "Thought"));
}

void MessageItem::paintThought(QPainter& painter, std::size_t slot) const
{
    const Block& head = m_document.blocks()[slot];
    const QRectF row(m_padX, m_slots[slot].y, m_width, m_slots[slot].height);
    const bool open = m_state.unfolded.contains(head.thought);
    const qreal side = kChevron * m_style->factor;
    const QPixmap icon = iconPixmap(open ? "down" : "rightc", m_style->tokens.secondary, int(side),
                                    painter.device()->devicePixelRatioF());
    painter.drawPixmap(QPointF(row.left() + 2, row.center().y() - side / 2), icon);
    painter.setPen(m_style->tokens.secondary);
    const qreal baseline = row.center().y() + QFontMetricsF(m_style->small).capHeight() / 2;
    drawTabular(painter, m_style->small, row.left() + m_style->thoughtIndent, baseline, thoughtText(head));
}

void MessageItem::paintError(QPainter& painter) const
{
    const qreal bottom = isUser() ? m_height : statsRect().top() - kGapAboveStats;
    const QRectF card(0, bottom - m_errorHeight, m_width, m_errorHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_style->tokens.dangerTint);
    painter.drawRoundedRect(card, kRadius, kRadius);
    const QPixmap icon = iconPixmap("warn", m_style->tokens.danger, int(kIconSize * m_style->factor),
                                    painter.device()->devicePixelRatioF());
    painter.drawPixmap(card.topLeft() + QPointF(kErrorPadding, kErrorPadding + 2), icon);
    painter.setPen(m_style->tokens.text);
    m_error->draw(&painter,
                  card.topLeft() + QPointF(kErrorPadding + kErrorIcon * m_style->factor, kErrorPadding));
}

void MessageItem::paintTools(QPainter& painter, const Look& look) const
{
    const ToolRow row = tools();
    MessageTools(m_message, m_state.actions).paintVersion(painter, row.version, *m_style);
    if (!isUser())
        StatsLine(m_message).paint(painter, row.figures, *m_style, look.hue, look.turn);
    if (m_state.breakdown)
        WhyCard(*m_state.breakdown, *m_style).paint(painter, cardRect(), m_state.actions.profiler);
    const bool chip = isUser() && statsRect().isEmpty();
    if (!look.active || row.icons.width() <= 0 || !(chip || m_style->narrow))
        return;
    painter.setPen(chip ? m_style->tokens.border : m_style->tokens.panel);
    painter.setBrush(chip ? m_style->tokens.raised : m_style->tokens.panel);
    painter.drawRoundedRect(row.icons.adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
}

void MessageItem::paintChips(QPainter& painter, const Look& look) const
{
    const MessageChips chips(m_message.attachments, *m_style);
    for (std::size_t i = 0; i < m_chips.size(); ++i) // they are the first spots
        chips.paint(painter, chipRect(i), int(i), look.hoveredSpot == int(i));
}

void MessageItem::paintSpots(QPainter& painter, const Look& look) const
{
    const std::vector<ItemSpot> all = spots();
    const QRectF icons = tools().icons;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool withPointer = isUser() || m_style->narrow;
        if (withPointer && !look.active && all[i].kind == ItemSpot::Kind::Action &&
            icons.contains(all[i].rect.center()))
            continue;
        paintSpot(painter, all[i], int(i) == look.hoveredSpot, int(i) == look.focusedSpot);
    }
}

void MessageItem::paintSpot(QPainter& painter, const ItemSpot& spot, bool hovered, bool focused) const
{
    const Tokens& tokens = m_style->tokens;
    if (spot.kind == ItemSpot::Kind::Link) {
        if (hovered || focused)
            painter.fillRect(QRectF(spot.rect.left(), spot.rect.bottom() - 3, spot.rect.width(), 1),
                             tokens.accentText);
    } else if (spot.kind == ItemSpot::Kind::Action) {
        MessageTools::paintSpot(painter, spot, *m_style, hovered, m_state.breakdown.has_value());
    } else if (spot.kind == ItemSpot::Kind::CopyCode) {
        ItemSpot copy = spot;
        copy.action = MessageAction::Copy;
        MessageTools::paintSpot(painter, copy, *m_style, hovered, false);
    }
    if (!focused)
        return;
    painter.setPen(QPen(tokens.accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(spot.rect.adjusted(1, 1, -1, -1), kRadiusChip, kRadiusChip);
}

} // namespace vitrine::ui
