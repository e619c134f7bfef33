// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/conversation_delegate.h"

#include <QPainter>

#include "ui/chat/conversation_list.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {
namespace {

constexpr int kHeadingHeight = 36; // 8 above, 28 of its own
constexpr int kGlyph = 12;

/// Baseline that centres capitals in a row.
qreal baselineIn(const QRect& row, const QFont& font)
{
    return row.top() + (row.height() + QFontMetricsF(font).capHeight()) / 2.0;
}

ConversationList::Activity activityOf(const QModelIndex& index)
{
    return static_cast<ConversationList::Activity>(index.data(ConversationList::ActivityRole).toInt());
}

} // namespace

ConversationDelegate::ConversationDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme)
{}

QSize ConversationDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const bool heading =
        index.data(ConversationList::KindRole).toInt() == int(ConversationList::Kind::Heading);
    return {100, m_theme.scaled(heading ? kHeadingHeight : kRowHeight)};
}

void ConversationDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                 const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (index.data(ConversationList::KindRole).toInt() == int(ConversationList::Kind::Heading))
        paintHeading(*painter, option.rect, index.data(Qt::DisplayRole).toString());
    else
        paintConversation(*painter, option, index);
    painter->restore();
}

void ConversationDelegate::paintHeading(QPainter& painter, const QRect& rect, const QString& text) const
{
    const QFont font = m_theme.font(TextSize::Small, QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(m_theme.tokens().secondary);
    painter.drawText(QPointF(rect.left() + kSpace4, baselineIn(rect.adjusted(0, kSpace2, 0, 0), font)), text);
}

void ConversationDelegate::paintConversation(QPainter& painter, const QStyleOptionViewItem& option,
                                             const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    const QRect row = option.rect.adjusted(kSpace2, 0, -kSpace2, 0);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(selected ? tokens.select : tokens.hover);
        painter.drawRoundedRect(row, kRadius, kRadius);
    }
    paintGlyph(painter, QPointF(row.left() + kSpace2 + kGlyph / 2.0, row.center().y() + 0.5), index);

    qreal right = row.right() + 1 - kSpace2;
    const QFont small = m_theme.font(TextSize::Small);
    const QString detail = index.data(ConversationList::DetailRole).toString();
    if (!detail.isEmpty() &&
        (option.rect.width() >= kWidthForDetail || activityOf(index) != ConversationList::Activity::Idle)) {
        right -= tabularWidth(small, detail);
        painter.setPen(tokens.secondary);
        drawTabular(painter, small, right, baselineIn(row, small), detail);
        right -= kSpace2;
    }
    const QFont font = m_theme.font(TextSize::Body, selected ? QFont::Medium : QFont::Normal);
    const qreal left = row.left() + kSpace2 + kGlyph + kSpace2;
    painter.setFont(font);
    painter.setPen(tokens.text);
    painter.drawText(
        QPointF(left, baselineIn(row, font)),
        QFontMetricsF(font).elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, right - left));
}

void ConversationDelegate::paintGlyph(QPainter& painter, const QPointF& centre,
                                      const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    const QColor& hue = tokens.conversation(index.data(ConversationList::NumberRole).toULongLong());
    painter.setBrush(Qt::NoBrush);
    switch (activityOf(index)) {
    case ConversationList::Activity::Idle:
        painter.setPen(QPen(hue, 1.5));
        painter.drawEllipse(centre, 3.5, 3.5);
        break;
    case ConversationList::Activity::Queued: {
        const qreal ratio = painter.device()->devicePixelRatioF();
        const QPixmap glass = iconPixmap(QStringLiteral("hour"), hue, 14, ratio);
        painter.drawPixmap(centre - QPointF(7, 7), glass);
        break;
    }
    case ConversationList::Activity::Generating:
        painter.setPen(QPen(tokens.borderStrong, 1.5));
        painter.drawEllipse(centre, 5.25, 5.25);
        painter.setPen(QPen(hue, 1.5, Qt::SolidLine, Qt::RoundCap));
        painter.drawArc(QRectF(centre - QPointF(5.25, 5.25), QSizeF(10.5, 10.5)), -20 * 16, 130 * 16);
        painter.setPen(Qt::NoPen);
        painter.setBrush(hue);
        painter.drawEllipse(centre, 2, 2);
        break;
    }
}

} // namespace vitrine::ui
