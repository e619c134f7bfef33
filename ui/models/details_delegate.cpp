// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/details_delegate.h"

#include <cmath>

#include <QAbstractItemView>
#include <QPainter>

#include "ui/theme/tabular_text.h"

namespace vitrine::ui {
namespace {

/// The row where the arrow keys are, which need not be selected.
bool isCurrentRow(const QStyleOptionViewItem& option, const QModelIndex& index)
{
    const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
    return view && view->hasFocus() && index.column() == 0 && view->currentIndex().row() == index.row();
}

} // namespace

void DetailsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                            const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, tokens.select);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, tokens.hover);
    if (isCurrentRow(option, index))
        painter->fillRect(option.rect.left(), option.rect.top(), 2, option.rect.height(), tokens.accent);
    const QFont font = m_theme.font(TextSize::Body);
    const QRect room = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const qreal baseline =
        room.top() + (room.height() + QFontMetricsF(font).capHeight()) / 2; // capitals in the middle
    const QString text = index.data().toString();
    painter->setPen(tokens.text);
    painter->setFont(font);
    const QVariant alignment = index.data(Qt::TextAlignmentRole);
    if (alignment.isValid() && Qt::Alignment(alignment.toInt()).testFlag(Qt::AlignRight))
        drawTabular(*painter, font, room.right() + 1 - tabularWidth(font, text), baseline, text);
    else
        painter->drawText(QPointF(room.left(), baseline),
                          QFontMetricsF(font).elidedText(text, Qt::ElideRight, room.width()));
}

QSize DetailsDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    const qreal text = tabularWidth(m_theme.font(TextSize::Body), index.data().toString());
    return {int(std::ceil(text)) + 2 * kPadding, m_theme.scaled(kSmallButtonHeight)};
}

} // namespace vitrine::ui
