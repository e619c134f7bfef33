// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/model_pass.h"

#include "engine/execution/layer_pass.h"
#include "engine/execution/linear_stage.h"
#include "kernels/cpu/dequantize.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

void embed(StepContext& step, std::int64_t token)
{
    const ModelConfig& config = step.config();
    const WeightView& table = step.model.weights().tokenEmbedding;
    const kernels::QuantInfo info = kernels::quantInfo(table.type);
    const std::size_t rowBytes = table.columns / info.blockValues * info.blockBytes;
    const auto id = static_cast<std::size_t>(step.batch.tokenIds[static_cast<std::size_t>(token)]);
    float* row = step.work.residual + token * config.hidden;
    cpu::dequantize(table.type, table.data + id * rowBytes, row, config.hidden);
    if (config.embeddingScale != 1.0F)
        step.operations.vector.scale(row, config.embeddingScale, config.hidden);
}

void prepareTokens(StepContext& step, std::uint32_t rank)
{
    const Range mine = shareOf(step.tokens(), rank, step.pool.size());
    const auto rowFloats = static_cast<std::int64_t>(step.ropeTable.rowFloats());
    for (std::int64_t token = mine.begin; token < mine.end; ++token) {
        embed(step, token);
        const std::int32_t position = step.batch.positions[static_cast<std::size_t>(token)];
        for (std::size_t kind = 0; kind < step.ropeTable.kinds(); ++kind) {
            const std::int64_t row = static_cast<std::int64_t>(kind) * step.tokens() + token;
            step.ropeTable.fill(kind, position, step.work.rope + row * rowFloats);
        }
    }
}

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

} // namespace

void runModel(StepContext& step, std::uint32_t rank)
{
    step.clock.begin(rank);
    prepareTokens(step, rank);
    step.endTogether(Operation::Embed, rank);
    for (std::size_t layer = 0; layer < step.config().layers.size(); ++layer)
        runLayer(step, layer, rank);
    if (step.batch.logitsRows.empty())
        return;
    step.endTogether(Operation::Norm, rank);
    prepareHeadRows(step, rank);
    step.endTogether(Operation::Head, rank);
    const auto rows = static_cast<std::int64_t>(step.batch.logitsRows.size());
    multiplyShare(step.operations, {{step.weights.head, step.work.logits, step.config().vocab}},
                  step.work.headInput, rows, rank, step.pool.size(), step.work.scratch(rank).weightRow);
    step.clock.ended(Operation::Head, rank);
}

} // namespace vitrine::engine
