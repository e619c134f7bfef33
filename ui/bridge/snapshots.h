// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine thread tells the window, as values. A snapshot is never changed after it was handed over.
#pragma once

#include <optional>
#include <utility>

#include <QList>
#include <QMetaType>
#include <QString>

#include "engine/base/ids.h"
#include "engine/engine.h"
#include "engine/events.h"
#include "engine/model/load_progress.h"
#include "engine/plan/elastic_ranks.h"
#include "engine/telemetry/step_record.h"
#include "ui/bridge/token_detail.h"

namespace vitrine::ui {

/// Chosen by the window before the engine knows the request; unique in a process. 0 is "none".
using ReplyId = engine::Id<struct ReplyTag, quint64>;

struct ReplyStart
{
    engine::RequestId request;
    quint32 promptTokens = 0;
    quint32 cachedTokens = 0;
    double queueSeconds = 0;
};

/// What a person chooses about scheduling and its memory; everything else follows from measurements.
struct SchedulingChoice
{
    engine::PolicyKind policy = engine::PolicyKind::Fcfs;
    double itlTarget = 0.05;    ///< seconds between two tokens of a reply to keep to; 0: none
    quint32 kvMebibytes = 0;    ///< of the KV cache; 0: as the free memory allows
    quint32 threads = 0;        ///< that compute; 0: one for each core
    bool deterministic = false; ///< one numeric path whatever runs beside a reply; else the fastest

    bool operator==(const SchedulingChoice&) const = default;
};

/// What a person chose for one load.
struct LoadOptions
{
    quint32 contextTokens = 0; ///< of KV that all chats share; 0: as the free memory allows
    engine::KvFormat kvFormat = engine::KvFormat::BF16;
    qint32 gpu = engine::kNoGpu; ///< to compute on; where that fails, the processor does
    /// That share the model on the processor; where that fails, one does. 0: as many as are fastest, which
    /// follows the load.
    quint32 processes = 1;

    bool operator==(const LoadOptions&) const = default;
};

/// Where a reply stands that waits for its turn.
struct ReplyWait
{
    quint32 position = 0; ///< 1: the next
    double seconds = 0;   ///< until its first token, as far as can be told
};

/// How far a reply is; all figures are for the whole reply so far.
struct ReplyFigures
{
    quint32 tokens = 0;
    double tokensPerSecond = 0; ///< 0 before the second token
    double secondsToFirst = 0;  ///< 0 before the first token
};

/// Another reply that was computed in the same steps.
struct ReplyNeighbour
{
    ReplyId reply;
    quint32 sharedSteps = 0;
    double seconds = 0; ///< that it added
};

struct ReplyEnd
{
    engine::FinishReason reason = engine::FinishReason::None;
    QString error;                    ///< with FinishReason::Error: what happened and what can be done
    engine::RequestStats stats;       ///< stats.latency: where its time went
    QList<ReplyNeighbour> neighbours; ///< of stats.latency, as replies; who added most first
};

/// Of what a reply was made of (its prompt and itself): how much lies in KV, from the first token on.
struct ReplyResidency
{
    ReplyId reply;
    engine::KvResidency kv; ///< no tokens: not known any more

    bool operator==(const ReplyResidency&) const = default;
};

/// What a prompt would cost that was not asked yet.
struct PromptForecast
{
    bool known = false;   ///< else there is no model, or it cannot take the prompt
    quint32 tokens = 0;   ///< of the prompt
    quint32 resident = 0; ///< of them, found in KV; the rest is computed
    quint32 blockSize = 0;
};

struct EngineStatus
{
    double tokensPerSecond = 0; ///< tokens generated in the last second, over all replies
    quint32 blocksInUse = 0;
    quint32 blocksCached = 0;
    quint32 blocksTotal = 0;
    quint32 contextTokens = 0; ///< that one conversation may have, by the model and by the memory
    quint32 running = 0;
    quint32 waiting = 0;
    quint32 threads = 0; ///< that compute; 0: no model, or a GPU computes
    QString device;      ///< that computes, "CPU AVX-512 VNNI"; empty: no model

    bool operator==(const EngineStatus&) const = default;
};

struct LoadState
{
    QString path;
    engine::LoadStage stage = engine::LoadStage::OpeningFile;
    double fraction = 0; ///< 0…1 of the whole load
};

/// What happened to one reply since the last frame.
struct ReplyUpdate
{
    ReplyId reply;
    std::optional<engine::RequestId> request; ///< its number in the engine, once
    std::optional<ReplyWait> waiting;
    std::optional<bool> paused; ///< preempted (true) or running again (false)
    std::optional<ReplyStart> started;
    std::optional<quint32> prefilled; ///< prompt tokens in KV
    quint32 promptTokens = 0;         ///< with `prefilled`
    QString text;                     ///< only what is new
    QList<qint32> tokens;             ///< likewise; without the one that ended it
    QList<TokenDetail> details;       ///< one for each of `tokens`, when they were asked for
    ReplyFigures figures;
    std::optional<ReplyEnd> ended;
};

struct LoadEnd
{
    enum class Outcome { Ready, Failed, Cancelled, Gone };
    Outcome outcome = Outcome::Failed;
    QString path;
    QString error;                               ///< with Failed, and with Gone when the engine failed
    std::optional<engine::ModelSummary> summary; ///< with Ready
    qint32 gpu = engine::kNoGpu;                 ///< with Ready: that computes
    QString gpuProblem;                          ///< why the GPU that was asked for does not
};

/// Everything of one frame.
struct EngineUpdate
{
    QList<ReplyUpdate> replies; ///< at most one entry a reply, in order of first mention
    QList<engine::StepRecord> steps;
    quint64 droppedSteps = 0; ///< since the program started
    std::optional<EngineStatus> status;
    std::optional<QList<ReplyResidency>> residency; ///< of all that are watched
    QList<std::pair<quint64, PromptForecast>> forecasts;
    std::optional<LoadState> load;
    QList<LoadEnd> loadEnds; ///< to be applied after `replies`
    QList<engine::RankRecovery> recoveries;
    QList<engine::RankChange> rankChanges; ///< of a number of processes that follows the load
    QString processesRefused;              ///< why their number did not change; empty: it did
};

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::ReplyId)
Q_DECLARE_METATYPE(vitrine::ui::ReplyStart)
Q_DECLARE_METATYPE(vitrine::ui::ReplyWait)
Q_DECLARE_METATYPE(vitrine::ui::SchedulingChoice)
Q_DECLARE_METATYPE(vitrine::ui::ReplyFigures)
Q_DECLARE_METATYPE(vitrine::ui::ReplyEnd)
Q_DECLARE_METATYPE(vitrine::ui::ReplyResidency)
Q_DECLARE_METATYPE(vitrine::ui::PromptForecast)
Q_DECLARE_METATYPE(vitrine::ui::EngineStatus)
Q_DECLARE_METATYPE(vitrine::ui::LoadState)
Q_DECLARE_METATYPE(vitrine::engine::ModelSummary)
Q_DECLARE_METATYPE(vitrine::engine::StepRecord)
