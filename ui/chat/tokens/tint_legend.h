// SPDX-License-Identifier: GPL-3.0-or-later
// Which tint stands for which probability. Thread: UI.
#pragma once

#include <QWidget>

namespace vitrine::ui {

class Theme;

class TintLegend : public QWidget
{
    Q_OBJECT

public:
    explicit TintLegend(const Theme& theme, QWidget* parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
