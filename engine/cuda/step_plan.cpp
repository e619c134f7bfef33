// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/step_plan.h"

#include <algorithm>
#include <bit>

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

std::int64_t queryLength(const ForwardBatch& batch, std::size_t sequence)
{
    return batch.queryStart[sequence + 1] - batch.queryStart[sequence];
}

std::int64_t leadingDecodes(const ForwardBatch& batch)
{
    std::size_t count = 0;
    while (count < batch.sequences() && queryLength(batch, count) == 1)
        ++count;
    return static_cast<std::int64_t>(count);
}

std::int64_t longestQueryFrom(const ForwardBatch& batch, std::int64_t first)
{
    std::int64_t longest = 1;
    for (auto sequence = static_cast<std::size_t>(first); sequence < batch.sequences(); ++sequence)
        longest = std::max(longest, queryLength(batch, sequence));
    return longest;
}

} // namespace

std::int64_t decodeBucket(std::int64_t sequences)
{
    if (sequences <= 8)
        return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(sequences)));
    const std::int64_t step = sequences <= 256 ? 16 : 64;
    return (sequences + step - 1) / step * step;
}

std::int64_t tableBucket(std::int64_t pages)
{
    return std::max<std::int64_t>(
        8, static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(pages))));
}

std::int64_t adjustmentBucket(std::int64_t adjustments)
{
    std::int64_t bucket = 1024;
    while (bucket < adjustments)
        bucket *= 4;
    return bucket;
}

std::int64_t alternativeBucket(std::int64_t alternatives)
{
    constexpr std::int64_t kMost = cuda::kMostAlternatives;
    return alternatives <= 8 ? 8 : alternatives <= 32 ? 32 : kMost;
}

void addSettings(const ForwardBatch& batch, StepShape& shape)
{
    const auto& choices = batch.choices;
    const auto adjusts = [](const TokenChoice& choice) { return !choice.onHost && choice.adjusts(); };
    if (std::any_of(choices.begin(), choices.end(), adjusts))
        shape.adjustments = adjustmentBucket(static_cast<std::int64_t>(batch.adjustments.size()));
    std::uint32_t alternatives = 0;
    for (const TokenChoice& choice : choices)
        alternatives = std::max(alternatives, choice.onHost ? 0 : choice.alternatives);
    if (alternatives > 0)
        shape.alternatives = alternativeBucket(alternatives);
}

StepPlan StepPlanner::plan(const ForwardBatch& batch) const
{
    StepPlan plan;
    const auto sequences = static_cast<std::int64_t>(batch.sequences());
    plan.shape = {static_cast<std::int64_t>(batch.tokens()),
                  sequences,
                  batch.maxBlocksPerSequence,
                  columns,
                  static_cast<std::int64_t>(batch.logitsRows.size()),
                  0,
                  hidden};
    addSettings(batch, plan.shape);
    if (!head)
        plan.result = StepResult::Hidden;
    else if (batch.bestOnly)
        plan.result = StepResult::Best;
    else if (!batch.choices.empty())
        plan.result = StepResult::Chosen;
    const bool single = batch.tokens() == batch.sequences();
    plan.decode = single && (!head || batch.logitsRows.size() == batch.tokens());
    if (plan.decode && pad) {
        plan.shape.sequences = decodeBucket(sequences);
        plan.shape.tableRow = tableBucket(plan.shape.tableRow);
        return decode(plan.shape, plan.result);
    }
    plan.way.decoding = onePath ? 0 : leadingDecodes(batch);
    plan.way.longestContext = *std::max_element(batch.contextLengths.begin(), batch.contextLengths.end());
    plan.way.longestQuery = single ? 1 : longestQueryFrom(batch, plan.way.decoding);
    finish(plan);
    return plan;
}

StepPlan StepPlanner::decode(const StepShape& like, StepResult result) const
{
    StepPlan plan;
    plan.decode = true;
    plan.result = result;
    plan.shape = like;
    plan.shape.tokens = like.sequences;
    plan.shape.columns = columns;
    plan.shape.rows = head ? like.sequences : 0;
    plan.shape.hidden = hidden;
    plan.way.decoding = onePath ? 0 : like.sequences;
    plan.way.longestContext = like.tableRow * blockSize;
    finish(plan);
    return plan;
}

void StepPlanner::finish(StepPlan& plan) const
{
    plan.shape.choices = plan.result == StepResult::Chosen ? plan.shape.rows : 0;
    if (plan.way.decoding > 0)
        plan.way.splits =
            cuda::decodeSplits(plan.way.decoding, kvHeads, plan.way.longestContext, multiprocessors);
}

} // namespace vitrine::engine
