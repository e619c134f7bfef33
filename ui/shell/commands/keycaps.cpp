// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/commands/keycaps.h"

#include <algorithm>
#include <cmath>

#include <QPainter>

namespace vitrine::ui {
namespace {

constexpr int kHeight = 20;
constexpr int kPadding = 6;

QFont capFont(const Theme& theme)
{
    return theme.font(TextSize::Small);
}

int capWidth(const Theme& theme, const QString& cap)
{
    const int text = int(std::ceil(QFontMetricsF(capFont(theme)).horizontalAdvance(cap)));
    return std::max(keycapHeight(theme), text + 2 * theme.scaled(kPadding));
}

} // namespace

int keycapHeight(const Theme& theme)
{
    return theme.scaled(kHeight);
}

int keycapsWidth(const Theme& theme, const QStringList& caps)
{
    int width = 0;
    for (const QString& cap : caps)
        width += (width > 0 ? kSpace1 : 0) + capWidth(theme, cap);
    return width;
}

void paintKeycaps(QPainter& painter, const Theme& theme, const QStringList& caps, int left, qreal middle)
{
    const Tokens& tokens = theme.tokens();
    const QFont font = capFont(theme);
    const int height = keycapHeight(theme);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font);
    for (const QString& cap : caps) {
        const QRectF box(left, std::round(middle - height / 2.0), capWidth(theme, cap), height);
        painter.setPen(QPen(tokens.borderStrong, 1));
        painter.setBrush(tokens.panel);
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), kRadiusChip, kRadiusChip);
        painter.setPen(tokens.text);
        painter.drawText(box, Qt::AlignCenter, cap);
        left += int(box.width()) + kSpace1;
    }
    painter.restore();
}

KeycapRow::KeycapRow(const Theme& theme, const QStringList& caps, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_caps(caps)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void KeycapRow::setCaps(const QStringList& caps)
{
    m_caps = caps;
    updateGeometry();
    update();
}

QSize KeycapRow::sizeHint() const
{
    return {keycapsWidth(m_theme, m_caps), keycapHeight(m_theme)};
}

void KeycapRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paintKeycaps(painter, m_theme, m_caps, 0, height() / 2.0);
}

} // namespace vitrine::ui
