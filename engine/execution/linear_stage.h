// SPDX-License-Identifier: GPL-3.0-or-later
// Products of a step's activations with matrices, packed or precise, and how output rows are shared out.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "engine/execution/cpu_weights.h"
#include "engine/execution/step_context.h"
#include "engine/execution/workspace.h"

namespace vitrine::engine {

/// y[m * stride + n] for row m of the input and row n of the matrix.
struct Product
{
    const CpuMatrix& matrix;
    float* y = nullptr;
    std::int64_t stride = 0;
    bool accumulate = false;
};

/// The rank's share, by bytes of weights, of several products of these rows of the same input.
void multiplyShare(const CpuOperations& operations, std::initializer_list<Product> products,
                   const Activations& input, Range rows, std::uint32_t rank, std::uint32_t ranks,
                   float* weightRow);

/// Input rows [firstRow, firstRow + count) with panels [firstPanel, endPanel); y[m * stride + n] with m and n
/// counted from firstRow and from the first row of firstPanel.
void multiplyBlock(const CpuOperations& operations, const CpuMatrix& matrix, const Activations& input,
                   std::int64_t firstRow, std::int64_t count, std::int64_t firstPanel, std::int64_t endPanel,
                   float* y, std::int64_t stride, bool accumulate, float* weightRow);

/// The step's form of columns [firstColumn, endColumn) of one row, if its columns divide into groups.
/// x[0] is column firstColumn.
void convertColumns(const CpuOperations& operations, const Activations& rows, std::int64_t row,
                    const float* x, std::int64_t firstColumn, std::int64_t endColumn);

} // namespace vitrine::engine
