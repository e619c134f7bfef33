// SPDX-License-Identifier: GPL-3.0-or-later
// Attention over paged keys and values with a running softmax (Dao et al. 2022; paged: Kwon et al. 2023).
//
// A query's numbers depend on itself and its keys alone: keys are taken in pieces of fixed size counted from
// position 0 and summed in a fixed order, whatever the chunking and the company in a batch.
//   attendDecode, attendTokens   the same bits for the same query, whatever `splits` is
//   attendPrefill                in BF16 on tensor cores: other bits than those, the same in every chunking
// A setting that asks for one path takes attendTokens or attendPrefill for every row, or attendDecode for
// single queries and attendTokens for the others. With Number::F32 attendPrefill is attendTokens. Float32
// numbers and pages are computed in float32 throughout.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cuda/kv_pages.h"
#include "kernels/cuda/number.h"
#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

/// One layer's attention of a step. All pointers are device memory.
struct AttentionStep
{
    const void* qkv = nullptr; // [tokens, (heads + 2 * kvHeads) * headDim] of `number`, queries rotated
    void* out = nullptr;       // [tokens, heads * headDim] of `number`
    Number number = Number::BF16;
    std::int64_t heads = 0;
    float scale = 0.0F;
    float softCap = 0.0F;    ///< scores become softCap * tanh(score / softCap); 0: they stay
    std::int64_t window = 0; ///< keys that a query sees, itself included; 0: all before it
    const float* sinks =
        nullptr; // [heads]: a logit that takes part in the softmax and gives nothing; or null
    KvPages kv;
    std::int64_t layer = 0; ///< in its page

    std::int64_t sequences = 0;
    std::int64_t tokens = 0;
    std::int64_t longestQuery = 0;   // tokens of one sequence in this step, at most
    std::int64_t longestContext = 0; // keys of one sequence, at most: what is behind is not seen
    // [sequences + 1], tokens counted from the beginning of qkv and out; the step's `tokens` begin at the
    // first of these. attendDecode: null for token i of sequence i
    const std::int32_t* queryStart = nullptr;
    // [sequences], this step's own tokens included: a sequence's last token sees so many keys.
    // 0: padding, whose output is zero
    const std::int32_t* contextLengths = nullptr;
    const std::int32_t* pageTable = nullptr; // [sequences, tableRow]; negative: not there, and not seen
    std::int64_t tableRow = 0;
};

/// Any number of tokens a sequence: tiles of queries, tensor cores in BF16. Tokens behind the last sequence
/// are left alone.
Status attendPrefill(const AttentionStep& step, Stream stream);

/// The same, each token by itself: for what tensor cores do not take, and where all paths are to be one.
/// Tokens behind the last sequence get zeros.
Status attendTokens(const AttentionStep& step, Stream stream);

/// One token a sequence; the context is cut into `splits` parts, which a second kernel combines. They change
/// the time, not the result. workspace: decodeWorkspaceBytes(). A context beyond 4,096 * splits may be too
/// long for a block's shared memory: cudaErrorInvalidConfiguration.
std::int64_t decodeSplits(std::int64_t sequences, std::int64_t kvHeads, std::int64_t longestContext,
                          std::int64_t multiprocessors);
std::size_t decodeWorkspaceBytes(std::int64_t sequences, std::int64_t heads, std::int64_t headDim,
                                 std::int64_t splits);
Status attendDecode(const AttentionStep& step, std::int64_t splits, void* workspace, Stream stream);

} // namespace vitrine::kernels::cuda
