// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/inspect/link_button.h"

#include <QPainter>

namespace vitrine::ui {
namespace {

constexpr int kHeight = 22;
constexpr int kLeastWidth = 40;

} // namespace

LinkButton::LinkButton(const QString& text, const Theme& theme, QWidget* parent)
    : QAbstractButton(parent), m_theme(theme)
{
    setText(text);
    setAccessibleName(text);
    setFont(theme.font(TextSize::Small));
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QSize LinkButton::sizeHint() const
{
    // A pixel more than whole pixels say: text is measured in fractions of them where it is cut.
    return {fontMetrics().horizontalAdvance(text()) + 2 * kSpace1 + 1, m_theme.scaled(kHeight)};
}

QSize LinkButton::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), m_theme.scaled(kLeastWidth)), sizeHint().height()};
}

/// What is cut can be read in the tooltip.
void LinkButton::resizeEvent(QResizeEvent* event)
{
    QAbstractButton::resizeEvent(event);
    if (toolTip().isEmpty() || toolTip() == text())
        setToolTip(width() < sizeHint().width() ? text() : QString());
}

void LinkButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    QFont font = this->font();
    font.setUnderline(underMouse() && isEnabled());
    painter.setFont(font);
    painter.setPen(isEnabled() ? m_theme.tokens().accentText : m_theme.tokens().secondary);
    const QRect inside = rect().adjusted(kSpace1, 0, -kSpace1, 0);
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, inside.width()));
    if (!hasFocus())
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.tokens().accent, 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kSpace1, kSpace1);
}

} // namespace vitrine::ui
