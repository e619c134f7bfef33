// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/legend_row.h"

#include <cmath>

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace vitrine::ui {
namespace {

constexpr int kSwatch = 10;
constexpr int kAfterSwatch = 6;

} // namespace

LegendRow::LegendRow(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void LegendRow::setItems(std::vector<LegendItem> items)
{
    m_items = std::move(items);
    QStringList said;
    for (const LegendItem& item : m_items)
        said << item.text;
    setAccessibleName(said.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

double LegendRow::widthOf(const LegendItem& item) const
{
    return m_theme.scaled(kSwatch) + kAfterSwatch +
           std::ceil(QFontMetricsF(m_theme.font(TextSize::Small)).horizontalAdvance(item.text));
}

double LegendRow::leftOf(std::size_t index) const
{
    double left = width();
    for (std::size_t i = m_items.size(); i > index; --i)
        left -= widthOf(m_items[i - 1]) + (i < m_items.size() ? kSpace3 : 0);
    return left;
}

QSize LegendRow::sizeHint() const
{
    double wide = 0;
    for (const LegendItem& item : m_items)
        wide += widthOf(item) + kSpace3;
    return {int(wide), m_theme.scaled(20)};
}

void LegendRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(m_theme.font(TextSize::Small));
    const double side = m_theme.scaled(kSwatch);
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const double left = std::round(leftOf(i));
        if (left < 0)
            continue;
        painter.save();
        m_items[i].paint(painter, QRectF(left, std::round((height() - side) / 2), side, side));
        painter.restore();
        painter.setPen(m_theme.tokens().secondary);
        painter.drawText(QRectF(left + side + kAfterSwatch, 0, width(), height()),
                         Qt::AlignLeft | Qt::AlignVCenter, m_items[i].text);
    }
}

bool LegendRow::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (std::size_t i = m_items.size(); i > 0; --i) {
        if (help->pos().x() < leftOf(i - 1))
            continue;
        QToolTip::showText(help->globalPos(), m_items[i - 1].meaning, this);
        break;
    }
    return true;
}

} // namespace vitrine::ui
