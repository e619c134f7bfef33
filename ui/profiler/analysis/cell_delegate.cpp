// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/analysis/cell_delegate.h"

#include <QPainter>

namespace vitrine::ui {
namespace {

constexpr int kBarWidth = 64;
constexpr int kBarHeight = 4;
constexpr int kHueWidth = 3;
constexpr int kHueHeight = 14;

} // namespace

QSize CellDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {QStyledItemDelegate::sizeHint(option, index).width(), m_theme.scaled(kSmallButtonHeight)};
}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    painter->save();
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, tokens.select);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, tokens.hover);
    QRect rect = option.rect.adjusted(kSpace2, 0, -kSpace2, 0);
    if (const QVariant filled = index.data(ShareRole); filled.isValid()) {
        const QRect bar(rect.right() - m_theme.scaled(kBarWidth), rect.center().y() - kBarHeight / 2 + 1,
                        m_theme.scaled(kBarWidth), kBarHeight);
        const double share = filled.toDouble();
        painter->fillRect(bar, tokens.freeLine);
        painter->fillRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), tokens.cached);
    }
    if (index.data(ReservedRole).toBool()) {
        rect.setRight(rect.right() - m_theme.scaled(kBarWidth) - kSpace2);
    }
    if (const QVariant hue = index.data(HueRole); hue.isValid()) {
        const int tall = m_theme.scaled(kHueHeight);
        painter->fillRect(QRect(rect.left(), rect.center().y() - tall / 2, kHueWidth, tall),
                          tokens.conversation(hue.toULongLong()));
        rect.setLeft(rect.left() + kHueWidth + kSpace2);
    }
    const QFont font =
        index.data(FixedRole).toBool() ? m_theme.fixedFont(TextSize::Small) : m_theme.font(TextSize::Small);
    painter->setFont(font);
    const QString text = index.data().toString();
    const bool nothing = text == QLatin1String("0");
    painter->setPen(nothing ? tokens.secondary : tokens.text);
    const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
    painter->drawText(rect, int(alignment),
                      QFontMetrics(font).elidedText(text, Qt::ElideRight, rect.width()));
    painter->restore();
}

} // namespace vitrine::ui
