// SPDX-License-Identifier: GPL-3.0-or-later
// A label with room around its text that stays: a frame sets its own margins anew with each change of the
// style sheet (of the theme, of the zoom), which would take a plain label's away. Thread: UI.
#pragma once

#include <QEvent>
#include <QLabel>
#include <QMargins>

namespace vitrine::ui {

class PaddedLabel : public QLabel
{
public:
    explicit PaddedLabel(const QMargins& room, const QString& text = {}, QWidget* parent = nullptr)
        : QLabel(text, parent), m_room(room)
    {
        setContentsMargins(m_room);
    }

protected:
    void changeEvent(QEvent* event) override
    {
        QLabel::changeEvent(event);
        if (event->type() == QEvent::StyleChange)
            setContentsMargins(m_room);
    }

private:
    QMargins m_room;
};

} // namespace vitrine::ui
