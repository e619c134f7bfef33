// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/inspect/part_bar.h"

#include <algorithm>

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/profiler/timeline/phase_look.h"

namespace vitrine::ui {

PartBar::PartBar(std::vector<BarPart> parts, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_parts(std::move(parts))
{
    setFixedHeight(theme.scaled(kHeight));
    QStringList said;
    for (const BarPart& part : m_parts)
        if (part.amount > 0)
            said << part.text;
    setAccessibleName(said.join(QStringLiteral(", ")));
}

double PartBar::sum() const
{
    double all = 0;
    for (const BarPart& part : m_parts)
        all += std::max(part.amount, 0.0);
    return all;
}

void PartBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().freeLine);
    const double all = sum();
    double x = 0;
    for (const BarPart& part : m_parts) {
        if (!(part.amount > 0) || part.colour == nullptr)
            continue;
        const double wide = width() * part.amount / all;
        const QRectF rect(x, 0, wide, height());
        if (part.hatched)
            paintHatch(painter, rect, m_theme.tokens().*part.colour);
        else
            painter.fillRect(rect, m_theme.tokens().*part.colour);
        x += wide;
    }
}

bool PartBar::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const double all = sum(), at = help->pos().x() * all / std::max(1, width());
    double end = 0;
    for (const BarPart& part : m_parts) {
        end += std::max(part.amount, 0.0);
        if (at < end) {
            QToolTip::showText(help->globalPos(), part.text, this);
            break;
        }
    }
    return true;
}

} // namespace vitrine::ui
