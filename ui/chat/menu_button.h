// SPDX-License-Identifier: GPL-3.0-or-later
// A small button without a frame whose chevron says that it opens something. Thread: UI.
#pragma once

#include <QPushButton>

namespace vitrine::ui {

class Theme;

class MenuButton : public QPushButton
{
    Q_OBJECT

public:
    explicit MenuButton(const Theme& theme, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
