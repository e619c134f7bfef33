// SPDX-License-Identifier: GPL-3.0-or-later
// Takes files that are dropped on a pane, and lies over it while they are dragged above it to say what
// letting go does. Models and folders are not taken: they go to the window. Thread: UI.
#pragma once

#include <QWidget>

class QMimeData;

namespace vitrine::ui {

class Theme;

class AttachOverlay : public QWidget
{
    Q_OBJECT

public:
    /// `pane` accepts drops from now on.
    AttachOverlay(const Theme& theme, QWidget* pane);

    /// None when there is a model or a folder among them.
    static QStringList filesIn(const QMimeData* data);

signals:
    void filesDropped(const QStringList& paths);
    void textDropped(const QString& text);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
