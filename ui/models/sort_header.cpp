// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sort_header.h"

#include <QPainter>

#include "ui/models/details_delegate.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {
namespace {

constexpr int kChevron = 12;
constexpr int kHeight = 30;

} // namespace

SortHeader::SortHeader(const Theme& theme, QWidget* parent)
    : QHeaderView(Qt::Horizontal, parent), m_theme(theme)
{
    setSectionsClickable(true);
    setHighlightSections(false);
    setSortIndicatorClearable(true);
    setStretchLastSection(true);
    viewport()->setAutoFillBackground(false);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

QSize SortHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), m_theme.scaled(kHeight)};
}

/// The line runs the whole width, also where there is no section.
void SortHeader::paintEvent(QPaintEvent* event)
{
    QHeaderView::paintEvent(event);
    QPainter painter(viewport());
    painter.fillRect(0, viewport()->height() - 1, viewport()->width(), 1, m_theme.tokens().border);
}

void SortHeader::paintSection(QPainter* painter, const QRect& rect, int section) const
{
    const bool right =
        Qt::Alignment(model()->headerData(section, orientation(), Qt::TextAlignmentRole).toInt())
            .testFlag(Qt::AlignRight);
    const bool sorts = isSortIndicatorShown() && sortIndicatorSection() == section;
    const QString text = model()->headerData(section, orientation()).toString();
    const QFont font = m_theme.font(TextSize::Small, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    const QRectF room = QRectF(rect).adjusted(DetailsDelegate::kPadding, 0, -DetailsDelegate::kPadding, 0);
    const qreal width = metrics.horizontalAdvance(text);
    const qreal left = right ? room.right() - width : room.left();
    painter->setFont(font);
    painter->setPen(sorts ? m_theme.tokens().text : m_theme.tokens().secondary);
    painter->drawText(QPointF(left, room.top() + (room.height() + metrics.capHeight()) / 2), text);
    // On the inner side of the text, so that the text stays over its column.
    const int side = m_theme.scaled(kChevron);
    if (sorts)
        paintChevron(*painter, QRectF(right ? left - kSpace1 - side : left + width + kSpace1,
                                      room.center().y() - side / 2.0, side, side));
}

void SortHeader::paintChevron(QPainter& painter, const QRectF& square) const
{
    const QPixmap chevron =
        iconPixmap(QStringLiteral("down"), m_theme.tokens().text, int(square.width()), devicePixelRatioF());
    painter.save();
    painter.translate(square.center());
    if (sortIndicatorOrder() == Qt::AscendingOrder)
        painter.rotate(180);
    painter.drawPixmap(QPointF(-square.width() / 2, -square.height() / 2), chevron);
    painter.restore();
}

} // namespace vitrine::ui
