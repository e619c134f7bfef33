// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/recordings/recording_delegate.h"

#include <QPainter>

#include "ui/profiler/recordings/recording_list.h"

namespace vitrine::ui {
namespace {

constexpr int kRowHeightHere = 52;

} // namespace

QSize RecordingDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {100, m_theme.scaled(kRowHeightHere)};
}

void RecordingDelegate::paintEntry(QPainter& painter, const QStyleOptionViewItem& option,
                                   const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    const QRect row = option.rect.adjusted(kSpace2, 1, -kSpace2, -1);
    paintGround(painter, row, option);
    const bool live = index.data(RecordingList::PathRole).toString().isEmpty();
    const bool broken = !index.data(RecordingList::ProblemRole).toString().isEmpty();
    const int side = m_theme.scaled(kIconSize);
    const QString icon = broken ? QStringLiteral("warn")
                         : live ? QStringLiteral("profiler")
                                : QStringLiteral("doc");
    painter.drawPixmap(QPointF(row.left() + kSpace3, row.center().y() - side / 2.0 + 0.5),
                       iconPixmap(icon,
                                  broken ? tokens.warning
                                  : live ? tokens.accent
                                         : tokens.secondary,
                                  side, painter.device()->devicePixelRatioF()));
    const QFont small = m_theme.font(TextSize::Small);
    const QString word = index.data(RecordingList::WordRole).toString();
    const QFont medium = m_theme.font(TextSize::Small, QFont::Medium);
    const int wordWidth = QFontMetrics(medium).horizontalAdvance(word);
    const int left = row.left() + kSpace3 + side + kSpace3, right = row.right() - kSpace3;
    painter.setFont(medium);
    painter.setPen(tokens.accentText);
    painter.drawText(QRect(right - wordWidth, row.top(), wordWidth, row.height()), Qt::AlignVCenter, word);
    const int room = right - left - (word.isEmpty() ? 0 : wordWidth + kSpace3);
    const auto line = [&](const QFont& font, const QColor& colour, int top, const QString& text) {
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(QRect(left, top, room, row.height() / 2), Qt::AlignVCenter,
                         QFontMetrics(font).elidedText(text, Qt::ElideRight, room));
    };
    line(m_theme.font(TextSize::Body, QFont::Medium), tokens.text, row.top() + 3, index.data().toString());
    line(small, broken ? tokens.warning : tokens.secondary, row.center().y() - 3,
         index.data(RecordingList::DetailRole).toString());
}

} // namespace vitrine::ui
