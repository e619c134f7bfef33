// SPDX-License-Identifier: GPL-3.0-or-later
// A metric before and after a moment, as one line with the moment in it. Thread: UI.
#pragma once

#include <QList>
#include <QWidget>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class ChangeLine : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kHeight = 48; ///< at 100 %

    explicit ChangeLine(const Theme& theme, QWidget* parent = nullptr);
    void setValues(const QList<double>& before, const QList<double>& after);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QList<double> m_before, m_after;
};

} // namespace vitrine::ui
