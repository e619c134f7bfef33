// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/row_delegate.h"

#include <QPainter>

namespace vitrine::ui {

void RowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (isHeading(index))
        paintHeading(*painter, option.rect, index);
    else
        paintEntry(*painter, option, index);
    painter->restore();
}

void RowDelegate::paintGround(QPainter& painter, const QRect& row, const QStyleOptionViewItem& option) const
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (!selected && !option.state.testFlag(QStyle::State_MouseOver))
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(selected ? m_theme.tokens().select : m_theme.tokens().hover);
    painter.drawRoundedRect(row, kRadius, kRadius);
}

} // namespace vitrine::ui
