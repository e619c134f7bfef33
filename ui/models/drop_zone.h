// SPDX-License-Identifier: GPL-3.0-or-later
// A dashed field that says what can be dropped here; a click asks for a file. It takes no drops itself: its
// page does. Thread: UI.
#pragma once

#include <QAbstractButton>

namespace vitrine::ui {

class Theme;

class DropZone : public QAbstractButton
{
    Q_OBJECT

public:
    explicit DropZone(const Theme& theme, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
