// SPDX-License-Identifier: GPL-3.0-or-later
// The kernels behind linear.h, one file for each operation and instruction set. Private to kernels/cpu.
//
// All variants of `multiply` do the same arithmetic for an output: the sum over the levels of a block is
// exact in integers, then one fused multiply-add for each scale (and minimum), blocks in ascending order, the
// row factor last. So they agree to the bit.
#pragma once

#include "kernels/cpu/linear.h"

namespace vitrine::kernels::cpu {

/// Of one row w[columns] with `count` rows of x: y[m * stride]. Precise path.
using PreciseRow = void (*)(const float* w, std::int64_t columns, const float* x, std::int64_t count,
                            float* y, std::int64_t stride, bool accumulate);

namespace scalar {
void quantize(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
              const ActivationRows& rows);
void multiply(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate);
void preciseRow(const float* w, std::int64_t columns, const float* x, std::int64_t count, float* y,
                std::int64_t stride, bool accumulate);
} // namespace scalar

namespace avx2 {
void quantize(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
              const ActivationRows& rows);
void multiply(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate);
void preciseRow(const float* w, std::int64_t columns, const float* x, std::int64_t count, float* y,
                std::int64_t stride, bool accumulate);
} // namespace avx2

namespace avxvnni {
void multiply(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate);
} // namespace avxvnni

namespace avx512 {
void quantize(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
              const ActivationRows& rows);
void preciseRow(const float* w, std::int64_t columns, const float* x, std::int64_t count, float* y,
                std::int64_t stride, bool accumulate);
} // namespace avx512

namespace avx512vnni {
void multiply(const PackedMatrix& w, const ActivationRows& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate);
} // namespace avx512vnni

namespace amx {
void convert(const float* x, std::int64_t row, std::int64_t firstColumn, std::int64_t endColumn,
             const ActivationTiles& rows);
void multiply(const PackedMatrix& w, const ActivationTiles& x, std::int64_t firstRow, std::int64_t count,
              std::int64_t firstPanel, std::int64_t endPanel, float* y, std::int64_t stride, bool accumulate);
} // namespace amx

} // namespace vitrine::kernels::cpu
