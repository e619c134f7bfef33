// SPDX-License-Identifier: GPL-3.0-or-later
// Load that is run through the loaded model to see what settings make of it: what is asked, how far it is,
// what came of it. Values; any thread.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include <QList>
#include <QMetaType>
#include <QString>

#include "engine/workload/setting_comparison.h"
#include "engine/workload/workload.h"
#include "engine/workload/workload_run.h"

namespace vitrine::ui {

/// What the engine changes while it runs.
enum class LabSetting : quint8 {
    ItlTarget,     ///< seconds; 0: none
    KvShare,       ///< of the pool that there is, > 0
    MaxRunning,    ///< requests at once
    TokenBudget,   ///< tokens in a step at most
    Policy,        ///< engine::PolicyKind
    Preemption,    ///< engine::PreemptionChoice
    Batches,       ///< engine::BatchMode
    Threads,       ///< 0: one for each core
    Deterministic, ///< 0 or 1
};
inline constexpr std::size_t kLabSettings = 9;

/// Those that differ from what is in force.
using LabSettings = std::map<LabSetting, double>;

struct LabJob
{
    quint64 run = 0; ///< given by the bridge
    std::shared_ptr<const engine::Workload> load;
    LabSettings settings;
    engine::WorkloadPace pace;
};

struct LabProgress
{
    quint64 run = 0;
    bool waits = false; ///< for replies of others, whose memory it would take
    quint64 finished = 0, total = 0, errors = 0, tokens = 0;
    double seconds = 0;
};

/// Requests of a run that the engine took since the last update.
struct LabSubmitted
{
    quint64 run = 0;
    QList<engine::RequestId> requests;
};

struct LabEnd
{
    enum class Outcome : quint8 { Done, Cancelled, Failed };

    quint64 run = 0;
    Outcome outcome = Outcome::Failed;
    QString error;               ///< with Failed, one sentence
    QString refusal;             ///< why requests of it were refused, the first one's; else empty
    engine::LoadFigures figures; ///< of what there was
    quint64 replies = 0, errors = 0, tokens = 0;
    double seconds = 0;
    quint32 peakBlocks = 0, blocks = 0; ///< of the pool
    qint64 startNs = 0, endNs = 0;      ///< of the recording
    bool disturbed = false;             ///< others had tokens meanwhile
};

/// Everything of one frame.
struct LabUpdate
{
    std::optional<LabProgress> progress;
    QList<LabSubmitted> submitted;
    QList<LabEnd> ends; ///< to be told after the others

    bool isEmpty() const { return !progress && submitted.isEmpty() && ends.isEmpty(); }
};

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::LabProgress)
Q_DECLARE_METATYPE(vitrine::ui::LabEnd)
