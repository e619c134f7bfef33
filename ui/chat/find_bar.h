// SPDX-License-Identifier: GPL-3.0-or-later
// The bar that finds text in a chat: what to find, "3 of 17", next, previous, case, close. It asks; whoever
// has the text answers with setCount(). Enter goes on, with Shift back, Esc closes. Thread: UI.
#pragma once

#include <QFrame>

#include "ui/chat/message_finder.h"

class QLabel;
class QLineEdit;
class QToolButton;

namespace vitrine::ui {

class Theme;

class FindBar : public QFrame
{
    Q_OBJECT

public:
    static constexpr int kWidth = 420; ///< where there is room

    explicit FindBar(const Theme& theme, QWidget* parent = nullptr);

    /// Takes the focus. `text` is looked for at once; empty: what it has, selected.
    void begin(const QString& text);
    /// `current` from 1; 0: none yet.
    void setCount(int current, int total, bool searching);
    bool hasFocusInside() const;

signals:
    void patternChanged(const vitrine::ui::FindPattern& pattern);
    void nextRequested();
    void previousRequested();
    void closeRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QToolButton* addButton(const char* icon, const QString& name);
    void emitPattern();

    const Theme& m_theme;
    QLineEdit* m_text = nullptr;
    QLabel* m_count = nullptr;
    QToolButton* m_case = nullptr;
    QToolButton* m_previous = nullptr;
    QToolButton* m_next = nullptr;
};

} // namespace vitrine::ui
