// SPDX-License-Identifier: GPL-3.0-or-later
// What holds the requests back, one diagnosis at a time, the worst first: what is scarce, the cause, what
// would help and by how much, where to see it. Thread: UI.
#pragma once

#include <optional>

#include <QFrame>

#include "ui/bridge/snapshots.h"
#include "ui/recording/latency.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace vitrine::ui {

class GainRow;

class AdviceCard : public QFrame
{
    Q_OBJECT

public:
    explicit AdviceCard(const Theme& theme, QWidget* parent = nullptr);

    void setAdvice(const SharedAdvice& advice);
    /// Settings in force, of the engine that runs; empty: a recording of the past, nothing can be applied.
    void setScheduling(const std::optional<SchedulingChoice>& now);
    /// nullptr: nothing is wrong, or not known yet.
    const engine::Diagnosis* shown() const;
    qsizetype index() const { return m_index; }
    void step(int by);

    QPushButton& applyButton() const { return *m_apply; }
    QPushButton& detailsButton() const { return *m_details; }
    QPushButton& evidenceButton() const { return *m_evidence; }
    QToolButton& nextButton() const { return *m_next; }
    QToolButton& previousButton() const { return *m_previous; }
    QString text() const; ///< all of it

signals:
    void rangePicked(const vitrine::ui::TimeRange& range);
    void applyRequested(const vitrine::engine::Diagnosis& diagnosis,
                        const vitrine::ui::SchedulingChoice& choice);

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void refresh();
    void showNothing();
    void showPart();
    void showGains(const engine::Diagnosis& diagnosis);
    void showButtons(const engine::Diagnosis& diagnosis);
    QString detailsOf(const engine::Diagnosis& diagnosis) const;
    void pickEvidence();
    void updateChip();

    const Theme& m_theme;
    SharedAdvice m_advice;
    std::optional<SchedulingChoice> m_now, m_choice;
    qsizetype m_index = 0;
    std::size_t m_evidenceAt = 0;
    QLabel* m_heading;
    QLabel* m_chipIcon;
    QLabel* m_chip;
    QLabel* m_part;
    QLabel* m_place;
    QToolButton* m_previous;
    QToolButton* m_next;
    QLabel* m_title;
    QLabel* m_cause;
    QLabel* m_help;
    GainRow* m_gains;
    QLabel* m_more;
    QPushButton* m_apply;
    QPushButton* m_details;
    QPushButton* m_evidence;
    QLabel* m_source;
};

} // namespace vitrine::ui
