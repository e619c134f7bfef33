// SPDX-License-Identifier: GPL-3.0-or-later
// What the Profiler's panels draw, as values: made off the window's thread from a recording, at the level of
// detail that the screen can show (about two bars a pixel column). Times in nanoseconds of nowNs(), all in
// order. A picture is never changed after it was handed over.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

#include "engine/analysis/nvtx_lanes.h"
#include "engine/analysis/preemption.h"
#include "engine/analysis/span_lane.h"
#include "engine/analysis/step_pyramid.h"
#include "engine/analysis/time_range.h"
#include "engine/execution/executor.h"
#include "engine/nvtx_capture/nvtx_event.h"
#include "engine/scheduler/scheduled_batch.h"
#include "engine/telemetry/recorder.h"
#include "engine/trace/request_life.h"

namespace vitrine::ui {

using engine::TimeRange;

/// What a request is called on screen.
struct RequestName
{
    engine::RequestId request;
    QString title;            ///< its conversation's; "Request 17" where nobody said
    quint64 conversation = 0; ///< 0: none to go to
    quint64 message = 0;
    std::size_t hue = 0; ///< of the conversation
};

/// The recording as a whole; comes with every picture and whenever it has grown.
struct RecordingSummary
{
    TimeRange range;
    quint64 steps = 0, dropped = 0;
    qsizetype requests = 0, preemptions = 0;
    QString model, device, program;
    qint64 unixNs = 0; ///< of range.startNs, by the calendar, UTC; 0: not known
    quint32 blocks = 0, blockSize = 0;
    quint64 nvtxEvents = 0, nvtxDropped = 0;
    QString nvtxProblem; ///< why a live one has none
    QString gpuProblem;  ///< why a live one has nothing of GPUs
    QString file;        ///< that it was read from; empty: it is the running engine's
    QString damage;      ///< what of the file could not be read
    bool live = false;
};

/// A file that is being written, or was.
struct FileRecording
{
    bool active = false;
    QString path;
    quint64 bytes = 0;
    qint64 startNs = 0; ///< of the recording's time
    QString error;      ///< why it ended
};

/// Steps of one column, or one step.
struct StepColumn
{
    qint64 startNs = 0, endNs = 0;
    quint64 step = 0; ///< the first one's number
    engine::StepDigest digest;
};

struct RequestRow
{
    RequestName name;
    qint64 arrivalNs = 0, endNs = 0; ///< 0: it runs
    quint32 promptTokens = 0, cachedTokens = 0, replyTokens = 0, preemptions = 0;
    QList<engine::LaneBar> bars; ///< tag: engine::LifePhase
    QList<qint64> tokens; ///< ends of steps that gave it a token; empty where they are too close to see
};

struct StepLaneRow
{
    engine::StepPhase phase = engine::StepPhase::Schedule;
    QList<engine::LaneBar> bars; ///< tag: the step's number
    double meanNs = 0;           ///< a step, of the selection
};

/// A lane of what was told to NVTX.
struct NvtxLaneName
{
    QString key;    ///< that it is kept under, also in another recording
    QString name;   ///< the thread's, empty without one; of spans theirs, of a counter what it counts
    QString domain; ///< empty: the default one
    quint32 thread = 0;
    engine::NvtxLaneOf of = engine::NvtxLaneOf::Thread;
    QString unit;   ///< of a counter
    int hue = 0;    ///< the domain's running number; 0: the engine's
    int levels = 1; ///< of ranges within ranges, in the whole recording
    bool hidden = false;
};

/// A range, a span or a mark, or several that cannot be told apart.
struct NvtxBar
{
    qint64 startNs = 0, endNs = 0;
    quint32 spans = 1;
    float coverage = 1.0F;
    quint32 name = 0, category = 0; ///< of NvtxPicture::texts; of several the first one's
    engine::NvtxPayload payloadKind = engine::NvtxPayload::None;
    quint64 payload = 0;              ///< bits
    quint32 detail = 0;               ///< a text: several values
    qint64 callNs = 0;                ///< when it was asked for, of what a GPU did; 0: not known
    quint32 call = 0, callThread = 0; ///< texts: what asked for it, and the thread's name
};

struct NvtxLaneRow
{
    qsizetype lane = 0; ///< of NvtxPicture::lanes
    double busy = 0;    ///< 0 … 1: of the time shown
    QList<QList<NvtxBar>> levels;
    QList<NvtxBar> marks;
    std::vector<engine::CounterColumn> samples{}; ///< of a counter
};

struct NvtxPicture
{
    QList<NvtxLaneName> lanes; ///< all there are, hidden ones too: engine, other threads, spans
    QList<NvtxLaneRow> rows;   ///< of those that were asked for
    QStringList texts{QString()};
};

struct PreemptionMark
{
    qint64 ns = 0;
    quint64 step = 0;
    engine::RequestId victim;
};

struct TimelineQuery
{
    quint64 serial = 0;
    TimeRange range;                    ///< shown
    TimeRange selection;                ///< empty: all that is shown
    quint32 columns = 1;                ///< physical pixels of the plot, > 0
    qsizetype firstRow = 0, rows = 0;   ///< of the requests
    QString filter;                     ///< part of a title, or "#17", a request's number
    engine::RequestId wanted;           ///< whose row is asked for
    QStringList hiddenLanes;            ///< keys of NVTX lanes
    qsizetype firstLane = 0, lanes = 0; ///< of those that are not hidden
};

struct TimelinePicture
{
    TimelineQuery query;
    QList<RequestRow> requests; ///< rows firstRow … of those that lived in the range, by arrival
    qsizetype requestCount = 0; ///< of them all
    qsizetype wantedRow = -1;   ///< of the request that was asked for; -1: it is not among them
    QList<StepLaneRow> lanes;
    QList<StepColumn> steps; ///< of the range
    QList<PreemptionMark> preemptions;
    quint64 selectedSteps = 0;
    NvtxPicture nvtx;
    QList<engine::LaneBar> wantedSteps; ///< when the request that was asked for was computed
};

/// The whole recording in few columns.
struct OverviewPicture
{
    TimeRange range;
    QList<StepColumn> columns;
    QList<qint64> preemptions; ///< at most two a column
};

enum class CellState : quint8 { Free, Cached, Referenced };

struct BlockCell
{
    CellState state = CellState::Free;
    bool fresh = false;  ///< taken in the step itself
    bool victim = false; ///< of a request that was preempted in the step
    bool window = false; ///< has pages of the sliding window's layers
    quint16 references = 0;
    quint32 owner = 0;    ///< index in BlockMap::owners; of a cached block who wrote it
    quint32 holders = 0;  ///< of a shared one: its place in BlockMap::holders, from 1; 0: it is not shared
    float ageSeconds = 0; ///< since it was taken
};

struct BlockOwner
{
    RequestName name;
    quint32 blocks = 0; ///< that it holds
    bool known = true;  ///< false: who wrote them is not in the recording
};

/// The pool after a step.
struct BlockMap
{
    static constexpr qsizetype kMostShown = 4; ///< holders of a shared block; BlockDetails has them all

    qint64 ns = 0;
    quint64 step = 0;
    quint32 blockSize = 0;
    QList<BlockCell> cells; ///< [block]
    QList<BlockOwner> owners;
    QList<QList<quint32>> holders; ///< of shared blocks: indices in owners, at most kMostShown each
    quint32 shared = 0, cached = 0, free = 0; ///< blocks
    quint32 hostUsed = 0, hostSlots = 0;
};

/// Something that happened to a block.
struct BlockMoment
{
    qint64 ns = 0;
    quint64 step = 0;
    engine::BlockEventKind kind = engine::BlockEventKind::Take;
    RequestName name;
};

/// All there is to say about one block at a moment.
struct BlockDetails
{
    static constexpr qsizetype kMostHolders = 64;

    quint32 block = 0;
    BlockCell cell;
    qint64 ns = 0, takenNs = 0, releasedNs = 0; ///< 0: never, or not
    QList<RequestName> holders;                 ///< at most kMostHolders
    quint32 holderCount = 0;                    ///< of them all
    RequestName writer;
    quint32 firstToken = 0, tokens = 0; ///< of the writer's text
    QString text;                       ///< theirs, cut to what a panel shows
    QList<BlockMoment> history;         ///< newest first, at most 64
    quint64 moments = 0;                ///< of them all
};

/// Somebody who could have been the victim.
struct PreemptionChoice
{
    RequestName name;
    double price = 0;
    bool chosen = false;
};

struct PreemptionQuery
{
    qint64 ns = 0;
    int step = 0;       ///< > 0: the next one after it, < 0: the last one before it, 0: the closest to it
    qsizetype from = 0; ///< the number to go on from, instead of from `ns`; 0: none
};

struct PreemptionDetails
{
    qsizetype number = 0, count = 0; ///< "4 of 9", from 1; number 0: there is none that way
    engine::PreemptionDetail detail;
    RequestName victim, beneficiary;
    QList<PreemptionChoice> choices;          ///< cheapest first
    std::optional<engine::KvFormat> kvFormat; ///< of the pool, where it is known
};

struct RequestDetails
{
    RequestName name;
    engine::RequestLife life;
    qint64 recordingStartNs = 0;
};

struct StepDetails
{
    engine::StepFigures figures;
    QList<engine::PhaseSpan> phases;
    struct Row
    {
        RequestName name;
        engine::StepRow row;
    };
    QList<Row> rows;
};

using SharedTimeline = std::shared_ptr<const TimelinePicture>;
using SharedOverview = std::shared_ptr<const OverviewPicture>;
using SharedBlockMap = std::shared_ptr<const BlockMap>;

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::RecordingSummary)
Q_DECLARE_METATYPE(vitrine::ui::FileRecording)
Q_DECLARE_METATYPE(vitrine::ui::SharedTimeline)
Q_DECLARE_METATYPE(vitrine::ui::SharedOverview)
Q_DECLARE_METATYPE(vitrine::ui::SharedBlockMap)
Q_DECLARE_METATYPE(vitrine::ui::BlockDetails)
Q_DECLARE_METATYPE(vitrine::ui::PreemptionDetails)
Q_DECLARE_METATYPE(vitrine::ui::RequestDetails)
Q_DECLARE_METATYPE(vitrine::ui::StepDetails)
