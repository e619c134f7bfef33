// SPDX-License-Identifier: GPL-3.0-or-later
// Takes files dropped anywhere on a part of the window, a model on all of it, chats on the list of chats:
// covers it while some hover, says what will happen. Other drops (text into the input) pass it by. Thread:
// UI.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

class QMimeData;

namespace vitrine::ui {

class DropOverlay : public QWidget
{
    Q_OBJECT

public:
    enum class Takes { Model, Chats };

    /// `target` is covered; the overlay becomes its child.
    DropOverlay(const Theme& theme, Takes takes, QWidget* target);

    Takes takes() const { return m_takes; }
    /// What is taken of what is dragged: the first local .gguf, .safetensors or .vtrace file or model folder,
    /// or all of .json, .md, .markdown, .txt.
    static QStringList filesIn(const QMimeData* data, Takes takes);

signals:
    void filesDropped(const QStringList& paths);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    bool isOverTarget(QObject* object) const;
    void paintCard(QPainter& painter, const QRectF& card) const;
    QString text() const;

    const Theme& m_theme;
    Takes m_takes;
    QString m_name;
};

} // namespace vitrine::ui
