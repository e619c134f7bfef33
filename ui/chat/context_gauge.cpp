// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/context_gauge.h"

#include <algorithm>
#include <cmath>

#include <QLocale>
#include <QPainter>

#include "ui/theme/tabular_text.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kBarHeight = 4;
constexpr int kEdge = 6;
constexpr double kNearlyFull = 0.9;

} // namespace

ContextGauge::ContextGauge(const Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme)
{
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&m_theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
    hide();
}

void ContextGauge::setTokens(quint32 used, quint32 total, bool estimated)
{
    if (used == m_used && total == m_total && estimated == m_estimated)
        return;
    m_used = used;
    m_estimated = estimated;
    m_total = total;
    setVisible(total > 0);
    const QString figure = QLocale().toString(m_used);
    const QString text =
        estimated ? tr("About %1 of %2 tokens of the model's context are used").arg(figure, totalText())
                  : tr("%1 of %2 tokens of the model's context are used").arg(figure, totalText());
    const bool nearly = total > 0 && double(used) / total >= kNearlyFull;
    setToolTip(nearly ? text + '\n' + tr("It is nearly full. Click for what happens then.") : text);
    setAccessibleName(text);
    updateGeometry();
    update();
}

void ContextGauge::setNarrow(bool narrow)
{
    m_narrow = narrow;
    updateGeometry();
}

QString ContextGauge::usedText() const
{
    const QString figure = QLocale().toString(m_used);
    return m_estimated ? QStringLiteral("≈ ") + figure : figure;
}

QString ContextGauge::totalText() const
{
    return QLocale().toString(m_total);
}

QSize ContextGauge::sizeHint() const
{
    const QFont font = m_theme.font(TextSize::Small, QFont::Medium);
    // Room for the largest figure, so that the header does not move while the gauge fills.
    const qreal figures = tabularWidth(font, totalText() + " / " + totalText());
    // An estimate is a sign longer, and never that large.
    return {barWidth() + kSpace2 + int(std::ceil(figures)) + 2 * kEdge, m_theme.scaled(kSmallButtonHeight)};
}

void ContextGauge::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (underMouse() || isDown() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(tokens.accent, 2) : QPen(Qt::NoPen));
        painter.setBrush(underMouse() || isDown() ? tokens.hover : QColor(Qt::transparent));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kRadius, kRadius);
    }
    const QFont usedFont = m_theme.font(TextSize::Small, QFont::Medium);
    const QFont totalFont = m_theme.font(TextSize::Small);
    const QString rest = " / " + totalText();
    const qreal textWidth = tabularWidth(usedFont, usedText()) + tabularWidth(totalFont, rest);
    const qreal textLeft = width() - kEdge - textWidth;
    const qreal high = m_theme.scaled(kBarHeight);
    const QRectF bar(textLeft - kSpace2 - barWidth(), (height() - high) / 2, barWidth(), high);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.freeLine);
    painter.drawRoundedRect(bar, high / 2, high / 2);
    const double share = m_total > 0 ? std::min(1.0, double(m_used) / m_total) : 0;
    if (share > 0) {
        QRectF filled = bar;
        filled.setWidth(std::max(high, bar.width() * share));
        painter.setBrush(share >= kNearlyFull ? tokens.warning : tokens.accent);
        painter.drawRoundedRect(filled, high / 2, high / 2);
    }
    const QFontMetricsF metrics(usedFont);
    const qreal baseline = (height() + metrics.capHeight()) / 2;
    painter.setPen(tokens.text);
    const qreal end = drawTabular(painter, usedFont, textLeft, baseline, usedText());
    painter.setPen(tokens.secondary);
    drawTabular(painter, totalFont, end, baseline, rest);
}

} // namespace vitrine::ui
