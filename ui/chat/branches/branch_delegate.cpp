// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/branches/branch_delegate.h"

#include <QPainter>
#include <QPainterPath>

#include "ui/chat/branches/branch_model.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {

namespace {

constexpr qreal kLane = 18;
constexpr qreal kDot = 4;
constexpr qreal kLine = 1.5;

qreal laneX(const QRect& rect, int lane)
{
    return rect.left() + kSpace4 + kDot + lane * kLane;
}

} // namespace

BranchDelegate::BranchDelegate(const Theme& theme, std::size_t hue, QObject* parent)
    : QStyledItemDelegate(parent), m_theme(theme), m_hue(hue)
{}

QSize BranchDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const
{
    return {200, m_theme.scaled(kRowHeight)};
}

void BranchDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const
{
    const auto* model = qobject_cast<const BranchModel*>(index.model());
    if (model == nullptr)
        return;
    const BranchRow& row = model->row(index.row());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(selected ? m_theme.tokens().select : m_theme.tokens().hover);
        painter->drawRoundedRect(option.rect.adjusted(kSpace2, 1, -kSpace2, -1), kRadius, kRadius);
    }
    paintLanes(*painter, option.rect, row, index.data(BranchModel::IsUserRole).toBool());
    paintText(*painter, option.rect, row, index);
    painter->restore();
}

void BranchDelegate::paintLanes(QPainter& painter, const QRect& rect, const BranchRow& row, bool user) const
{
    const Tokens& tokens = m_theme.tokens();
    const QColor own = row.shown ? tokens.conversation(m_hue) : tokens.secondary;
    const QPen other(tokens.borderStrong, kLine);
    const qreal top = rect.top(), bottom = rect.bottom() + 1, middle = (top + bottom) / 2;
    painter.setPen(other);
    for (int lane = 0; lane < row.lane; ++lane) {
        if ((row.passing >> lane & 1) != 0)
            painter.drawLine(QPointF(laneX(rect, lane), top), QPointF(laneX(rect, lane), bottom));
    }
    const qreal x = laneX(rect, row.lane);
    if (row.leaves) {
        QPainterPath curve(QPointF(laneX(rect, row.lane - 1), top));
        curve.quadTo(QPointF(laneX(rect, row.lane - 1), middle), QPointF(x, middle));
        painter.drawPath(curve);
    }
    painter.setPen(row.shown ? QPen(own, kLine) : other);
    if (!row.leaves && !row.isFirst)
        painter.drawLine(QPointF(x, top), QPointF(x, middle));
    if (row.continues)
        painter.drawLine(QPointF(x, middle), QPointF(x, bottom));
    painter.setPen(QPen(own, kLine));
    painter.setBrush(user ? QBrush(tokens.panel) : QBrush(own));
    painter.drawEllipse(QPointF(x, middle), kDot, kDot);
}

void BranchDelegate::paintText(QPainter& painter, const QRect& rect, const BranchRow& row,
                               const QModelIndex& index) const
{
    const Tokens& tokens = m_theme.tokens();
    qreal right = rect.right() - kSpace4;
    const QFont small = m_theme.font(TextSize::Small);
    const QString shared = index.data(BranchModel::SharedRole).toString();
    const auto baseline = [&](const QFont& font) {
        return rect.top() + (rect.height() + QFontMetricsF(font).capHeight()) / 2.0;
    };
    if (!shared.isEmpty()) {
        right -= tabularWidth(small, shared);
        painter.setPen(tokens.cachedInk);
        drawTabular(painter, small, right, baseline(small), shared);
        right -= kSpace3;
    }
    const bool user = index.data(BranchModel::IsUserRole).toBool();
    const QFont font = m_theme.font(TextSize::Body, user ? QFont::Medium : QFont::Normal);
    const qreal left = laneX(rect, row.lane) + kDot + kSpace3;
    painter.setFont(font);
    painter.setPen(row.shown ? tokens.text : tokens.secondary);
    painter.drawText(
        QPointF(left, baseline(font)),
        QFontMetricsF(font).elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, right - left));
}

} // namespace vitrine::ui
