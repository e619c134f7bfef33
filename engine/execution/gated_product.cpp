// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/gated_product.h"

#include <algorithm>

#include "engine/execution/linear_stage.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

void keepInner(const StepContext& step, const GatedProduct& product, std::int64_t row, const float* x,
               std::int64_t firstColumn, std::int64_t columns)
{
    if (product.down.isPacked())
        convertColumns(step.operations, product.inner, row, x, firstColumn, firstColumn + columns);
    else
        std::copy_n(x, columns, product.inner.row(row) + firstColumn);
}

using Gate = void (*)(const float*, const float*, std::int64_t, float*);

Gate gateOf(const StepContext& step)
{
    const cpu::VectorOperations& vector = step.operations.vector;
    switch (step.config().activation) {
    case Activation::SiluGated:
        return vector.siluGate;
    case Activation::GeluTanhGated:
        return vector.geluGate;
    case Activation::ClampedSilu:
        break;
    }
    return vector.clampedSiluGate;
}

} // namespace

void multiplyGated(const StepContext& step, std::uint32_t rank, const GatedProduct& product,
                   const RowsOf& rows, std::int64_t unit, std::int64_t innerRow)
{
    constexpr std::int64_t kPanels = kFfnColumns / cpu::kPanelRows;
    const ThreadScratch& scratch = step.work.scratch(rank);
    const std::int64_t firstColumn = unit * kFfnColumns;
    const std::int64_t columns = std::min(kFfnColumns, product.gate.rows() - firstColumn);
    const std::int64_t endPanel = std::min((unit + 1) * kPanels, product.gate.panels());
    multiplyBlock(step.operations, product.gate, rows.input, rows.first, rows.count, unit * kPanels, endPanel,
                  scratch.gate, kFfnColumns, false, scratch.weightRow);
    multiplyBlock(step.operations, product.up, rows.input, rows.first, rows.count, unit * kPanels, endPanel,
                  scratch.up, kFfnColumns, false, scratch.weightRow);
    const cpu::VectorOperations& vector = step.operations.vector;
    const Gate gate = gateOf(step);
    for (std::int64_t row = 0; row < rows.count; ++row) {
        float* out = scratch.gate + row * kFfnColumns;
        float* up = scratch.up + row * kFfnColumns;
        if (product.gateBias != nullptr)
            vector.add(out, product.gateBias + firstColumn, columns);
        if (product.upBias != nullptr)
            vector.add(up, product.upBias + firstColumn, columns);
        gate(out, up, columns, out);
        keepInner(step, product, innerRow + row, out, firstColumn, columns);
    }
}

} // namespace vitrine::engine
