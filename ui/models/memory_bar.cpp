// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/memory_bar.h"

#include <algorithm>

#include <QEvent>
#include <QPainter>
#include <QPainterPath>

#include "ui/models/memory_text.h"

namespace vitrine::ui {
namespace {

constexpr int kBarHeight = 24;
constexpr int kTextHeight = 20;
constexpr int kMark = 4; // how far the mark reaches beyond the bar

} // namespace

MemoryBar::MemoryBar(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

QSize MemoryBar::sizeHint() const
{
    return {200, kMark + kSpace2 + m_theme.scaled(kBarHeight + kTextHeight)};
}

void MemoryBar::setParts(const QList<Part>& parts, const MemoryRoom& room, bool measured)
{
    m_parts = parts;
    m_room = room;
    m_measured = measured;
    retranslate();
    update();
}

quint64 MemoryBar::total() const
{
    quint64 sum = 0;
    for (const Part& part : m_parts)
        sum += part.bytes;
    return sum;
}

void MemoryBar::retranslate()
{
    m_totalText =
        m_measured ? tr("%1 taken").arg(sizeText(total())) : tr("%1 predicted").arg(sizeText(total()));
    m_roomText = m_room.known() ? tr("%1 free, %2 margin").arg(sizeText(m_room.free), sizeText(m_room.margin))
                                : tr("free memory unknown");
    setAccessibleName(QStringLiteral("%1, %2").arg(m_totalText, m_roomText));
}

void MemoryBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void MemoryBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF bar(0, kMark, width(), m_theme.scaled(kBarHeight));
    const double whole = double(std::max<quint64>({m_room.free, total(), 1}));
    const double scale = bar.width() / whole;
    painter.save();
    QPainterPath round;
    round.addRoundedRect(bar, kRadiusChip, kRadiusChip);
    painter.setClipPath(round);
    painter.fillRect(bar, m_theme.tokens().border);
    if (m_room.known()) {
        const double left = double(m_room.usable()) * scale;
        const QRectF margin(left, bar.top(), double(m_room.margin) * scale, bar.height());
        painter.fillRect(margin, QBrush(m_theme.tokens().queued, Qt::BDiagPattern));
    }
    paintParts(painter, bar, scale);
    painter.restore();
    const qreal end = double(total()) * scale;
    painter.fillRect(QRectF(std::min(end, bar.width() - 2) - 0.5, bar.top(), 1.5, bar.height() + kMark),
                     m_theme.tokens().text);
    if (m_room.known() && total() > m_room.free)
        painter.fillRect(
            QRectF(double(m_room.free) * scale - 1, bar.top() - kMark, 2, bar.height() + 2 * kMark),
            m_theme.tokens().danger);
    paintTexts(painter, bar, end);
}

void MemoryBar::paintParts(QPainter& painter, const QRectF& bar, double scale) const
{
    double left = 0;
    for (const Part& part : m_parts) {
        const double wide = double(part.bytes) * scale;
        painter.fillRect(QRectF(left, bar.top(), wide, bar.height()), m_theme.tokens().*part.colour);
        left += wide;
        painter.fillRect(QRectF(left - 0.5, bar.top(), 1, bar.height()), m_theme.tokens().raised);
    }
}

/// The total stands under its end, the scale's ends where they are; what would meet gives way.
void MemoryBar::paintTexts(QPainter& painter, const QRectF& bar, qreal end) const
{
    const QFont small = m_theme.font(TextSize::Small);
    const QFont strong = m_theme.font(TextSize::Small, QFont::Medium);
    const QRectF line(0, bar.bottom() + kSpace2, width(), m_theme.scaled(kTextHeight));
    const qreal totalWidth = QFontMetricsF(strong).horizontalAdvance(m_totalText) + 2;
    const qreal roomWidth = QFontMetricsF(small).horizontalAdvance(m_roomText) + kSpace4;
    const QString zero = QStringLiteral("0");
    const qreal zeroWidth = QFontMetricsF(small).horizontalAdvance(zero) + kSpace4;
    const qreal most = std::max<qreal>(0, line.width() - roomWidth - totalWidth);
    const qreal left = std::min(std::max<qreal>(0, end - totalWidth), most);
    painter.setFont(small);
    painter.setPen(m_theme.tokens().secondary);
    if (left >= zeroWidth)
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, zero);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, m_roomText);
    painter.setFont(strong);
    painter.setPen(m_theme.tokens().text);
    painter.drawText(line.translated(left, 0), Qt::AlignLeft | Qt::AlignVCenter, m_totalText);
}

} // namespace vitrine::ui
