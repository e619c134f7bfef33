// SPDX-License-Identifier: GPL-3.0-or-later
// A panel over the window behind a flat scrim. Esc and a click beside the panel dismiss it; meanwhile Tab
// stays inside, and afterwards the focus is where it was. One lives from open() to dismiss(), which deletes
// it. Thread: UI.
#pragma once

#include <QPointer>
#include <QWidget>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class Overlay : public QWidget
{
    Q_OBJECT

public:
    /// Covers `window` and is its child. The theme outlives it.
    Overlay(const Theme& theme, QWidget& window);

    /// Covers the window only down to the top of `bar`, which is a child of the window and outlives it.
    void spare(const QWidget& bar);
    void open();
    void dismiss();

signals:
    void dismissed();

protected:
    /// The panel's place in `room`; called after every change of the window's size.
    virtual QRect panelIn(const QRect& room) const = 0;
    /// What has the focus at first.
    virtual QWidget* firstFocus() const = 0;
    QWidget& panel() const { return *m_panel; }
    const Theme& theme() const { return m_theme; }
    void placePanel();

    bool eventFilter(QObject* watched, QEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    QWidget* m_panel = nullptr;
    const QWidget* m_spared = nullptr;
    QPointer<QWidget> m_before; // had the focus
    bool m_open = false;
};

} // namespace vitrine::ui
