// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/palette/palette_delegate.h"

#include <QPainter>

#include "ui/shell/commands/keycaps.h"

namespace vitrine::ui {
namespace {

constexpr int kEntryHeight = 36;
constexpr int kHeadingHeight = 28;
constexpr int kDot = 8;
constexpr int kDetailGap = 12;
constexpr qreal kTitleShare = 0.4; // of a row whose detail matters more
constexpr qreal kLeastRoom = 40;   // a detail in less would only be dots

/// Baseline that centres capitals in a row.
qreal baselineIn(const QRect& row, const QFont& font)
{
    return row.top() + (row.height() + QFontMetricsF(font).capHeight()) / 2.0;
}

} // namespace

PaletteDelegate::PaletteDelegate(const PaletteList& list, const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_list(list), m_theme(theme)
{}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    return {100, m_theme.scaled(m_list.entryAt(index.row()) ? kEntryHeight : kHeadingHeight)};
}

void PaletteDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (const PaletteEntry* entry = m_list.entryAt(index.row()))
        paintEntry(*painter, option, *entry);
    else
        paintHeading(*painter, option.rect, index.data().toString());
    painter->restore();
}

void PaletteDelegate::paintHeading(QPainter& painter, const QRect& rect, const QString& text) const
{
    const QFont font = m_theme.font(TextSize::Small, QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(m_theme.tokens().secondary);
    painter.drawText(QPointF(rect.left() + kSpace3, baselineIn(rect, font)), text);
}

void PaletteDelegate::paintEntry(QPainter& painter, const QStyleOptionViewItem& option,
                                 const PaletteEntry& entry) const
{
    const Tokens& tokens = m_theme.tokens();
    const QRect row = option.rect;
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(selected ? tokens.select : tokens.hover);
        painter.drawRoundedRect(row, kRadius, kRadius);
    }
    paintMark(painter, row, entry, selected);
    qreal right = row.right() + 1 - kSpace3;
    const QStringList caps = keycapsOf(entry.keys);
    if (!caps.isEmpty()) {
        const int width = keycapsWidth(m_theme, caps);
        paintKeycaps(painter, m_theme, caps, int(right) - width, row.top() + row.height() / 2.0);
        right -= width + kSpace3;
    }
    const qreal left = row.left() + kSpace3 + m_theme.scaled(kIconSize) + kSpace3;
    const QFont body = m_theme.font(TextSize::Body, selected ? QFont::Medium : QFont::Normal);
    const qreal end = paintLine(painter, {entry.title, entry.titleMatches, body, tokens.text}, left,
                                (right - left) * (entry.detailMatters ? kTitleShare : 1), row) +
                      kDetailGap;
    if (right - end >= kLeastRoom)
        paintLine(painter,
                  {entry.detail, entry.detailMatches, m_theme.font(TextSize::Small), tokens.secondary}, end,
                  right - end, row);
}

void PaletteDelegate::paintMark(QPainter& painter, const QRect& row, const PaletteEntry& entry,
                                bool selected) const
{
    const Tokens& tokens = m_theme.tokens();
    const int side = m_theme.scaled(kIconSize);
    const QPointF centre(row.left() + kSpace3 + side / 2.0, row.top() + row.height() / 2.0);
    if (entry.hue) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.conversation(*entry.hue));
        painter.drawEllipse(centre, m_theme.scaled(kDot) / 2.0, m_theme.scaled(kDot) / 2.0);
        return;
    }
    const QPixmap icon = iconPixmap(entry.icon, selected ? tokens.accentText : tokens.secondary, side,
                                    painter.device()->devicePixelRatioF());
    painter.drawPixmap(centre - QPointF(side, side) / 2, icon);
}

qreal PaletteDelegate::paintLine(QPainter& painter, const Line& line, qreal left, qreal room,
                                 const QRect& row) const
{
    QFont strong = line.font;
    strong.setWeight(QFont::DemiBold);
    const QString shown = QFontMetricsF(strong).elidedText(line.text, Qt::ElideRight, room);
    const qreal baseline = baselineIn(row, line.font);
    for (qsizetype at = 0; at < shown.size();) {
        const auto typed = [&](qsizetype i) {
            return shown[i] == line.text.at(i) && line.matches.contains(int(i));
        };
        const bool match = at < line.text.size() && typed(at);
        qsizetype end = at + 1;
        while (end < shown.size() && (end < line.text.size() && typed(end)) == match)
            ++end;
        const QString piece = shown.mid(at, end - at);
        painter.setFont(match ? strong : line.font);
        painter.setPen(match ? m_theme.tokens().accentText : line.colour);
        painter.drawText(QPointF(left, baseline), piece);
        left += QFontMetricsF(painter.font()).horizontalAdvance(piece);
        at = end;
    }
    return left;
}

} // namespace vitrine::ui
