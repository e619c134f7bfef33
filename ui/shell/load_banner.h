// SPDX-License-Identifier: GPL-3.0-or-later
// The strip above the chats while a model loads (stage, percent, Cancel) and after a load failed (what
// happened, what to do, close). Hidden otherwise. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/bridge/snapshots.h"
#include "ui/theme/theme.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace vitrine::ui {

class LoadBanner : public QWidget
{
    Q_OBJECT

public:
    enum class State { Hidden, Loading, Failed };

    explicit LoadBanner(const Theme& theme, QWidget* parent = nullptr);

    void showStarted(const QString& path);
    void showProgress(const LoadState& state);
    /// Stays until it is closed or another load starts. `path` may be empty.
    void showFailure(const QString& path, const QString& error);
    void dismiss();
    /// Another part of the window shows the load.
    void setSuppressed(bool suppressed);
    State state() const { return m_state; }
    QString message() const;

signals:
    void cancelRequested();
    void openRequested();

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void build();
    void retranslate();
    void setState(State state);

    const Theme& m_theme;
    State m_state = State::Hidden;
    bool m_suppressed = false;
    LoadState m_load;
    QString m_error;
    QLabel* m_icon = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_detail = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_open = nullptr;
    QToolButton* m_close = nullptr;
};

} // namespace vitrine::ui
