// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageView that draws a line below turns that the model does not read any more.
#include <cmath>

#include <QLocale>
#include <QPainter>
#include <QScrollBar>

#include "ui/chat/message_view.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {

namespace {

constexpr qreal kRow = 36; // what the line adds to the gap between two messages

} // namespace

/// In the gap below this message.
qreal MessageView::unreadRow(int entry) const
{
    return m_unread.turns > 0 && entry == m_unread.end() - 1 ? kRow : 0;
}

void MessageView::setUnread(const UnreadTurns& unread)
{
    if (unread == m_unread)
        return;
    const Anchor anchor = takeAnchor();
    const auto grow = [this](qreal by) {
        const int above = m_unread.end() - 1;
        if (m_unread.turns > 0 && above < count())
            m_stack.setHeight(std::size_t(above), m_stack.height(std::size_t(above)) + by);
    };
    grow(-kRow);
    m_unread = unread;
    grow(kRow);
    updateScrollBar();
    hold(anchor);
    layOutVisible();
    viewport()->update();
}

QString MessageView::unreadText() const
{
    const QString turns = QLocale().toString(m_unread.turns);
    return m_unread.first == 0 ? tr("%1 turns above are no longer read by the model").arg(turns)
                               : tr("%1 turns above, after the first, are no longer read").arg(turns);
}

void MessageView::paintUnread(QPainter& painter, const QRectF& dirty) const
{
    if (m_unread.turns <= 0 || m_unread.end() >= count())
        return;
    const qreal bottom = top(m_unread.end()) - scroll();
    const QRectF row(columnLeft(), bottom - kRow - kSpace2, columnWidth(), kRow - kSpace2);
    if (!row.intersects(dirty))
        return;
    const QFontMetricsF metrics(m_style.small);
    const QString text =
        metrics.elidedText(unreadText(), Qt::ElideRight, std::max(0.0, row.width() - 2 * kSpace5));
    const qreal width = std::ceil(tabularWidth(m_style.small, text));
    const qreal left = std::floor(row.center().x() - width / 2);
    const qreal y = std::floor(row.center().y());
    painter.fillRect(QRectF(row.left(), y, std::max(0.0, left - kSpace3 - row.left()), 1),
                     m_style.tokens.borderStrong);
    painter.fillRect(
        QRectF(left + width + kSpace3, y, std::max(0.0, row.right() - left - width - kSpace3), 1),
        m_style.tokens.borderStrong);
    painter.setPen(m_style.tokens.secondary);
    drawTabular(painter, m_style.small, left, y + metrics.capHeight() / 2, text);
}

} // namespace vitrine::ui
