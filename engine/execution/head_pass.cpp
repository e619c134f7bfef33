// SPDX-License-Identifier: GPL-3.0-or-later
// Where nobody asks for logits they never reach memory: a rank computes its share of the vocabulary some
// hundred tokens at a time, keeps the best of each row and forgets the rest. At 32 rows and 262,144 tokens
// the logits would be 32 MiB, written, read again and searched by one thread.
#include "engine/execution/head_pass.h"

#include <algorithm>

#include "engine/execution/linear_stage.h"
#include "engine/execution/rank_sum.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

/// The final norm of the rows whose logits are wanted, packed together.
void prepareHeadRows(StepContext& step, std::uint32_t rank)
{
    const ModelConfig& config = step.config();
    const auto rows = static_cast<std::int64_t>(step.batch.logitsRows.size());
    const Range mine = shareOf(rows, rank, step.pool.size());
    for (std::int64_t row = mine.begin; row < mine.end; ++row) {
        const std::int64_t token = step.batch.logitsRows[static_cast<std::size_t>(row)];
        float* out = step.work.headInput.row(row);
        step.operations.vector.rmsNorm(step.work.residual + token * config.hidden,
                                       step.weights.outputNorm.data(), config.hidden, config.normEpsilon,
                                       out);
        convertColumns(step.operations, step.work.headInput, row, out, 0, config.hidden);
    }
}

/// Looks for a larger logit among outputs [first, first + columns) of each row.
void keepBest(const StepContext& step, const float* logits, std::int64_t rows, std::int64_t first,
              std::int64_t columns, BestLogit* best)
{
    for (std::int64_t row = 0; row < rows; ++row) {
        const float* from = logits + row * columns;
        const float largest = step.operations.vector.largest(from, columns);
        if (!(largest > best[row].value))
            continue;
        const auto index = static_cast<std::int64_t>(std::find(from, from + columns, largest) - from);
        best[row] = {largest, static_cast<TokenId>(first + index)};
    }
}

void findBest(StepContext& step, std::int64_t rows, std::uint32_t rank)
{
    const CpuMatrix& head = step.weights.head;
    const ThreadScratch& scratch = step.work.scratch(rank);
    BestLogit* best = step.work.best + rank * static_cast<std::size_t>(rows);
    std::fill_n(best, rows, BestLogit{});
    const Range mine = shareOf(head.panels(), rank, step.pool.size());
    const std::int64_t together = bestPanels(rows);
    for (std::int64_t panel = mine.begin; panel < mine.end; panel += together) {
        const std::int64_t end = std::min(panel + together, mine.end);
        const std::int64_t row = panel * cpu::kPanelRows;
        const std::int64_t columns = std::min(end * cpu::kPanelRows, head.rows()) - row;
        multiplyBlock(step.operations, head, step.work.headInput, 0, rows, panel, end, scratch.head, columns,
                      false, scratch.weightRow);
        keepBest(step, scratch.head, rows, step.part.shard().vocab.first + row, columns, best);
    }
}

/// Of the logits that this process has. The best of a row stays the best.
void capLogits(const StepContext& step, std::uint32_t rank)
{
    const auto rows = static_cast<std::int64_t>(step.batch.logitsRows.size());
    const std::int64_t vocab = step.config().vocab;
    const Range mine = shareOf(step.weights.head.rows(), rank, step.pool.size());
    const std::int64_t first = step.part.shard().vocab.first + mine.begin;
    for (std::int64_t row = 0; row < rows; ++row)
        step.operations.vector.softCap(step.work.logits + row * vocab + first, mine.end - mine.begin,
                                       step.config().logitSoftCap);
}

/// The best of each row over this rank's threads, where the first one has its own.
void mergeBest(const StepContext& step)
{
    const std::size_t rows = step.batch.logitsRows.size();
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t rank = 1; rank < step.pool.size(); ++rank)
            if (const BestLogit& one = step.work.best[rank * rows + row];
                one.value > step.work.best[row].value)
                step.work.best[row] = one; // ranks ascend with the ids they have
}

/// What the other ranks have of the vocabulary.
void gather(StepContext& step, std::uint32_t rank)
{
    step.endTogether(Operation::Waiting, rank);
    const std::size_t rows = step.batch.logitsRows.size();
    if (rank != 0)
        return;
    if (step.batch.bestOnly) {
        mergeBest(step);
        step.ranks->gatherBest({step.work.best, rows});
    } else {
        step.ranks->gatherLogits(step.work.logits, rows, step.config().vocab);
    }
    step.clock.ended(Operation::Reduce, rank);
}

} // namespace

void runHead(StepContext& step, std::uint32_t rank)
{
    step.together(Operation::Head, rank, 0, [&] { prepareHeadRows(step, rank); });
    const NvtxRange range(NvtxName::Head);
    const auto rows = static_cast<std::int64_t>(step.batch.logitsRows.size());
    if (step.batch.bestOnly)
        findBest(step, rows, rank);
    else
        multiplyShare(
            step.operations,
            {{step.weights.head, step.work.logits + step.part.shard().vocab.first, step.config().vocab}},
            step.work.headInput, {0, rows}, rank, step.pool.size(), step.work.scratch(rank).weightRow);
    if (!step.batch.bestOnly && step.config().logitSoftCap > 0) {
        step.endTogether(Operation::Head, rank);
        capLogits(step, rank);
    }
    step.clock.ended(Operation::Head, rank);
    if (step.ranks != nullptr)
        gather(step, rank);
}

void gatherBest(const StepContext& step, std::vector<TokenId>& tokens)
{
    if (step.ranks == nullptr)
        mergeBest(step);
    tokens.clear();
    for (std::size_t row = 0; row < step.batch.logitsRows.size(); ++row)
        tokens.push_back(step.work.best[row].id);
}

} // namespace vitrine::engine
