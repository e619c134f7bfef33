// SPDX-License-Identifier: GPL-3.0-or-later
// A setting that the advisor proposed and a person applied: what it did, measured over the steps before and
// after it, beside what was predicted; and the way back. Thread: UI.
#pragma once

#include <optional>

#include <QDateTime>
#include <QFrame>

#include "ui/bridge/snapshots.h"
#include "ui/recording/latency.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;

namespace vitrine::ui {

class ChangeLine;
class GainRow;

struct AppliedChange
{
    SchedulingChoice before, after;
    engine::SettingKey key = engine::SettingKey::ItlTarget;
    MeasureQuery measure;
    std::optional<engine::Gain> predicted;
    QDateTime when;
};

class AppliedCard : public QFrame
{
    Q_OBJECT

public:
    /// Fewer steps than that say nothing, unless an interval does.
    static constexpr quint64 kFewestSteps = 40;

    explicit AppliedCard(const Theme& theme, QWidget* parent = nullptr);

    /// Shows the card.
    void setChange(const AppliedChange& change);
    const std::optional<AppliedChange>& change() const { return m_change; }
    void setMeasured(const MeasuredChange& measured);
    /// It was taken back, or something else is set by now.
    void clear();
    QPushButton& undoButton() const { return *m_undo; }
    QString text() const;

signals:
    void undoRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void refresh();
    void showMeasured();
    QString waitingText(quint64 before, quint64 after) const;
    QString verdict(int tone) const;

    const Theme& m_theme;
    std::optional<AppliedChange> m_change;
    std::optional<MeasuredChange> m_measured;
    QLabel* m_check;
    QLabel* m_when;
    QPushButton* m_undo;
    QLabel* m_title;
    QLabel* m_state;
    QLabel* m_before;
    QLabel* m_after;
    ChangeLine* m_line;
    GainRow* m_gains;
    QLabel* m_verdict;
};

} // namespace vitrine::ui
