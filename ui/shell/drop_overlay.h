// SPDX-License-Identifier: GPL-3.0-or-later
// Takes a model file dropped anywhere on the window: covers it while one hovers, says what will happen.
// Other drops (text into the input) pass it by. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

class QMimeData;

namespace vitrine::ui {

class DropOverlay : public QWidget
{
    Q_OBJECT

public:
    /// `window` is covered; the overlay becomes its child.
    DropOverlay(const Theme& theme, QWidget* window);

    /// The model file among what is dragged: the first local .gguf, or an empty string.
    static QString modelIn(const QMimeData* data);

signals:
    void modelDropped(const QString& path);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    bool belongsToWindow(QObject* object) const;

    const Theme& m_theme;
    QString m_name;
};

} // namespace vitrine::ui
