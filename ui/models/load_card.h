// SPDX-License-Identifier: GPL-3.0-or-later
// A load under way: its stages, how far, how long still, and a way out; or why it failed. Thread: UI.
#pragma once

#include <array>

#include <QElapsedTimer>
#include <QFrame>

#include "ui/bridge/snapshots.h"
#include "ui/theme/theme.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace vitrine::ui {

class LoadCard : public QFrame
{
    Q_OBJECT

public:
    explicit LoadCard(const Theme& theme, QWidget* parent = nullptr);

    /// `keeps`: the name of the model that answers meanwhile; empty: none.
    void showStarted(const QString& name, quint64 fileBytes, const QString& keeps);
    void showProgress(const LoadState& state);
    void showFailure(const QString& name, const QString& error, const QString& keeps);
    void dismiss();
    bool isFailure() const { return m_failed; }
    QString title() const;
    QString note() const;

signals:
    void cancelRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Stage
    {
        QLabel* icon = nullptr;
        QLabel* text = nullptr;
    };

    void build();
    void retranslate();
    void showStages();
    QString remaining() const;

    const Theme& m_theme;
    QString m_name, m_error, m_keeps;
    quint64 m_fileBytes = 0;
    LoadState m_state;
    bool m_failed = false;
    QElapsedTimer m_clock;
    QLabel* m_title = nullptr;
    QLabel* m_remaining = nullptr;
    QPushButton* m_cancel = nullptr;
    QProgressBar* m_progress = nullptr;
    QWidget* m_stageRow = nullptr;
    std::array<Stage, 4> m_stages;
    QLabel* m_rate = nullptr;
    QLabel* m_noteIcon = nullptr;
    QLabel* m_note = nullptr;
};

} // namespace vitrine::ui
