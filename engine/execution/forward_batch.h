// SPDX-License-Identifier: GPL-3.0-or-later
// One step's work as flat arrays: the same struct drives the CPU executor, a GPU and worker ranks.
// Built on the engine thread from a ScheduledBatch; the executor only reads it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/ids.h"
#include "engine/sampling/logit_adjustment.h"

namespace vitrine::engine {

/// In place of a token: the one that the step under way chooses in this row of its logits
/// (Executor::mayFollow).
constexpr TokenId fedToken(std::uint32_t row)
{
    return -1 - static_cast<TokenId>(row);
}

/// How the executor chooses a token from a row of logits by itself: as Sampler does with these settings and
/// nothing else on.
struct TokenChoice
{
    bool onHost = false; ///< the row's logits are wanted instead
    float temperature = 0.0F;
    std::uint32_t topK = 0;
    float topP = 1.0F;
    float minP = 0.0F;
    std::uint64_t seed = 0;
    std::uint64_t requestKey = 0;
    std::uint64_t position = 0; ///< of the new token
    float typicalP = 1.0F;
    float repetitionPenalty = 1.0F;
    float presencePenalty = 0.0F;
    float frequencyPenalty = 0.0F;
    std::uint32_t firstAdjustment = 0; ///< of ForwardBatch::adjustments: the row's, each token once
    std::uint32_t adjustments = 0;
    bool adjustsInput = false;      ///< the row's own input token is one of the reply that is not among them
    std::uint32_t alternatives = 0; ///< to be told of (Executor::report), at most 100; 0: nothing is told

    bool adjusts() const { return adjustments > 0 || adjustsInput; }
};

/// Invariants: queryStart has sequences+1 entries, starts at 0, rises, ends at tokens; contextLengths[s] is
/// the number of keys of sequence s once this step has written its own; position of a sequence's last token
/// is contextLengths[s]-1; every slot is written at most once; blockTables rows cover contextLengths; keys of
/// a block that is -1 in a table are seen by nobody, and no token of the batch is written there; window pages
/// are there for every key that a query of the batch sees.
struct ForwardBatch
{
    std::uint32_t blockSize = 0;            ///< tokens per KV block
    std::uint32_t maxBlocksPerSequence = 0; ///< row length of blockTables
    std::vector<TokenId> tokenIds;          // [tokens], or fedToken()
    std::vector<std::int32_t> positions;    // [tokens]
    std::vector<std::int32_t> slotMapping;  // [tokens]: block * blockSize + offset where K and V are written
    std::vector<std::int32_t> queryStart;   // [sequences + 1]
    std::vector<std::int32_t> contextLengths; // [sequences]
    std::vector<std::int32_t> blockTables;    // [sequences, maxBlocksPerSequence], -1: not there
    /// [columns, sequences, maxBlocksPerSequence]: where a block has several pages (kv_columns.h), those that
    /// hold it, -1: not there. Empty: page c of block b is b * columns + c.
    std::vector<std::int32_t> pageTables;
    std::vector<std::int32_t> logitsRows; // token indices whose logits are wanted, rising
    /// Of those rows only the token of the largest logit is wanted: Executor::bestTokens() instead of logits.
    bool bestOnly = false;
    /// [logitsRows], or empty: logits of all of them. Not with bestOnly; only where the executor takes the
    /// settings (Executor::canChoose). Executor::chosenTokens() has what was chosen.
    std::vector<TokenChoice> choices;
    /// Of all choices, at most Executor::mostAdjustments().
    std::vector<LogitAdjustment> adjustments;
    std::vector<std::int32_t> massRows; // sequences whose attention by block is wanted, rising
    /// [tokens, hidden]: what the layers before gave, for an executor whose layers do not begin the model;
    /// tokenIds are then only counted. Empty for one whose layers do.
    std::span<const float> hidden = {};

    std::size_t tokens() const { return tokenIds.size(); }
    std::size_t sequences() const { return contextLengths.size(); }
};

} // namespace vitrine::engine
