// SPDX-License-Identifier: GPL-3.0-or-later
// Three large figures side by side, each with its unit and what it is. UI thread.
#pragma once

#include <array>

#include <QWidget>

#include "ui/theme/theme.h"

namespace vitrine::ui {

struct Figure
{
    QString value, unit, caption;
    QString explanation; ///< tooltip
};

class FigureRow : public QWidget
{
    Q_OBJECT

public:
    explicit FigureRow(const Theme& theme, QWidget* parent = nullptr);
    void setFigure(std::size_t column, const Figure& figure);
    const Figure& figure(std::size_t column) const { return m_figures[column]; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    bool fits(TextSize size) const;
    qreal columnLeft(std::size_t column) const;

    const Theme& m_theme;
    std::array<Figure, 3> m_figures;
};

} // namespace vitrine::ui
