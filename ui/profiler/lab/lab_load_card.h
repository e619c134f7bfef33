// SPDX-License-Identifier: GPL-3.0-or-later
// Where a person chooses the load: a kind with a few numbers, or a recording and how fast it is played.
// Thread: UI; theme and shelf outlive it.
#pragma once

#include <optional>

#include <QFrame>
#include <QTimer>

#include "ui/profiler/lab/lab_choices.h"
#include "ui/profiler/lab/lab_load.h"
#include "ui/theme/theme.h"

class QDoubleSpinBox;
class QHBoxLayout;
class QLabel;
class QSpinBox;

namespace vitrine::ui {

class ComboBox;
class LabField;
class RecordingShelf;

class LabLoadCard : public QFrame
{
    Q_OBJECT

public:
    static constexpr int kMostRequests = 10'000, kMostTokens = 100'000, kMostSeed = 999'999'999;
    static constexpr double kMostRate = 1'000;

    explicit LabLoadCard(const Theme& theme, QWidget* parent = nullptr);

    void setShelf(RecordingShelf* shelf);
    /// A kind's name, a recording's path, or kLive.
    void choose(const QString& what);
    LabLoadChoice choice() const;
    void setChoice(const LabLoadChoice& choice);
    inline static const QString kLive = QStringLiteral("live");

    /// Nothing while it is being made, or where there is nothing to run.
    const std::optional<LabLoad>& load() const { return m_load; }
    /// Why there is nothing to run; empty while it is being made.
    const QString& problem() const { return m_problem; }
    engine::WorkloadPace pace() const;
    void setModel(const QString& name);
    void setEditable(bool editable);
    bool isEditable() const { return m_fields->isEnabled(); }

    QSpinBox& requests() const { return *m_requests; }
    QSpinBox& most() const { return *m_most; }
    QSpinBox& least() const { return *m_least; }
    QString summary() const;

signals:
    void changed();

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void build();
    QWidget* buildFields();
    void connectParts();
    void fillKinds();
    void addRecordings();
    void chosen();
    void openAnother();
    void showUsual(const engine::WorkloadKind& kind);
    void showFields();
    const engine::WorkloadKind* kind() const;
    QString path() const; ///< of the recording; empty: none is chosen
    void makeSoon();
    void make();
    void take(const LabLoad& load);
    void showSummary();
    void retranslate();

    const Theme& m_theme;
    RecordingShelf* m_shelf = nullptr;
    LabLoadMaker m_maker;
    QTimer m_soon;
    std::optional<LabLoad> m_load;
    QString m_problem, m_model, m_last;
    QWidget* m_fields = nullptr;
    QLabel* m_heading;
    QLabel* m_summary;
    ComboBox* m_what;
    QSpinBox* m_requests;
    QDoubleSpinBox* m_rate;
    QSpinBox* m_least;
    QSpinBox* m_most;
    QSpinBox* m_reply;
    QSpinBox* m_shared;
    QSpinBox* m_seed;
    ComboBox* m_speed;
    LabField* m_whatField = nullptr;
    LabField* m_requestsField = nullptr;
    LabField* m_rateField = nullptr;
    LabField* m_leastField = nullptr;
    LabField* m_mostField = nullptr;
    LabField* m_replyField = nullptr;
    LabField* m_sharedField = nullptr;
    LabField* m_seedField = nullptr;
    LabField* m_speedField = nullptr;
};

} // namespace vitrine::ui
