// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profiler/live_section.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/profiler/chart_plot.h"
#include "ui/theme/tabular_text.h"

namespace vitrine::ui {
namespace {

constexpr int kTitleHeight = 24;
constexpr int kLegendHeight = 20;
constexpr int kSwatch = 8;
constexpr int kBaseline = 17; // of the title

} // namespace

SectionHeader::SectionHeader(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void SectionHeader::setTitle(const QString& title)
{
    m_title = title;
    update();
}

void SectionHeader::setFigure(const QString& figure, const QString& unit)
{
    if (figure == m_figure && unit == m_unit)
        return;
    m_figure = figure;
    m_unit = unit;
    update();
}

void SectionHeader::setLegend(std::vector<LegendEntry> legend)
{
    m_legend = std::move(legend);
    updateGeometry();
    update();
}

QSize SectionHeader::sizeHint() const
{
    return {200, m_theme.scaled(kTitleHeight + (m_legend.empty() ? 0 : kLegendHeight))};
}

void SectionHeader::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Tokens& tokens = m_theme.tokens();
    const qreal baseline = m_theme.scaled(kBaseline);
    painter.setPen(tokens.text);
    painter.setFont(m_theme.font(TextSize::Body, QFont::Medium));
    painter.drawText(QPointF(0, baseline), m_title);

    const QFont small = m_theme.font(TextSize::Small);
    const QFont strong = m_theme.font(TextSize::Reading, QFont::DemiBold);
    const QString unit = m_unit.isEmpty() ? QString() : QLatin1Char(' ') + m_unit;
    const qreal left = width() - tabularWidth(small, unit) - tabularWidth(strong, m_figure);
    const qreal end = drawTabular(painter, strong, left, baseline, m_figure);
    painter.setPen(tokens.secondary);
    drawTabular(painter, small, end, baseline, unit);
    paintLegend(painter);
}

void SectionHeader::paintLegend(QPainter& painter) const
{
    const Tokens& tokens = m_theme.tokens();
    const QFont small = m_theme.font(TextSize::Small);
    painter.setFont(small);
    painter.setRenderHint(QPainter::Antialiasing);
    const int side = m_theme.scaled(kSwatch);
    qreal x = 0;
    const qreal top = m_theme.scaled(kTitleHeight) + (m_theme.scaled(kLegendHeight) - side) / 2.0;
    for (const LegendEntry& entry : m_legend) {
        const int swatches = entry.form == LegendEntry::Form::Hues ? 4 : 1;
        for (int i = 0; i<swatches; ++i, x += swatches> 1 ? side - 2 : side) {
            const bool hollow = entry.form == LegendEntry::Form::Hollow;
            const QColor colour = swatches > 1 ? tokens.conversation(std::size_t(i)) : tokens.*entry.colour;
            painter.setPen(hollow ? QPen(colour, 1) : QPen(Qt::NoPen));
            painter.setBrush(hollow ? QBrush(Qt::NoBrush) : QBrush(colour));
            const qreal inset = hollow ? 0.5 : 0;
            const qreal width = swatches > 1 ? side - 3 : side;
            painter.drawRoundedRect(QRectF(x, top, width, side).adjusted(inset, inset, -inset, -inset), 2, 2);
        }
        x += 6;
        painter.setPen(tokens.secondary);
        const QFontMetricsF metrics(small);
        painter.drawText(QPointF(x, top + side / 2.0 + metrics.capHeight() / 2), entry.text);
        x += metrics.horizontalAdvance(entry.text) + kSpace3;
    }
}

LiveSection::LiveSection(const Theme& theme, ChartPlot* chart, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_header(new SectionHeader(theme, this)), m_chart(chart)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, kSpace3, 0, kSpace1 + 1);
    layout->setSpacing(0);
    auto* inset = new QVBoxLayout;
    inset->setContentsMargins(kSpace4, 0, kSpace4, 0);
    inset->addWidget(m_header);
    layout->addLayout(inset);
    layout->addWidget(chart, 1);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void LiveSection::setTexts(const QString& title, const QString& explanation, std::vector<LegendEntry> legend)
{
    m_header->setTitle(title);
    m_header->setLegend(std::move(legend));
    setAccessibleName(title);
    setToolTip(explanation);
}

void LiveSection::setFigure(const QString& figure, const QString& unit)
{
    m_header->setFigure(figure, unit);
    setAccessibleDescription(m_header->spokenText());
}

void LiveSection::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().window);
    painter.fillRect(0, height() - 1, width(), 1, m_theme.tokens().border);
}

} // namespace vitrine::ui
