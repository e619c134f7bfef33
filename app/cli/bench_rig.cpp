// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/bench_rig.h"

#include <algorithm>

#include "app/cli/command.h"
#include "engine/base/clock.h"

namespace vitrine::cli {

using engine::ForwardBatch;
using engine::Result;

namespace {

constexpr std::uint32_t kChunk = 512; // tokens of a prompt in one forward pass

double perSecond(std::uint64_t tokens, std::int64_t startNs)
{
    return static_cast<double>(tokens) / (static_cast<double>(engine::nowNs() - startNs) * 1e-9);
}

std::uint32_t blocksEach(const DecodeShape& shape, std::uint32_t blockSize)
{
    return (shape.prompt + shape.tokens + blockSize - 1) / blockSize;
}

} // namespace

BenchRig::BenchRig(engine::Executor& executor, const engine::KvPlan& kv, std::uint32_t vocab)
    : m_executor(executor), m_blockSize(kv.blockSize), m_vocab(vocab)
{}

std::uint32_t BenchRig::blocksForPrefill(std::uint32_t tokens, std::uint32_t blockSize)
{
    return (tokens + blockSize - 1) / blockSize;
}

std::uint32_t BenchRig::blocksForDecode(const DecodeShape& shape, std::uint32_t blockSize)
{
    return shape.sequences * blocksEach(shape, blockSize);
}

std::int32_t BenchRig::token(std::uint64_t index) const
{
    if (m_vocab <= 3000)
        return static_cast<std::int32_t>(index * 7919 % m_vocab);
    return static_cast<std::int32_t>(1000 + index * 7919 % (m_vocab - 2000));
}

ForwardBatch BenchRig::emptyBatch(std::uint32_t tokensEach) const
{
    ForwardBatch batch;
    batch.blockSize = m_blockSize;
    batch.maxBlocksPerSequence = (tokensEach + m_blockSize - 1) / m_blockSize;
    batch.queryStart = {0};
    return batch;
}

/// The sequence's row of the block table: its own blocks, or the first sequence's for a shared prompt.
void BenchRig::addBlocks(ForwardBatch& batch, std::uint32_t sequence, const DecodeShape& shape) const
{
    const std::uint32_t each = blocksEach(shape, m_blockSize);
    const std::uint32_t shared = shape.sharedPrompt ? shape.prompt / m_blockSize : 0;
    for (std::uint32_t i = 0; i < batch.maxBlocksPerSequence; ++i) {
        const std::uint32_t owner = i < shared ? 0 : sequence;
        batch.blockTables.push_back(i < each ? static_cast<std::int32_t>(owner * each + i) : -1);
    }
}

/// One more token of the sequence whose blocks were added last.
void BenchRig::addToken(ForwardBatch& batch, std::uint32_t position, std::int32_t id) const
{
    const std::size_t row = batch.blockTables.size() - batch.maxBlocksPerSequence;
    const std::int32_t block = batch.blockTables[row + position / m_blockSize];
    batch.tokenIds.push_back(id);
    batch.positions.push_back(static_cast<std::int32_t>(position));
    batch.slotMapping.push_back(block * static_cast<std::int32_t>(m_blockSize) +
                                static_cast<std::int32_t>(position % m_blockSize));
}

/// Tokens [from, from + count) of a sequence's prompt; logits of the prompt's last one only.
Result<void> BenchRig::prompt(std::uint32_t sequence, std::uint32_t from, std::uint32_t count,
                              const DecodeShape& shape)
{
    ForwardBatch batch = emptyBatch(shape.prompt + shape.tokens);
    addBlocks(batch, sequence, shape);
    const std::uint64_t first = shape.sharedPrompt ? 0 : std::uint64_t{sequence} * 131;
    for (std::uint32_t i = from; i < from + count; ++i)
        addToken(batch, i, token(first + i));
    batch.queryStart.push_back(static_cast<std::int32_t>(count));
    batch.contextLengths.push_back(static_cast<std::int32_t>(from + count));
    if (from + count == shape.prompt)
        batch.logitsRows.push_back(static_cast<std::int32_t>(count - 1));
    return forward(batch);
}

/// One pass, unless the user has asked to stop. As for a greedy reply, only the best tokens are wanted.
Result<void> BenchRig::forward(ForwardBatch& batch)
{
    batch.bestOnly = true;
    if (g_stopRequested)
        return engine::cancelled("the benchmark was stopped");
    const Result<std::span<const float>> logits = m_executor.forward(batch);
    if (logits && m_breakdown)
        addRankTimes();
    return logits ? Result<void>() : Result<void>(logits.error());
}

void BenchRig::addRankTimes()
{
    const std::vector<engine::RankTimes> step = m_executor.rankTimes();
    m_rankTimes.resize(step.size());
    for (std::size_t rank = 0; rank < step.size(); ++rank)
        m_rankTimes[rank] += step[rank];
}

std::int64_t BenchRig::startClock()
{
    m_rankTimes.clear();
    if (m_breakdown)
        m_executor.timeOperations(true);
    return engine::nowNs();
}

Result<double> BenchRig::prefill(std::uint32_t tokens)
{
    const DecodeShape shape{1, tokens, 0, false};
    const std::int64_t start = startClock();
    for (std::uint32_t from = 0; from < tokens; from += kChunk) {
        if (const Result<void> done = prompt(0, from, std::min(kChunk, tokens - from), shape); !done)
            return done.error();
    }
    return perSecond(tokens, start);
}

Result<double> BenchRig::decode(const DecodeShape& shape)
{
    for (std::uint32_t s = 0; s < shape.sequences; ++s) {
        // A shared prompt lies in memory once; every sequence still writes its partial last block.
        const std::uint32_t shared =
            shape.sharedPrompt && s > 0 ? shape.prompt / m_blockSize * m_blockSize : 0;
        for (std::uint32_t from = shared; from < shape.prompt; from += kChunk)
            if (const Result<void> done = prompt(s, from, std::min(kChunk, shape.prompt - from), shape);
                !done)
                return done.error();
    }
    const std::int64_t start = startClock();
    for (std::uint32_t step = 0; step < shape.tokens; ++step) {
        ForwardBatch batch = emptyBatch(shape.prompt + shape.tokens);
        for (std::uint32_t s = 0; s < shape.sequences; ++s) {
            addBlocks(batch, s, shape);
            addToken(batch, shape.prompt + step, token(std::uint64_t{s} + step));
            batch.queryStart.push_back(static_cast<std::int32_t>(s + 1));
            batch.contextLengths.push_back(static_cast<std::int32_t>(shape.prompt + step + 1));
            batch.logitsRows.push_back(static_cast<std::int32_t>(s));
        }
        if (const Result<void> done = forward(batch); !done)
            return done.error();
    }
    return perSecond(std::uint64_t{shape.sequences} * shape.tokens, start);
}

} // namespace vitrine::cli
