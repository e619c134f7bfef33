// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products with quantised weights: y[m, n] = sum over k of W[n, k] * x[m, k].
//
// Weights are repacked once, at load, into panels of kPanelRows output rows in the layout that the chosen
// instruction set reads best. Activations are quantised to int8 with one scale for each kActivationGroup
// columns (per-row scales cost accuracy: +1.1 % mean nll; per 32: +0.3 %). Every product of one variant gives
// the same bits for a row whatever other rows are computed with it, so that a reply does not depend on its
// batch. Pure functions over the caller's memory; any thread, ranges of output rows split the work.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/isa.h"
#include "kernels/quant_type.h"

namespace vitrine::kernels::cpu {

inline constexpr std::int64_t kPanelRows = 16;
inline constexpr std::int64_t kActivationGroup = 32;

/// A repacked matrix [rows, columns]; `data` is 64-byte aligned and owned by the caller. Rows beyond `rows`
/// up to the end of the last panel are zero. `layout` is private to the variant that packed it.
struct PackedMatrix
{
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int32_t layout = 0;
    std::size_t panelBytes = 0;
    const std::uint8_t* data = nullptr;
};

/// Quantised activations [count, columns], caller's memory, 64-byte aligned: q has `columns` bytes a row,
/// scales and sums have columns / kActivationGroup entries a row. sums = sum of the q of the group.
struct ActivationRows
{
    std::int64_t columns = 0;
    std::int8_t* q = nullptr;
    float* scales = nullptr;
    std::int32_t* sums = nullptr;
};

struct LinearOperations
{
    Isa isa;

    /// True when `pack` takes this type with this many columns (a multiple of 32 and of the type's block).
    bool (*canPack)(QuantType type, std::int64_t columns);
    /// Size of the whole packed matrix; fills everything but `data`.
    std::size_t (*describe)(QuantType type, std::int64_t rows, std::int64_t columns, PackedMatrix* matrix);
    /// Packs panels [firstPanel, endPanel) from the rows of a GGUF tensor into `destination`, the start of
    /// the whole packed matrix.
    void (*pack)(QuantType type, const std::uint8_t* source, const PackedMatrix& matrix,
                 std::int64_t firstPanel, std::int64_t endPanel, std::uint8_t* destination);

    /// Columns [firstColumn, endColumn), multiples of kActivationGroup, of row `row`; `x` is that row's first
    /// column.
    void (*quantize)(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
                     const ActivationRows& rows);

    /// Rows [firstRow, firstRow + count) of `x` with panels [firstPanel, endPanel) of `w`:
    /// y[(m) * stride + n] for m in [0, count), n the output row; y points at row firstRow. With `accumulate`
    /// it adds. The last panel writes only n < w.rows.
    void (*multiply)(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow,
                     std::int64_t count, std::int64_t firstPanel, std::int64_t endPanel, float* y,
                     std::int64_t stride, bool accumulate);
};

/// Variant for exactly this instruction set or the best one below it. REQUIRES: supports(isa).
const LinearOperations& linearOperations(Isa isa);

/// The precise path: float32 throughout, weights dequantised on the fly, output rows [firstOutput,
/// endOutput), x [count, columns] row-major, y[m * stride + n]. `scratch` holds `columns` floats. Sums in
/// double or in a fixed order.
void linearPrecise(Isa isa, QuantType type, const std::uint8_t* weights, std::int64_t columns,
                   std::int64_t firstOutput, std::int64_t endOutput, const float* x, std::int64_t count,
                   float* y, std::int64_t stride, bool accumulate, float* scratch);

} // namespace vitrine::kernels::cpu
