// SPDX-License-Identifier: GPL-3.0-or-later
// A line above the page that tells something and may offer to do something about it: a file of chats that was
// recovered, a deletion that can be undone. One notice at a time, the newest; a warning comes back behind one
// that passes. Thread: UI.
#pragma once

#include <functional>
#include <optional>

#include <QBasicTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QToolButton;

namespace vitrine::ui {

class Theme;

struct Notice
{
    enum class Tone { Plain, Warning };
    Tone tone = Tone::Plain;
    QString title;
    QString detail;
    QString action; ///< what the button says; empty: none
    std::function<void()> act = {};
    int milliseconds = 0; ///< until it goes by itself; 0: it stays
};

class NoticeBar : public QWidget
{
    Q_OBJECT

public:
    explicit NoticeBar(const Theme& theme, QWidget* parent = nullptr);

    void show(const Notice& notice);
    void dismiss();
    /// What the last warning said is over.
    void withdrawWarning();
    /// What it says, both lines; empty when it is hidden.
    QString message() const;

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void timerEvent(QTimerEvent* event) override;

private:
    void build();
    void retranslate();
    void showIcon();

    const Theme& m_theme;
    void display(const Notice& notice);

    Notice m_notice;
    std::optional<Notice> m_warning; // not closed by the person yet, behind another notice
    QBasicTimer m_timer;
    QLabel* m_icon = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_detail = nullptr;
    QPushButton* m_action = nullptr;
    QToolButton* m_close = nullptr;
};

} // namespace vitrine::ui
