// SPDX-License-Identifier: GPL-3.0-or-later
// Figures side by side, each above what it is. Thread: UI; the theme outlives it.
#pragma once

#include <vector>

#include <QFrame>

#include "ui/profiler/figure_row.h"
#include "ui/theme/theme.h"

class QGridLayout;

namespace vitrine::ui {

/// Figures beside each other, in as many rows as the width asks for.
class FigureStrip : public QFrame
{
    Q_OBJECT

public:
    explicit FigureStrip(const Theme& theme, QWidget* parent = nullptr);
    void setFigures(const QList<Figure>& figures);
    const QList<Figure>& figures() const { return m_figures; }
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    const Theme& m_theme;
    void addBox();
    void arrange();

    QGridLayout* m_grid;
    std::vector<QWidget*> m_boxes; ///< one a figure
    int m_perRow = 0;
    QList<Figure> m_figures;
};

} // namespace vitrine::ui
