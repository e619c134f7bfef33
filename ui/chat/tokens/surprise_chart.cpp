// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/surprise_chart.h"

#include <algorithm>
#include <cmath>

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include "ui/chat/tokens/token_figures.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kHeight = 64;
constexpr int kMarker = 8;      // below the bars
constexpr double kLeastTop = 4; // bits at the full height, at least
constexpr double kWidest = 6;   // of a bar

} // namespace

SurpriseChart::SurpriseChart(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setFixedHeight(kHeight);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SurpriseChart::setTokens(const QList<TokenDetail>& tokens)
{
    m_bits.clear();
    m_bits.reserve(std::size_t(tokens.size()));
    for (const TokenDetail& token : tokens)
        m_bits.push_back(float(surpriseBits(token.probability)));
    m_highest = m_bits.empty() ? 0.0 : double(*std::ranges::max_element(m_bits));
    setAccessibleName(
        tr("Surprise along the reply, at most %1 bits").arg(QLocale().toString(m_highest, 'f', 1)));
    update();
}

void SurpriseChart::setCurrent(int token)
{
    m_current = token;
    update();
}

void SurpriseChart::paintEvent(QPaintEvent*)
{
    const Tokens& colours = m_theme.tokens();
    QPainter painter(this);
    const int bottom = height() - kMarker;
    painter.fillRect(0, bottom, width(), 1, colours.border);
    if (m_bits.empty())
        return;
    const double step = std::min(kWidest, double(width()) / double(m_bits.size()));
    const double scale = (bottom - 1) / std::max(kLeastTop, m_highest);
    const double bar = std::max(1.0, step > 2 ? step - 1 : step);
    for (std::size_t i = 0; i < m_bits.size(); ++i) {
        const double high = double(m_bits[i]) * scale;
        const bool current = int(i) == m_current;
        painter.fillRect(QRectF(double(i) * step, bottom - high, bar, high),
                         current ? colours.accent : colours.probability4);
    }
    if (m_current < 0)
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    const double x = (m_current + 0.5) * step, half = kMarker / 2.0;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.accent);
    painter.drawPolygon(
        QPolygonF({{x, bottom + 2.0}, {x - half, height() - 1.0}, {x + half, height() - 1.0}}));
}

void SurpriseChart::mousePressEvent(QMouseEvent* event)
{
    if (m_bits.empty())
        return;
    const double step = std::min(kWidest, double(width()) / double(m_bits.size()));
    emit chosen(std::clamp(int(event->position().x() / step), 0, int(m_bits.size()) - 1));
}

} // namespace vitrine::ui
