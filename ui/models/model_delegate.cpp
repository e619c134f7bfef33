// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_delegate.h"

#include <QPainter>

#include "ui/models/model_list.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {
namespace {

constexpr int kModelHeight = 52;
constexpr int kHeadingHeight = 36;
constexpr int kBar = 2; // of a load under way

QString iconOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::InUse:
        return QStringLiteral("check");
    case Verdict::Asleep:
        return QStringLiteral("pause");
    case Verdict::Unreadable:
        return QStringLiteral("warn");
    default:
        return QStringLiteral("models");
    }
}

} // namespace

bool ModelDelegate::isHeading(const QModelIndex& index) const
{
    return index.data(ModelList::KindRole).toInt() == int(ModelList::Kind::Heading);
}

QSize ModelDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const
{
    return {100, m_theme.scaled(isHeading(index) ? kHeadingHeight : kModelHeight)};
}

void ModelDelegate::paintHeading(QPainter& painter, const QRect& rect, const QModelIndex& index) const
{
    const QFont bold = m_theme.font(TextSize::Small, QFont::DemiBold);
    const QFont small = m_theme.font(TextSize::Small);
    const QRect line = rect.adjusted(kSpace4 + kSpace1, kSpace2, -kSpace4 - kSpace1, 0);
    painter.setPen(m_theme.tokens().secondary);
    painter.setFont(bold);
    const QString heading = index.data().toString(), note = index.data(ModelList::NoteRole).toString();
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignLeft, heading);
    const int taken = QFontMetrics(bold).horizontalAdvance(heading) + kSpace3;
    if (taken + QFontMetrics(small).horizontalAdvance(note) > line.width())
        return;
    painter.setFont(small);
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, note);
}

void ModelDelegate::paintRow(QPainter& painter, const QRect& row, const QStyleOptionViewItem& option) const
{
    paintGround(painter, row, option);
    if (option.state.testFlag(QStyle::State_HasFocus) &&
        option.state.testFlag(QStyle::State_KeyboardFocusChange)) {
        painter.setPen(QPen(m_theme.tokens().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), kRadius, kRadius);
    }
}

void ModelDelegate::paintEntry(QPainter& painter, const QStyleOptionViewItem& option,
                               const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    const QRect row = option.rect.adjusted(kSpace2, 1, -kSpace2, -1);
    paintRow(painter, row, option);
    const auto verdict = static_cast<Verdict>(index.data(ModelList::VerdictRole).toInt());
    const QColor icon = verdict == Verdict::InUse ? tokens.accent : tokens.secondary;
    const int side = m_theme.scaled(kIconSize);
    painter.drawPixmap(QPointF(row.left() + kSpace3, row.center().y() - side / 2.0 + 0.5),
                       iconPixmap(iconOf(verdict), icon, side, painter.device()->devicePixelRatioF()));

    const QFont word = m_theme.font(TextSize::Small, QFont::Medium);
    const QFont body = m_theme.font(TextSize::Body, QFont::Medium);
    const QFont small = m_theme.font(TextSize::Small);
    const QString text = index.data(ModelList::WordRole).toString();
    const int wordWidth = QFontMetrics(word).horizontalAdvance(text);
    const int left = row.left() + kSpace3 + side + kSpace3;
    const int right = row.right() - kSpace3;
    const int middle = row.center().y();
    painter.setFont(word);
    painter.setPen(VerdictText::colour(verdict, tokens));
    painter.drawText(QRect(right - wordWidth, row.top(), wordWidth, row.height()), Qt::AlignVCenter, text);
    const int room = right - wordWidth - kSpace3 - left;
    const auto line = [&](const QFont& font, const QColor& colour, int top, const QString& full) {
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(QRect(left, top, room, middle - row.top()), Qt::AlignVCenter,
                         QFontMetrics(font).elidedText(full, Qt::ElideRight, room));
    };
    line(body, tokens.text, row.top() + 3, index.data().toString());
    line(small, tokens.secondary, middle - 3, index.data(ModelList::DetailRole).toString());
    if (const double fraction = index.data(ModelList::ProgressRole).toDouble(); fraction >= 0)
        paintProgress(painter, row, fraction);
}

void ModelDelegate::paintProgress(QPainter& painter, const QRect& row, double fraction) const
{
    const QRectF track(row.left() + kSpace3, row.bottom() - kBar, row.width() - 2 * kSpace3, kBar);
    painter.fillRect(track, m_theme.tokens().freeLine);
    painter.fillRect(QRectF(track.topLeft(), QSizeF(track.width() * fraction, kBar)),
                     m_theme.tokens().accent);
}

} // namespace vitrine::ui
