// SPDX-License-Identifier: GPL-3.0-or-later
// The first half of a gated feed-forward network: activation(gate · x) * (up · x). By column groups, so that
// each is converted for the next product where it was made.
#pragma once

#include <cstdint>

#include "engine/execution/step_context.h"

namespace vitrine::engine {

/// A network's matrices and where its inner activations go.
struct GatedProduct
{
    const CpuMatrix& gate;
    const CpuMatrix& up;
    const CpuMatrix& down; ///< decides about the form in which they are kept
    const Activations& inner;
    const float* gateBias = nullptr; // [rows of gate]; null: none
    const float* upBias = nullptr;   // likewise

    std::int64_t units() const { return (gate.rows() + kFfnColumns - 1) / kFfnColumns; }
};

/// Rows of an activation matrix.
struct RowsOf
{
    const Activations& input;
    std::int64_t first = 0, count = 0; ///< kFfnRows at most, or kFfnTileRows of an input in tiles
};

/// Column group `unit` of these rows, to as many rows of `inner` from `innerRow` on. Uses the rank's scratch.
void multiplyGated(const StepContext& step, std::uint32_t rank, const GatedProduct& product,
                   const RowsOf& rows, std::int64_t unit, std::int64_t innerRow);

} // namespace vitrine::engine
