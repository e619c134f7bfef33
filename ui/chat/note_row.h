// SPDX-License-Identifier: GPL-3.0-or-later
// A sentence above the text field, perhaps with something that can be done about it, and a cross. Hidden
// while there is nothing to say. Thread: UI.
#pragma once

#include <functional>

#include <QWidget>

class QLabel;
class QPushButton;

namespace vitrine::ui {

class Theme;

class NoteRow : public QWidget
{
    Q_OBJECT

public:
    explicit NoteRow(const Theme& theme, QWidget* parent = nullptr);

    /// An empty `action` shows no button. The note goes before `act` is called.
    void say(const QString& text, const QString& action = {}, std::function<void()> act = {});
    void dismiss();
    QString text() const;

signals:
    void dismissed(); ///< by hand

private:
    QLabel* m_text = nullptr;
    QPushButton* m_action = nullptr;
    std::function<void()> m_act;
};

} // namespace vitrine::ui
