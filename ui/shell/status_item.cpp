// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_item.h"

#include <algorithm>

#include <QPainter>
#include <QPainterPath>

#include "ui/theme/tabular_text.h"

namespace vitrine::ui {
namespace {

constexpr int kIcon = 14;
constexpr int kGap = 6;
constexpr int kMeterWidth = 72;
constexpr int kMeterHeight = 4;

} // namespace

StatusItem::StatusItem(const Theme& theme, const QString& icon, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme), m_icon(icon)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void StatusItem::setParts(std::vector<StatusText> parts)
{
    const QSize before = sizeHint();
    m_parts = std::move(parts);
    if (sizeHint() != before)
        updateGeometry();
    updateName();
    update();
}

void StatusItem::setMeter(std::vector<Segment> segments)
{
    m_meter = std::move(segments);
    m_hasMeter = true;
    update();
}

void StatusItem::setExplanation(const QString& name, const QString& explanation)
{
    m_name = name;
    setToolTip(explanation);
    updateName();
}

QString StatusItem::shownText() const
{
    QStringList texts;
    for (const StatusText& part : m_parts)
        texts << part.text;
    return texts.join(QLatin1Char(' '));
}

void StatusItem::updateName()
{
    setAccessibleName(m_name.isEmpty() ? shownText() : QStringLiteral("%1: %2").arg(m_name, shownText()));
}

QFont StatusItem::partFont(const StatusText& part) const
{
    return m_theme.font(TextSize::Small, part.strong ? QFont::Medium : QFont::Normal);
}

qreal StatusItem::partWidth(const StatusText& part) const
{
    const QFont font = partFont(part);
    const qreal width = tabularWidth(font, part.text);
    return part.reserveFigures == 0
               ? width
               : std::max(width, tabularWidth(font, QString(part.reserveFigures, QLatin1Char('0'))));
}

QSize StatusItem::sizeHint() const
{
    qreal width = kSpace3 + m_theme.scaled(kIcon) + kSpace3;
    for (const StatusText& part : m_parts)
        width += kGap + partWidth(part);
    if (m_hasMeter)
        width += kGap + m_theme.scaledColumn(kMeterWidth);
    return {int(std::ceil(width)) + (m_divider ? 1 : 0), m_theme.scaled(kStatusHeight) - 1};
}

void StatusItem::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& tokens = m_theme.tokens();
    if (underMouse())
        painter.fillRect(rect(), tokens.hover);
    const int side = m_theme.scaled(kIcon);
    const QPixmap icon = iconPixmap(m_icon, tokens.secondary, side, devicePixelRatioF());
    painter.drawPixmap(QPointF(kSpace3, (height() - side) / 2.0), icon);
    qreal x = kSpace3 + m_theme.scaled(kIcon);
    const int wanted = sizeHint().width();
    const qreal baseline = (height() + QFontMetricsF(m_theme.font(TextSize::Small)).capHeight()) / 2;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        const QFont font = partFont(m_parts[i]);
        painter.setPen(m_parts[i].strong ? tokens.text : tokens.secondary);
        const qreal room = width() - kSpace2 - x - kGap;
        const bool fits = width() >= wanted || tabularWidth(font, m_parts[i].text) <= room;
        const QString shown =
            fits ? m_parts[i].text : QFontMetricsF(font).elidedText(m_parts[i].text, Qt::ElideRight, room);
        x = drawTabular(painter, font, x + kGap, baseline, shown);
        if (!fits)
            break;
        if (i == 0 && m_hasMeter)
            x = paintMeter(painter, x + kGap);
    }
    if (m_divider)
        painter.fillRect(width() - 1, 0, 1, height(), tokens.border);
    if (hasFocus()) {
        painter.setPen(QPen(tokens.accent, 2));
        painter.drawRect(rect().adjusted(2, 2, -3, -3));
    }
}

qreal StatusItem::paintMeter(QPainter& painter, qreal x) const
{
    const int wide = m_theme.scaledColumn(kMeterWidth), high = m_theme.scaled(kMeterHeight);
    const QRectF meter(x, (height() - high) / 2.0, wide, high);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath shape;
    shape.addRoundedRect(meter, high / 2.0, high / 2.0);
    painter.setClipPath(shape);
    painter.fillRect(meter, m_theme.tokens().freeLine);
    qreal left = x;
    for (const Segment& segment : m_meter) {
        const qreal width = segment.share * wide;
        painter.fillRect(QRectF(left, meter.top(), width, high), segment.colour);
        left += width;
    }
    painter.restore();
    return meter.right();
}

void StatusItem::enterEvent(QEnterEvent* event)
{
    update();
    QAbstractButton::enterEvent(event);
}

void StatusItem::leaveEvent(QEvent* event)
{
    update();
    QAbstractButton::leaveEvent(event);
}

} // namespace vitrine::ui
