// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine keeps for a running reply besides the scheduler's record. Private to engine*.cpp.
#pragma once

#include "engine/engine.h"
#include "engine/sampling/logit_adjustments.h"
#include "engine/telemetry/latency_breakdown.h"
#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

struct Engine::Stream
{
    Stream(const Tokenizer& tokenizer, std::int64_t arrivalNs) : decoder(tokenizer), clock(arrivalNs) {}

    StreamDecoder decoder;
    LatencyClock clock;
    LogitAdjustments adjustments; ///< where the executor chooses its tokens
    NvtxSpan life;
    bool started = false;           ///< RequestStarted was sent
    std::int64_t waitingToldNs = 0; ///< when RequestWaiting was sent last
};

/// One step under way: planned, launched, landed, told.
struct Engine::Step
{
    ScheduledBatch batch;
    bool computing = false; ///< the executor reads `batch`
    std::int64_t launchedNs = 0;
    std::vector<SampledToken> sampled; ///< one per row that samples, in order of the rows
    std::vector<StepToken> tokens;
    std::vector<StepOutcome> outcomes;
    std::vector<StepRow> rows;     ///< all of them, when somebody records
    std::vector<PhaseSpan> phases; ///< likewise
    RankParts ranks;               ///< likewise
    StepRecord record;
    NvtxSpan whole, forward;
};

} // namespace vitrine::engine
