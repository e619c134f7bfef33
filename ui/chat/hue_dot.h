// SPDX-License-Identifier: GPL-3.0-or-later
// A dot in the hue of a conversation. Decoration: it has no accessible name. Thread: UI.
#pragma once

#include <QWidget>

namespace vitrine::ui {

class Theme;

class HueDot : public QWidget
{
    Q_OBJECT

public:
    explicit HueDot(const Theme& theme, QWidget* parent = nullptr);
    void setNumber(std::size_t number);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    std::size_t m_number = 0;
};

} // namespace vitrine::ui
