// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/context_bar.h"

#include <algorithm>

#include <QPainter>
#include <QPainterPath>

#include "ui/theme/theme.h"

namespace vitrine::ui {

ContextBar::ContextBar(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setFixedHeight(kSpace2);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ContextBar::setShares(quint32 cached, quint32 used, quint32 total)
{
    m_cached = cached;
    m_used = used;
    m_total = total;
    update();
}

void ContextBar::paintEvent(QPaintEvent*)
{
    const Tokens& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath round;
    round.addRoundedRect(QRectF(rect()), height() / 2.0, height() / 2.0);
    painter.setClipPath(round);
    painter.fillRect(rect(), tokens.freeLine);
    const auto x = [this](quint32 value) {
        return m_total > 0 ? width() * std::min(1.0, double(value) / m_total) : 0.0;
    };
    painter.fillRect(QRectF(0, 0, x(m_used), height()), tokens.prefill);
    painter.fillRect(QRectF(0, 0, x(m_cached), height()), tokens.cached);
}

} // namespace vitrine::ui
