// SPDX-License-Identifier: GPL-3.0-or-later
// The line over the composer while what is written there goes somewhere else than to the end: a question is
// worded anew, or a branch begins. Escape or the cross ends it. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/chat/message.h"

class QLabel;
class QToolButton;

namespace vitrine::ui {

class Theme;

class TurnModeBar : public QWidget
{
    Q_OBJECT

public:
    enum class Mode { None, Edit, Branch };

    explicit TurnModeBar(const Theme& theme, QWidget* parent = nullptr);

    void begin(Mode mode, MessageId message);
    void end();
    Mode mode() const { return m_mode; }
    MessageId message() const { return m_message; } ///< the question, or the reply that the branch follows

signals:
    void cancelled();

private:
    void showText();

    const Theme& m_theme;
    Mode m_mode = Mode::None;
    MessageId m_message;
    QLabel* m_icon = nullptr;
    QLabel* m_text = nullptr;
    QToolButton* m_cancel = nullptr;
};

} // namespace vitrine::ui
