// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/figure_row.h"

#include <algorithm>

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/theme/tabular_text.h"

namespace vitrine::ui {

FigureRow::FigureRow(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void FigureRow::setFigure(std::size_t column, const Figure& figure)
{
    m_figures[column] = figure;
    QStringList spoken;
    for (const Figure& each : m_figures)
        spoken << each.value + QLatin1Char(' ') + each.unit + QLatin1Char(' ') + each.caption;
    setAccessibleName(spoken.join(QStringLiteral(", ")));
    update();
}

QSize FigureRow::sizeHint() const
{
    return {200, m_theme.scaled(73)};
}

qreal FigureRow::columnLeft(std::size_t column) const
{
    return kSpace4 + static_cast<qreal>(column) * (width() - kSpace4) / static_cast<qreal>(m_figures.size());
}

/// Every figure has room beside the next.
bool FigureRow::fits(TextSize size) const
{
    const QFont strong = m_theme.font(size, QFont::DemiBold), small = m_theme.font(TextSize::Small);
    const qreal room = columnLeft(1) - columnLeft(0) - kSpace2;
    return std::ranges::all_of(m_figures, [&](const Figure& figure) {
        return tabularWidth(strong, figure.value) + kSpace1 + tabularWidth(small, figure.unit) <= room;
    });
}

void FigureRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& tokens = m_theme.tokens();
    const QFont small = m_theme.font(TextSize::Small);
    const QFont strong =
        m_theme.font(fits(TextSize::Title) ? TextSize::Title : TextSize::Reading, QFont::DemiBold);
    for (std::size_t i = 0; i < m_figures.size(); ++i) {
        const qreal x = columnLeft(i);
        painter.setPen(tokens.text);
        const qreal end = drawTabular(painter, strong, x, m_theme.scaled(33), m_figures[i].value);
        painter.setPen(tokens.secondary);
        drawTabular(painter, small, end + kSpace1, m_theme.scaled(33), m_figures[i].unit);
        painter.setFont(small);
        painter.drawText(QPointF(x, m_theme.scaled(56)), m_figures[i].caption);
    }
    painter.fillRect(0, height() - 1, width(), 1, tokens.border);
}

bool FigureRow::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    std::size_t column = m_figures.size() - 1;
    while (column > 0 && columnLeft(column) > help->pos().x())
        --column;
    QToolTip::showText(help->globalPos(), m_figures[column].explanation, this);
    return true;
}

} // namespace vitrine::ui
