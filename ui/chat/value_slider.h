// SPDX-License-Identifier: GPL-3.0-or-later
// A horizontal slider in the theme's colours. Thread: UI; the Theme outlives it.
#pragma once

#include <QSlider>

namespace vitrine::ui {

class Theme;

class ValueSlider : public QSlider
{
    Q_OBJECT

public:
    explicit ValueSlider(const Theme& theme, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
