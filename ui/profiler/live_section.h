// SPDX-License-Identifier: GPL-3.0-or-later
// One block of the live dock: title, the figure of now, a legend, the chart. Painted text in one baseline.
// UI thread; the Theme outlives it.
#pragma once

#include <vector>

#include <QWidget>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class ChartPlot;

struct LegendEntry
{
    enum class Form { Filled, Hollow, Hues };
    QColor Tokens::*colour = nullptr; ///< unused with Form::Hues
    QString text;
    Form form = Form::Filled;
};

/// Title at the left, figure and unit at the right, legend below.
class SectionHeader : public QWidget
{
    Q_OBJECT

public:
    explicit SectionHeader(const Theme& theme, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    void setFigure(const QString& figure, const QString& unit);
    void setLegend(std::vector<LegendEntry> legend);
    QString spokenText() const { return m_figure + QLatin1Char(' ') + m_unit; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintLegend(QPainter& painter) const;

    const Theme& m_theme;
    QString m_title, m_figure, m_unit;
    std::vector<LegendEntry> m_legend;
};

class LiveSection : public QWidget
{
    Q_OBJECT

public:
    LiveSection(const Theme& theme, ChartPlot* chart, QWidget* parent = nullptr);
    ChartPlot& chart() { return *m_chart; }
    SectionHeader& header() { return *m_header; }
    /// Title, tooltip and legend in the language in force.
    void setTexts(const QString& title, const QString& explanation, std::vector<LegendEntry> legend);
    void setFigure(const QString& figure, const QString& unit);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    SectionHeader* m_header;
    ChartPlot* m_chart;
};

} // namespace vitrine::ui
