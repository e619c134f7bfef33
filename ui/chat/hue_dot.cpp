// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/hue_dot.h"

#include <QPainter>

#include "ui/theme/theme.h"

namespace vitrine::ui {
namespace {

constexpr int kSide = 10;

} // namespace

HueDot::HueDot(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    theme.follow(this, [this] {
        setFixedSize(m_theme.scaled(kSide), m_theme.scaled(kSide));
        update();
    });
}

void HueDot::setNumber(std::size_t number)
{
    m_number = number;
    update();
}

void HueDot::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.tokens().conversation(m_number));
    painter.drawEllipse(rect());
}

} // namespace vitrine::ui
