// SPDX-License-Identifier: GPL-3.0-or-later
// Drives an executor with plain batches, as fast as it goes: no scheduler, no sampler. Sequences own
// consecutive blocks; token ids are made up, the same for every engine that is compared.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/execution/executor.h"

namespace vitrine::cli {

/// Prompt of each sequence in the batch measurement, and tokens decoded after it.
inline constexpr std::uint32_t kBatchPrompt = 128;
inline constexpr std::uint32_t kBatchDecode = 64;
/// Prompt before the single decode.
inline constexpr std::uint32_t kDecodePrompt = 16;

struct DecodeShape
{
    std::uint32_t sequences = 1;
    std::uint32_t prompt = kDecodePrompt;
    std::uint32_t tokens = 128; ///< decoded for each sequence
    bool sharedPrompt = false;  ///< the prompt's full blocks stand in every table, once in memory
};

class BenchRig
{
public:
    BenchRig(engine::Executor& executor, const engine::KvPlan& kv, std::uint32_t vocab);

    /// Blocks that these shapes take.
    static std::uint32_t blocksForPrefill(std::uint32_t tokens, std::uint32_t blockSize);
    static std::uint32_t blocksForDecode(const DecodeShape& shape, std::uint32_t blockSize);

    /// Tokens a second for one prompt of `tokens`.
    engine::Result<double> prefill(std::uint32_t tokens);
    /// Tokens a second of all sequences together, decode time only.
    engine::Result<double> decode(const DecodeShape& shape);

    /// Of the last measurement, once breakdown() was called.
    void breakdown() { m_breakdown = true; }
    engine::OperationTimes operationTimes() const { return m_executor.operationTimes(); }
    /// Likewise, by rank, all its steps together; none where nothing is shared.
    const std::vector<engine::RankTimes>& rankTimes() const { return m_rankTimes; }

private:
    std::int64_t startClock();
    void addRankTimes();
    std::int32_t token(std::uint64_t index) const;
    engine::Result<void> prompt(std::uint32_t sequence, std::uint32_t from, std::uint32_t count,
                                const DecodeShape& shape);
    engine::Result<void> forward(engine::ForwardBatch& batch);
    engine::ForwardBatch emptyBatch(std::uint32_t tokensEach) const;
    void addBlocks(engine::ForwardBatch& batch, std::uint32_t sequence, const DecodeShape& shape) const;
    void addToken(engine::ForwardBatch& batch, std::uint32_t position, std::int32_t id) const;

    engine::Executor& m_executor;
    std::uint32_t m_blockSize;
    std::uint32_t m_vocab;
    bool m_breakdown = false;
    std::vector<engine::RankTimes> m_rankTimes;
};

} // namespace vitrine::cli
