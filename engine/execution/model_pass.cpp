// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/model_pass.h"

#include <algorithm>

#include "engine/execution/head_pass.h"
#include "engine/execution/layer_pass.h"
#include "engine/execution/rank_sum.h"
#include "engine/parallel/work_progress.h"
#include "kernels/cpu/dequantize.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

void embed(StepContext& step, std::int64_t token)
{
    const ModelConfig& config = step.config();
    const WeightView& table = step.part.weights().tokenEmbedding;
    const kernels::QuantInfo info = kernels::quantInfo(table.type);
    const std::size_t rowBytes = table.columns / info.blockValues * info.blockBytes;
    const auto id = static_cast<std::size_t>(step.batch.tokenIds[static_cast<std::size_t>(token)]);
    float* row = step.work.residual + token * config.hidden;
    cpu::dequantize(table.type, table.data + id * rowBytes, row, config.hidden);
    if (config.embeddingScale != 1.0F)
        step.operations.vector.scale(row, config.embeddingScale, config.hidden);
}

/// The row that the token's layers begin with.
void begin(StepContext& step, std::int64_t token)
{
    const std::int64_t hidden = step.config().hidden;
    if (step.part.begins())
        embed(step, token);
    else
        std::copy_n(step.batch.hidden.data() + token * hidden, hidden, step.work.residual + token * hidden);
}

void prepareTokens(StepContext& step, std::uint32_t rank)
{
    const Range mine = shareOf(step.tokens(), rank, step.pool.size());
    const auto rowFloats = static_cast<std::int64_t>(step.ropeTable.rowFloats());
    for (std::int64_t token = mine.begin; token < mine.end; ++token) {
        begin(step, token);
        const std::int32_t position = step.batch.positions[static_cast<std::size_t>(token)];
        for (std::size_t kind = 0; kind < step.ropeTable.kinds(); ++kind) {
            const std::int64_t row = static_cast<std::int64_t>(kind) * step.tokens() + token;
            step.ropeTable.fill(kind, position, step.work.rope + row * rowFloats);
        }
    }
}

/// All layers, or those up to a failure of other ranks.
bool runLayers(StepContext& step, std::uint32_t rank)
{
    WorkProgress* const progress = rank == 0 ? step.progress : nullptr;
    if (progress != nullptr)
        progress->begin();
    for (std::size_t layer = 0; layer < step.config().layers.size(); ++layer) {
        runLayer(step, layer, rank);
        if (step.ranks != nullptr && step.ranks->failure())
            return false; // all threads see it: the sum was before a barrier
        if (progress != nullptr)
            progress->next();
    }
    if (progress != nullptr)
        progress->end();
    return true;
}

void runParts(StepContext& step, std::uint32_t rank)
{
    step.together(Operation::Embed, rank, 0, [&] { prepareTokens(step, rank); });
    if (!runLayers(step, rank) || step.batch.logitsRows.empty())
        return; // no rows are wanted where the layers end before the head
    step.endTogether(Operation::Norm, rank);
    runHead(step, rank);
}

} // namespace

void runModel(StepContext& step, std::uint32_t rank)
{
    step.clock.begin(rank);
    runParts(step, rank);
    if (step.ranks != nullptr && rank == 0) // the thread that exchanges
        step.ranks->endStep();
}

} // namespace vitrine::engine
