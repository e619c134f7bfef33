// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/page/legend_row.h"

#include <algorithm>
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
    emit itemsChanged();
}

void LegendRow::setLeftAligned(bool left)
{
    m_leftAligned = left;
    update();
}

double LegendRow::textWidth(const QString& text) const
{
    return std::ceil(QFontMetricsF(m_theme.font(TextSize::Small)).horizontalAdvance(text));
}

double LegendRow::widthOf(const LegendItem& item) const
{
    return m_theme.scaled(kSwatch) + kAfterSwatch + textWidth(item.text);
}

double LegendRow::wholeWidth() const
{
    double wide = m_items.empty() ? 0 : -kSpace3;
    for (const LegendItem& item : m_items)
        wide += widthOf(item) + kSpace3;
    return wide;
}

QString LegendRow::moreText(std::size_t count) const
{
    return tr("+%1", "so many more").arg(count);
}

/// As many as there is room for, then the number of those that are left.
std::vector<LegendRow::Place> LegendRow::places() const
{
    const double room = contentsRect().width();
    const bool all = wholeWidth() <= room;
    const double rest = all ? 0 : textWidth(moreText(m_items.size())) + kSpace3;
    std::vector<Place> found;
    double used = 0;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const double wide = widthOf(m_items[i]);
        if (used + wide + rest > room) {
            found.push_back({i, used, textWidth(moreText(m_items.size() - i))});
            used = found.back().left + found.back().width + kSpace3;
            break;
        }
        found.push_back({i, used, wide});
        used += wide + kSpace3;
    }
    const double start = contentsRect().left() + (m_leftAligned ? 0 : room - (used - kSpace3));
    for (Place& place : found)
        place.left = std::round(start + place.left);
    return found;
}

bool LegendRow::isRest(const Place& place) const
{
    return place.width < widthOf(m_items[place.item]);
}

QString LegendRow::meaningOf(const Place& place) const
{
    if (!isRest(place))
        return m_items[place.item].meaning;
    QStringList lines;
    for (std::size_t i = place.item; i < m_items.size(); ++i)
        lines << (m_items[i].meaning.isEmpty() ? m_items[i].text
                                               : tr("%1: %2", "name in a legend, what it means")
                                                     .arg(m_items[i].text, m_items[i].meaning));
    return lines.join(QLatin1Char('\n'));
}

int LegendRow::contentWidth() const
{
    return int(std::ceil(std::max(wholeWidth(), 0.0)));
}

QSize LegendRow::sizeHint() const
{
    return {contentWidth() + contentsMargins().left() + contentsMargins().right(), m_theme.scaled(20)};
}

void LegendRow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(m_theme.font(TextSize::Small));
    const double side = m_theme.scaled(kSwatch);
    for (const Place& place : places()) {
        painter.setPen(m_theme.tokens().secondary);
        if (isRest(place)) {
            painter.drawText(QRectF(place.left, 0, width(), height()), Qt::AlignLeft | Qt::AlignVCenter,
                             moreText(m_items.size() - place.item));
            break;
        }
        painter.save();
        m_items[place.item].paint(painter, QRectF(place.left, std::round((height() - side) / 2), side, side));
        painter.restore();
        painter.drawText(QRectF(place.left + side + kAfterSwatch, 0, width(), height()),
                         Qt::AlignLeft | Qt::AlignVCenter, m_items[place.item].text);
    }
}

bool LegendRow::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QString said;
    for (const Place& place : places())
        if (help->pos().x() >= place.left && help->pos().x() < place.left + place.width + kSpace3)
            said = meaningOf(place);
    QToolTip::showText(help->globalPos(), said, this);
    return true;
}

} // namespace vitrine::ui
