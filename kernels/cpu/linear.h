// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products with quantised weights: y[m, n] = sum over k of W[n, k] * x[m, k].
//
// Weights are repacked once, at load, into panels of kPanelRows output rows in the layout that the chosen
// instruction set reads best. Activations are quantised to int8 with one scale for each kActivationGroup
// columns (per-row scales cost accuracy: +1.1 % mean nll; per 32: +0.3 %). Every product of one variant gives
// the same bits for a row whatever other rows are computed with it, so that a reply does not depend on its
// batch; and all variants give the same bits as the scalar one. Beside them some machines multiply many rows
// faster in bfloat16: other bits, and nearer to the exact ones. Pure functions over the caller's memory; any
// thread, ranges of output rows split the work.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cpu/isa.h"
#include "kernels/quant_type.h"

namespace vitrine::kernels::cpu {

inline constexpr std::int64_t kPanelRows = 16;
inline constexpr std::int64_t kActivationGroup = 32;

/// A repacked matrix [rows, columns]; `data` is 64-byte aligned and owned by the caller. Rows beyond `rows`
/// up to the end of the last panel are zero. `layout` is a PanelLayout (kernels/cpu/pack.h); every variant
/// reads every layout.
struct PackedMatrix
{
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int32_t layout = 0;
    std::size_t panelBytes = 0;
    const std::uint8_t* data = nullptr;
};

/// kActivationGroup columns of one row of quantised activations: x is about q * scale.
struct ActivationGroup
{
    std::int8_t q[kActivationGroup]; ///< -127 ... 127
    float scale;
    float weightedSum;       ///< scale times the sum of q
    std::int32_t offsets[2]; ///< -128 times the sum of the first and of the last sixteen q
};

/// Quantised activations [count, columns]: groups [count, columns / kActivationGroup] in the caller's memory,
/// 64-byte aligned.
struct ActivationRows
{
    std::int64_t columns = 0;
    ActivationGroup* groups = nullptr;
};

/// Bytes that `count` rows of `columns` columns (a multiple of 32) take, a multiple of 64.
std::size_t activationBytes(std::int64_t count, std::int64_t columns);
/// Views `memory`: 64-byte aligned, activationBytes(count, columns) long.
ActivationRows activationRows(std::uint8_t* memory, std::int64_t count, std::int64_t columns);

inline constexpr std::int64_t kTileTokens = 16;
inline constexpr std::int64_t kActivationTileBytes = kTileTokens * kActivationGroup * 2;

/// Activations [count, columns] as bfloat16 tiles [ceil(count / 16), columns / 32][16][32], rows beyond
/// `count` unused, in the caller's memory, 64-byte aligned.
struct ActivationTiles
{
    std::int64_t columns = 0;
    std::uint8_t* tiles = nullptr;
};

std::size_t activationTileBytes(std::int64_t count, std::int64_t columns);

/// Products of many rows of activations in bfloat16, summed in float32 along the columns in an order that
/// depends on their number only. What a row gets is not what LinearOperations::multiply gives it.
struct ManyRowOperations
{
    std::int64_t fewest; ///< rows from which it is worth it
    /// As LinearOperations::quantize.
    void (*convert)(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
                    const ActivationTiles& rows);
    /// As LinearOperations::multiply. REQUIRES: firstRow is a multiple of kTileTokens.
    void (*multiply)(const PackedMatrix& w, const ActivationTiles& x, std::int64_t firstRow,
                     std::int64_t count, std::int64_t firstPanel, std::int64_t endPanel, float* y,
                     std::int64_t stride, bool accumulate);
};

/// True when packing turns this type's values into 8-bit levels, 32 with one scale: it has no levels of its own
/// that the products could read.
bool becomesEightBits(QuantType type);

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

    const ManyRowOperations* manyRows = nullptr; ///< null: this machine has nothing faster for them
};

/// Variant for exactly this instruction set or the best one below it (`isa` of the result says which).
/// REQUIRES: supports(isa).
const LinearOperations& linearOperations(Isa isa);

/// The precise path: float32 throughout, weights dequantised on the fly, output rows [firstOutput,
/// endOutput), x [count, columns] row-major, y[m * stride + n]. `scratch` holds `columns` floats. Sums in
/// double (scalar) or in an order that depends on `columns` only.
void linearPrecise(Isa isa, QuantType type, const std::uint8_t* weights, std::int64_t columns,
                   std::int64_t firstOutput, std::int64_t endOutput, const float* x, std::int64_t count,
                   float* y, std::int64_t stride, bool accumulate, float* scratch);

} // namespace vitrine::kernels::cpu
