// SPDX-License-Identifier: GPL-3.0-or-later
// A horizontal slider in steps, with one mark along its way. Mouse, arrows, Home and End; the wheel scrolls
// what the slider stands in.
// Thread: UI.
#pragma once

#include <QSlider>

namespace vitrine::ui {

class Theme;

class MarkSlider : public QSlider
{
    Q_OBJECT

public:
    explicit MarkSlider(const Theme& theme, QWidget* parent = nullptr);

    /// Negative: none.
    void setMark(int value);
    /// Of a value along the widget.
    qreal xOf(int value) const;
    qreal knobRadius() const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void moveTo(qreal x);

    const Theme& m_theme;
    int m_mark = -1;
};

} // namespace vitrine::ui
