// SPDX-License-Identifier: GPL-3.0-or-later
// Takes files of chats dropped on the list of chats: covers it while some hover, says what will happen. Other
// drops pass it by. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

class QMimeData;

namespace vitrine::ui {

class ImportOverlay : public QWidget
{
    Q_OBJECT

public:
    /// `target` is covered; the overlay becomes its child.
    ImportOverlay(const Theme& theme, QWidget* target);

    /// The local .json, .md, .markdown and .txt files among what is dragged.
    static QStringList filesIn(const QMimeData* data);

signals:
    void filesDropped(const QStringList& paths);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
};

} // namespace vitrine::ui
