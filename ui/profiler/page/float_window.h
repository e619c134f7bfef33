// SPDX-License-Identifier: GPL-3.0-or-later
// A window of its own for a panel or a view of the Profiler, beside the main one, whose keys work in it too.
// Closing it means putting back what it holds. Thread: UI; the theme outlives it.
#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/theme/theme.h"

namespace vitrine::ui {

class FloatWindow : public QWidget
{
    Q_OBJECT

public:
    static constexpr QSize kLeast{320, 200};

    /// Holds `content` and is called as it is (its window title). `parent`: goes with it; its window is the
    /// main one.
    FloatWindow(QWidget* content, const Theme& theme, QWidget* parent);

    QWidget* content() const { return m_content; }
    /// Shows it at `place`, or where that cannot be seen, close to it; null: over the main window.
    void openAt(const QRect& place, const QSize& usual);

signals:
    void dockRequested();
    void placed(); ///< it was moved or resized, and rests

protected:
    void closeEvent(QCloseEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void moveEvent(QMoveEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    const Theme& m_theme;
    QWidget* m_content;
    QTimer m_rests;
};

} // namespace vitrine::ui
