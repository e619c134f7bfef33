// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps what happened, step by step, completely: every row, every request's turn of fate and every KV
// block's. From a recording the whole history can be played again (BlockHistory) without the engine. Bounded:
// beyond the limit the oldest steps are dropped and counted, so what is kept is always the most recent.
//
// The engine thread writes, one other thread takes; a lock is held for moving pointers only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <variant>
#include <vector>

#include "engine/base/ordered_mutex.h"
#include "engine/kv_cache/block_log.h"
#include "engine/kv_cache/kv_cache.h"
#include "engine/scheduler/request.h"
#include "engine/scheduler/scheduled_batch.h"
#include "engine/telemetry/rank_record.h"
#include "engine/telemetry/step_record.h"

namespace vitrine::engine {

struct RecordedArrival
{
    RequestId request;
    std::int64_t timeNs = 0;
    std::uint32_t promptTokens = 0;
    std::uint32_t maxTokens = 0;
    std::vector<TokenId> prompt; ///< `promptTokens` of them
};

struct RecordedToken
{
    RequestId request;
    TokenId token = 0;
};

struct RecordedEnd
{
    RequestId request;
    FinishReason reason = FinishReason::None;
    std::int64_t timeNs = 0;
};

enum class StepPhase : std::uint8_t {
    Schedule, ///< planning, of this step or ahead of the next one
    Transfer, ///< blocks are copied and swapped
    Forward,  ///< on the executor; all others are the engine thread's
    Sample,   ///< tokens are chosen and taken in
    Emit      ///< events, detokenised
};
inline constexpr std::size_t kStepPhases = 5;

/// Phases of the engine thread do not overlap each other; Forward may overlap Schedule and Emit.
struct PhaseSpan
{
    StepPhase phase = StepPhase::Schedule;
    std::int64_t startNs = 0, endNs = 0;
};

using RecordedEvent =
    std::variant<RecordedArrival, AdmissionEvent, PreemptionEvent, RecordedToken, RecordedEnd>;

/// One step, or what came between two of them (record.step is 0 then).
struct RecordedStep
{
    StepFigures record;
    std::vector<StepRow> rows;         ///< all of them, in the order of the batch
    std::vector<RecordedEvent> events; ///< in the order in which they happened
    std::vector<BlockEvent> blocks;    ///< likewise
    std::vector<PhaseSpan> phases;     ///< in the order in which they ended
    RankParts ranks;                   ///< what each process had of it
    std::vector<RankEvent> rankEvents; ///< since the last step; each says when

    std::size_t bytes() const;
    /// The first of a recording that began in the midst of others' (Session::cut): no step, but the pool as
    /// it was and the requests that were there, which arrived earlier.
    bool isOpening() const;
};

/// The pool as it was when recording began, empty of requests.
struct RecordingStart
{
    std::uint32_t blocks = 0, hostBlocks = 0, blockSize = 0;
    KvShape shape = {};
};

class Recorder
{
public:
    explicit Recorder(std::size_t mostBytes = std::size_t{256} << 20U) : m_mostBytes(mostBytes) {}

    // Engine thread

    void begin(const RecordingStart& start);
    void push(RecordedStep step);

    // Another thread

    RecordingStart start() const;
    /// Steps since the last call.
    std::vector<RecordedStep> take();
    struct Taken
    {
        std::uint64_t recording = 0; ///< how often begin() was called: another number, another recording
        RecordingStart start;
        std::vector<RecordedStep> steps;
    };
    Taken takeAll();
    std::uint64_t dropped() const; ///< steps that made room

private:
    mutable OrderedMutex m_lock{LockOrder::Records};
    RecordingStart m_start;
    std::deque<RecordedStep> m_steps;
    std::size_t m_bytes = 0;
    std::size_t m_mostBytes;
    std::uint64_t m_dropped = 0;
    std::uint64_t m_begun = 0;
};

} // namespace vitrine::engine
