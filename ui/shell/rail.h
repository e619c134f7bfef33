// SPDX-License-Identifier: GPL-3.0-or-later
// The strip at the far left: the pages, the live view, help and settings. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/theme/theme.h"

class QToolButton;

namespace vitrine::ui {

class Rail : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kWidth = 52;
    enum class Page { Chat, Profiler, Models };

    explicit Rail(const Theme& theme, QWidget* parent = nullptr);
    void setLiveShown(bool shown);
    void setPage(Page page);

signals:
    void chatRequested();
    void profilerRequested();
    void modelsRequested();
    void liveToggled(bool shown);
    void shortcutsRequested();
    void settingsRequested();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QToolButton* addButton(const QString& icon, bool checkable);
    QToolButton* buttonOf(Page page) const;
    void retranslate();

    const Theme& m_theme;
    Page m_page = Page::Chat;
    QToolButton* m_chat;
    QToolButton* m_profiler;
    QToolButton* m_live;
    QToolButton* m_models;
    QToolButton* m_help;
    QToolButton* m_settings;
};

} // namespace vitrine::ui
