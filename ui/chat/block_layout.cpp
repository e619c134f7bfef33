// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/block_layout.h"

#include <algorithm>
#include <limits>

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include "ui/chat/block_builder.h"
#include "ui/chat/message_images.h"
#include "ui/chat/message_style.h"

namespace vitrine::ui {

namespace {

constexpr qreal kBulletPlace = 0.375;   // of the list's indent
constexpr qreal kBulletRadius = 0.0865; // of the line's height

/// How far a point is from a rectangle; what lies above or below counts more than what lies beside.
qreal distance(const QRectF& rect, const QPointF& point)
{
    const qreal dx = std::max({rect.left() - point.x(), 0.0, point.x() - rect.right()});
    const qreal dy = std::max({rect.top() - point.y(), 0.0, point.y() - rect.bottom()});
    return dy * 1000 + dx;
}

} // namespace

QRectF TextPiece::bounds() const
{
    QRectF bounds;
    for (int i = 0; i < layout->lineCount(); ++i)
        bounds |= layout->lineAt(i).rect();
    return bounds.translated(position);
}

void BlockLayout::update(const Block& block, const MessageStyle& style, qreal width, qreal indent)
{
    BlockLayout old = std::move(*this);
    *this = {};
    BlockBuilder builder(*this, style);
    const bool code = block.kind == Block::Kind::Code;
    const bool reuse = code && old.m_codeWidth == width;
    m_height = code ? builder.placeCode(block, 0, 0, width, reuse ? &old : nullptr)
               : indent > 0 && block.kind == Block::Kind::Paragraph ? builder.placeRest(block, width, indent)
                                                                    : builder.place(block, 0, 0, width);
    m_codeWidth = code ? width : 0;
}

void BlockLayout::paint(QPainter& painter, const QPointF& origin, const MessageStyle& style,
                        const BlockLook& look) const
{
    painter.save();
    painter.translate(origin);
    for (const Shape& shape : m_shapes) {
        if (shape.rect.bottom() >= look.top && shape.rect.top() <= look.bottom)
            paintShape(painter, shape, style, look.secondary);
    }
    paintTokens(painter, look.tokens, style.tokens, look.top, look.bottom);
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        const qreal y = m_pieces[i].position.y();
        const bool inSight =
            y - m_overlap <= look.bottom && y + m_pieces[i].layout->boundingRect().bottom() >= look.top;
        if (inSight && !m_pieces[i].hidden)
            paintPiece(painter, i, style, look);
    }
    painter.restore();
}

void BlockLayout::paintPiece(QPainter& painter, std::size_t index, const MessageStyle& style,
                             const BlockLook& look) const
{
    const TextPiece& piece = m_pieces[index];
    const int first = index == look.from.piece ? look.from.offset : 0;
    const int last = index == look.to.piece ? look.to.offset : int(piece.layout->text().size());
    QList<QTextLayout::FormatRange> ranges;
    if (look.from < look.to && index >= look.from.piece && index <= look.to.piece && first < last) {
        QTextCharFormat format;
        format.setBackground(style.tokens.select);
        ranges.append({first, last - first, format});
    }
    for (const PieceMark& mark : look.marks) {
        if (mark.piece != index)
            continue;
        QTextCharFormat format;
        format.setBackground(mark.current ? style.tokens.findCurrent : style.tokens.find);
        format.setForeground(style.tokens.text);
        ranges.append({mark.start, mark.length, format});
    }
    painter.setPen(piece.secondary || look.secondary ? style.tokens.secondary : style.tokens.text);
    piece.layout->draw(&painter, piece.position, ranges);
}

void BlockLayout::paintShape(QPainter& painter, const Shape& shape, const MessageStyle& style,
                             bool secondary) const
{
    const Tokens& tokens = style.tokens;
    const QColor& ink = secondary ? tokens.secondary : tokens.text;
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    switch (shape.surface) {
    case Surface::CodeCard:
    case Surface::TableCard:
    case Surface::TableHead:
        paintCard(painter, shape, style);
        break;
    case Surface::CodeHeader:
        painter.fillRect(QRectF(shape.rect.left(), shape.rect.bottom() - 1, shape.rect.width(), 1),
                         tokens.border);
        painter.setPen(tokens.secondary);
        painter.setFont(style.small);
        painter.drawText(shape.rect.adjusted(12, 0, -40, 0), Qt::AlignVCenter | Qt::AlignLeft, shape.label);
        break;
    case Surface::InlineCode:
        painter.setBrush(tokens.hover);
        painter.drawRoundedRect(shape.rect, kRadiusChip, kRadiusChip);
        break;
    case Surface::Line:
        painter.fillRect(shape.rect, tokens.border);
        break;
    case Surface::QuoteBar:
        painter.setBrush(tokens.borderStrong);
        painter.drawRoundedRect(shape.rect, 1.5, 1.5);
        break;
    case Surface::Bullet:
        painter.setBrush(ink);
        painter.drawEllipse(
            QPointF(shape.rect.left() + shape.rect.width() * kBulletPlace, shape.rect.center().y()),
            shape.rect.height() * kBulletRadius, shape.rect.height() * kBulletRadius);
        break;
    case Surface::Label:
        painter.setPen(ink);
        painter.setFont(style.body);
        painter.drawText(shape.rect.adjusted(2, 0, 200, 0), Qt::AlignVCenter | Qt::AlignLeft, shape.label);
        break;
    case Surface::Image:
        if (style.images != nullptr)
            style.images->paint(painter, shape.rect, shape.label);
        break;
    case Surface::Placeholder:
        painter.setPen(tokens.border);
        painter.setBrush(tokens.raised);
        painter.drawRoundedRect(shape.rect.adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
        break;
    case Surface::Note:
        painter.setPen(tokens.secondary);
        painter.setFont(style.small);
        painter.drawText(
            shape.rect, Qt::AlignVCenter | Qt::AlignLeft,
            QFontMetricsF(style.small).elidedText(shape.label, Qt::ElideRight, shape.rect.width()));
        break;
    }
}

void BlockLayout::paintCard(QPainter& painter, const Shape& shape, const MessageStyle& style) const
{
    const Tokens& tokens = style.tokens;
    QRectF card = shape.rect.adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setClipRect(shape.rect, Qt::IntersectClip);
    if (shape.openAbove)
        card.setTop(card.top() - 2 * kRadius);
    if (shape.openBelow || shape.surface == Surface::TableHead)
        card.setBottom(card.bottom() + 2 * kRadius);
    painter.setPen(tokens.border);
    painter.setBrush(shape.surface == Surface::CodeCard    ? tokens.codeBackground
                     : shape.surface == Surface::TableHead ? tokens.panel
                                                           : tokens.raised);
    painter.drawRoundedRect(card, kRadius, kRadius);
    painter.restore();
}

PiecePosition BlockLayout::positionAt(const QPointF& point) const
{
    PiecePosition best;
    qreal nearest = std::numeric_limits<qreal>::max();
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        const QTextLayout& layout = *m_pieces[i].layout;
        for (int l = 0; l < layout.lineCount(); ++l) {
            const QTextLine line = layout.lineAt(l);
            const QRectF rect = line.naturalTextRect().translated(m_pieces[i].position);
            const qreal away = distance(rect, point);
            if (away >= nearest)
                continue;
            nearest = away;
            best = {i, line.xToCursor(point.x() - m_pieces[i].position.x())};
        }
    }
    return best;
}

PiecePosition BlockLayout::end() const
{
    if (m_pieces.empty())
        return {};
    return {m_pieces.size() - 1, int(m_pieces.back().layout->text().size())};
}

QRectF BlockLayout::rectOf(PiecePosition position) const
{
    if (position.piece >= m_pieces.size())
        return {};
    const TextPiece& piece = m_pieces[position.piece];
    const QTextLine line = piece.layout->lineForTextPosition(position.offset);
    if (!line.isValid())
        return piece.bounds();
    return QRectF(line.cursorToX(position.offset), line.y(), 1, line.height()).translated(piece.position);
}

std::pair<int, int> BlockLayout::lineOf(PiecePosition position) const
{
    if (position.piece >= m_pieces.size())
        return {};
    const QTextLayout& layout = *m_pieces[position.piece].layout;
    const QTextLine line = layout.lineForTextPosition(position.offset);
    if (!line.isValid())
        return {0, int(layout.text().size())};
    int end = line.textStart() + line.textLength();
    if (end > line.textStart() && end <= layout.text().size() &&
        (layout.text()[end - 1] == QChar(QChar::LineSeparator) || end < layout.text().size()))
        --end; // behind the last character it would be on the next line
    return {line.textStart(), end};
}

QPointF BlockLayout::caret() const
{
    if (m_pieces.empty() || m_pieces.back().layout->lineCount() == 0)
        return {};
    const TextPiece& piece = m_pieces.back();
    const QTextLine line = piece.layout->lineAt(piece.layout->lineCount() - 1);
    return piece.position + QPointF(line.cursorToX(int(piece.layout->text().size())), line.y());
}

} // namespace vitrine::ui
