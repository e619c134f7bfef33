// SPDX-License-Identifier: GPL-3.0-or-later
// Up to three changes of metrics side by side: how much, coloured by whether it is for the better, and of
// what. Thread: UI.
#pragma once

#include <QList>
#include <QWidget>

#include "engine/analysis/diagnosis.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

struct GainFigure
{
    QString value, caption, tip;
    int tone = 0; ///< > 0 better, < 0 worse
};

class GainRow : public QWidget
{
    Q_OBJECT

public:
    static constexpr qsizetype kMost = 3;

    explicit GainRow(const Theme& theme, QWidget* parent = nullptr);
    void setFigures(const QList<GainFigure>& figures);
    const QList<GainFigure>& figures() const { return m_figures; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QList<GainFigure> m_figures;
};

/// Empty value where there is nothing to compare.
GainFigure gainFigure(engine::GainMetric metric, double before, double after);

} // namespace vitrine::ui
