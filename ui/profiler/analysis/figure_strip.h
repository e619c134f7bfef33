// SPDX-License-Identifier: GPL-3.0-or-later
// Figures side by side, each above what it is. Thread: UI; the theme outlives it.
#pragma once

#include <QFrame>

#include "ui/profiler/figure_row.h"
#include "ui/theme/theme.h"

class QHBoxLayout;

namespace vitrine::ui {

class FigureStrip : public QFrame
{
    Q_OBJECT

public:
    explicit FigureStrip(const Theme& theme, QWidget* parent = nullptr);
    void setFigures(const QList<Figure>& figures);
    const QList<Figure>& figures() const { return m_figures; }

private:
    const Theme& m_theme;
    QHBoxLayout* m_row;
    QList<Figure> m_figures;
};

} // namespace vitrine::ui
