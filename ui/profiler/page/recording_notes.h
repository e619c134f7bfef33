// SPDX-License-Identifier: GPL-3.0-or-later
// What the Profiler shows where there is nothing to show yet: nothing recorded, a file that is being read, a
// file that cannot be read. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace vitrine::ui {

class RecordingNotes : public QWidget
{
    Q_OBJECT

public:
    enum class State { Nothing, Reading, Failed };

    explicit RecordingNotes(const Theme& theme, QWidget* parent = nullptr);

    /// `about`: the file's name, or why it cannot be read.
    void setState(State state, const QString& about = {});
    State state() const { return m_state; }
    QString text() const;

signals:
    void chatRequested();
    void openRequested();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void retranslate();

    const Theme& m_theme;
    State m_state = State::Nothing;
    QString m_about;
    QLabel* m_icon;
    QLabel* m_title;
    QLabel* m_text;
    QProgressBar* m_progress;
    QPushButton* m_chat;
    QPushButton* m_open;
};

} // namespace vitrine::ui
