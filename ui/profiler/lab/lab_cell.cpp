// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/lab/lab_cell.h"

#include <algorithm>

#include <QPainter>

namespace vitrine::ui {
namespace {

constexpr int kHeight = 48;
constexpr int kBarHeight = 4, kBarWidth = 72;
constexpr int kDot = 6;

int horizontal(const QModelIndex& index)
{
    return index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight;
}

} // namespace

int LabCell::height(const Theme& theme)
{
    return theme.scaled(kHeight);
}

QSize LabCell::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const bool best = index.data(BestRole).toBool();
    const int value = QFontMetrics(m_theme.font(TextSize::Body, best ? QFont::DemiBold : QFont::Normal))
                          .horizontalAdvance(index.data().toString()) +
                      (best ? kSpace1 + m_theme.scaled(kDot) : 0);
    const int note = QFontMetrics(m_theme.font(TextSize::Small, QFont::Medium))
                         .horizontalAdvance(index.data(NoteRole).toString());
    const int wide = QStyledItemDelegate::sizeHint(option, index).width();
    // A pixel more: text is measured in fractions of them where it is cut.
    return {std::max(wide, std::max(value, note) + 2 * kSpace2 + 1), height(m_theme)};
}

void LabCell::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, tokens.select);
    else if (option.state.testFlag(QStyle::State_MouseOver))
        painter->fillRect(option.rect, tokens.hover);
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), tokens.border);
    const QRect inner = option.rect.adjusted(kSpace2, kSpace1, -kSpace2, -kSpace1);
    const int half = inner.height() / 2;
    paintValue(*painter, inner.adjusted(0, 0, 0, -half), index);
    paintNote(*painter, inner.adjusted(0, half, 0, 0), index);
    painter->restore();
}

void LabCell::paintValue(QPainter& painter, const QRect& line, const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    const bool best = index.data(BestRole).toBool();
    const QFont font = m_theme.font(TextSize::Body, best ? QFont::DemiBold : QFont::Normal);
    const QFontMetrics metrics(font);
    const QString text = metrics.elidedText(index.data().toString(), Qt::ElideRight, line.width());
    painter.setFont(font);
    painter.setPen(best ? tokens.ok : tokens.text);
    painter.drawText(line, horizontal(index) | Qt::AlignVCenter, text);
    if (!best)
        return;
    const qreal dot = m_theme.scaled(kDot); // not by its colour alone
    const qreal left = line.right() - metrics.horizontalAdvance(text) - kSpace1 - dot;
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.ok);
    painter.drawEllipse(QRectF(left, line.center().y() - dot / 2 + 1, dot, dot));
}

void LabCell::paintNote(QPainter& painter, const QRect& line, const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    QRect rest = line;
    if (const QVariant progress = index.data(ProgressRole); progress.isValid()) {
        const int wide = m_theme.scaled(kBarWidth);
        const QRect bar(line.right() - wide, line.center().y() - kBarHeight / 2 + 1, wide, kBarHeight);
        painter.fillRect(bar, tokens.freeLine);
        painter.fillRect(QRectF(bar.left(), bar.top(), wide * progress.toDouble(), kBarHeight),
                         tokens.accent);
        rest.setRight(bar.left() - kSpace2);
    }
    const int tone = index.data(ToneRole).toInt();
    const QFont font = m_theme.font(TextSize::Small, tone != 0 ? QFont::Medium : QFont::Normal);
    painter.setFont(font);
    painter.setPen(tone > 0 ? tokens.ok : tone < 0 ? tokens.warning : tokens.secondary);
    painter.drawText(
        rest, horizontal(index) | Qt::AlignVCenter,
        QFontMetrics(font).elidedText(index.data(NoteRole).toString(), Qt::ElideRight, rest.width()));
}

} // namespace vitrine::ui
