// SPDX-License-Identifier: GPL-3.0-or-later
// Runs sequences through a real executor over paged memory of the test's choosing: any block size, blocks in
// shuffled order, chunks of any length, several sequences in one step.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "engine/base/check.h"
#include "engine/execution/executor.h"
#include "engine/execution/kv_columns.h"

namespace vitrine::engine::test {

/// By position.
using RigLogits = std::map<std::uint32_t, std::vector<float>>;

/// A sequence and the blocks it holds.
struct RigSequence
{
    std::vector<TokenId> tokens;
    std::uint32_t computed = 0;
    std::vector<std::int32_t> table;
    RigLogits logits; ///< once computed
};

/// One sequence's part of a step; logits are kept for positions in `wanted` (empty: all).
struct RigChunk
{
    RigSequence* sequence = nullptr;
    std::uint32_t tokens = 0;
};

inline bool sameBits(const RigLogits& a, const RigLogits& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return x.first == y.first && x.second.size() == y.second.size() &&
               std::memcmp(x.second.data(), y.second.data(), x.second.size() * sizeof(float)) == 0;
    });
}

inline std::vector<TokenId> randomTokens(std::uint32_t vocab, std::size_t count, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::uniform_int_distribution<TokenId> token(0, static_cast<TokenId>(vocab) - 1);
    std::vector<TokenId> tokens(count);
    for (TokenId& id : tokens)
        id = token(random);
    return tokens;
}

class ExecutorRig
{
public:
    ExecutorRig(const std::shared_ptr<const Model>& model, const ExecutorOptions& options,
                std::uint32_t blockSize, std::uint32_t blocks, std::uint32_t seed = 1)
        : ExecutorRig(model, makeCpuExecutor(model, options), blockSize, blocks, seed)
    {}

    ExecutorRig(const std::shared_ptr<const Model>& model, Result<std::unique_ptr<Executor>> executor,
                std::uint32_t blockSize, std::uint32_t blocks, std::uint32_t seed = 1)
        : m_vocab(model->config().vocab), m_blockSize(blockSize), m_free(blocks),
          m_shape(kvColumns(model->config()).shape)
    {
        VT_CHECK(executor.has_value());
        m_executor = std::move(*executor);
        VT_CHECK(m_executor->reserveKv({blocks, blockSize}).has_value());
        std::iota(m_free.begin(), m_free.end(), 0);
        std::shuffle(m_free.begin(), m_free.end(), std::mt19937(seed));
    }

    Executor& executor() { return *m_executor; }
    const KvShape& shape() const { return m_shape; }

    /// Moves of whole blocks and slots, page by page.
    Result<void> transferBlocks(std::span<const KvTransfer> moves)
    {
        const auto pages = static_cast<std::int32_t>(m_shape.blockPages());
        std::vector<KvTransfer> list;
        for (const KvTransfer& move : moves)
            for (std::int32_t page = 0; page < pages; ++page)
                list.push_back({move.kind, move.from * pages + page, move.to * pages + page});
        return m_executor->transfer(list);
    }

    /// One step; the logits of every token of it are kept when `keepLogits(position)` says so.
    template<class Keep>
    void step(std::span<const RigChunk> chunks, Keep keepLogits)
    {
        ForwardBatch batch = build(chunks, keepLogits);
        if (beforeStep)
            beforeStep(batch);
        const Result<std::span<const float>> logits = m_executor->forward(batch);
        VT_CHECK(logits.has_value());
        std::size_t row = 0;
        for (const RigChunk& chunk : chunks)
            for (std::uint32_t i = 0; i < chunk.tokens; ++i) {
                const std::uint32_t position = chunk.sequence->computed++;
                if (!keepLogits(position))
                    continue;
                const float* from = logits->data() + row++ * m_vocab;
                chunk.sequence->logits[position].assign(from, from + m_vocab);
            }
    }

    /// The whole sequence in chunks of this length.
    template<class Keep>
    void run(RigSequence& sequence, std::uint32_t chunk, Keep keepLogits)
    {
        while (sequence.computed < sequence.tokens.size()) {
            const auto left = static_cast<std::uint32_t>(sequence.tokens.size()) - sequence.computed;
            const RigChunk part{&sequence, std::min(chunk, left)};
            step(std::span(&part, 1), keepLogits);
        }
    }

    template<class Keep>
    ForwardBatch build(std::span<const RigChunk> chunks, Keep keepLogits)
    {
        ForwardBatch batch;
        batch.blockSize = m_blockSize;
        batch.queryStart.push_back(0);
        for (const RigChunk& chunk : chunks)
            append(batch, chunk, keepLogits);
        for (const RigChunk& chunk : chunks)
            batch.maxBlocksPerSequence = std::max(batch.maxBlocksPerSequence,
                                                  static_cast<std::uint32_t>(chunk.sequence->table.size()));
        for (const RigChunk& chunk : chunks) {
            std::vector<std::int32_t> row = chunk.sequence->table;
            row.resize(batch.maxBlocksPerSequence, -1);
            batch.blockTables.insert(batch.blockTables.end(), row.begin(), row.end());
        }
        return batch;
    }

    std::function<void(ForwardBatch&)> beforeStep; ///< may change what the executor gets

private:
    template<class Keep>
    void append(ForwardBatch& batch, const RigChunk& chunk, Keep keepLogits)
    {
        RigSequence& sequence = *chunk.sequence;
        const std::uint32_t end = sequence.computed + chunk.tokens;
        while (sequence.table.size() * m_blockSize < end) {
            VT_CHECK(!m_free.empty());
            sequence.table.push_back(m_free.back());
            m_free.pop_back();
        }
        for (std::uint32_t position = sequence.computed; position < end; ++position) {
            if (keepLogits(position))
                batch.logitsRows.push_back(static_cast<std::int32_t>(batch.tokenIds.size()));
            batch.tokenIds.push_back(sequence.tokens[position]);
            batch.positions.push_back(static_cast<std::int32_t>(position));
            batch.slotMapping.push_back(sequence.table[position / m_blockSize] *
                                            static_cast<std::int32_t>(m_blockSize) +
                                        static_cast<std::int32_t>(position % m_blockSize));
        }
        batch.queryStart.push_back(static_cast<std::int32_t>(batch.tokenIds.size()));
        batch.contextLengths.push_back(static_cast<std::int32_t>(end));
    }

    std::uint32_t m_vocab;
    std::uint32_t m_blockSize;
    std::vector<std::int32_t> m_free;
    KvShape m_shape;
    std::unique_ptr<Executor> m_executor;
};

inline bool keepAll(std::uint32_t)
{
    return true;
}

/// Of all logits of the same positions; 1: the same direction.
inline double cosine(const RigLogits& a, const RigLogits& b)
{
    double dot = 0, square = 0, other = 0;
    for (const auto& [position, logits] : a)
        for (std::size_t i = 0; i < logits.size(); ++i) {
            const double x = double{logits[i]}, y = double{b.at(position)[i]};
            dot += x * y;
            square += x * x;
            other += y * y;
        }
    return dot / std::sqrt(square * other);
}

/// Natural logarithm of the softmax, in double.
inline std::vector<double> logSoftmax(std::span<const float> logits)
{
    const double largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp(logit - largest);
    std::vector<double> result(logits.begin(), logits.end());
    for (double& value : result)
        value -= largest + std::log(sum);
    return result;
}

} // namespace vitrine::engine::test
