// SPDX-License-Identifier: GPL-3.0-or-later
// What is loaded, on what, how fast, how full, how busy. Always visible; thread: UI.
#pragma once

#include <array>
#include <optional>

#include <QPointer>
#include <QWidget>

#include "ui/bridge/snapshots.h"
#include "ui/keys/key_book.h"
#include "ui/profiler/live_series.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

class StatusItem;

class StatusBar : public QWidget
{
    Q_OBJECT

public:
    explicit StatusBar(const Theme& theme, QWidget* parent = nullptr);

    void setModel(const std::optional<engine::ModelSummary>& model);
    /// Of a model that gave its memory back and comes again when it is asked; empty: none.
    void setAsleep(const QString& name);
    /// The number of processes followed the load, or could not: the device's explanation says it.
    void setRankChange(const engine::RankChange& change);
    /// `byHue`: how the blocks in use divide among conversations (any scale).
    void setStatus(const EngineStatus& status, const std::array<float, kHues>& byHue);

    /// Of the window's commands, named in explanations; they are followed.
    void setKeys(const KeyBook& keys);

    QSize minimumSizeHint() const override { return {200, m_theme.scaled(kStatusHeight)}; }

signals:
    void modelClicked();
    void figuresClicked();
    void deviceClicked();

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    StatusItem* addItem(const QString& icon);
    void retranslate();
    QString withKeys(const QString& text, const QString& command) const;
    void showModel();
    void explainDevice();
    QString rankChangeText() const;
    void showStatus();
    void showMeter();
    void dropWhatDoesNotFit();

    const Theme& m_theme;
    std::optional<engine::ModelSummary> m_summary;
    QString m_asleep;
    std::optional<engine::RankChange> m_rankChange; ///< the last one of this model
    QPointer<const KeyBook> m_keys;
    EngineStatus m_status;
    std::array<float, kHues> m_byHue{};

    StatusItem* m_model;
    StatusItem* m_device;
    StatusItem* m_speed;
    StatusItem* m_kv;
    StatusItem* m_running;
    StatusItem* m_waiting;
    StatusItem* m_local;
};

} // namespace vitrine::ui
