// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/linear_stage.h"

#include <algorithm>

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

// Input rows taken together, so that their int8 form stays in the second-level cache.
constexpr std::int64_t kRowsTogether = 256;

/// Panels of `matrix` before byte `cut` of the products, of which the matrix starts at byte `start`.
std::int64_t panelsBefore(const CpuMatrix& matrix, std::size_t start, std::size_t cut)
{
    if (cut <= start)
        return 0;
    const auto panels =
        static_cast<std::int64_t>((cut - start + matrix.panelBytes() / 2) / matrix.panelBytes());
    return std::min(panels, matrix.panels());
}

void multiplyPanels(const CpuOperations& operations, const Product& product, const Activations& input,
                    Range rows, std::int64_t firstPanel, std::int64_t endPanel, float* weightRow)
{
    if (firstPanel >= endPanel)
        return;
    const std::int64_t together = input.inTiles ? rows.end - rows.begin : kRowsTogether;
    for (std::int64_t row = rows.begin; row < rows.end; row += together)
        multiplyBlock(operations, product.matrix, input, row, std::min(together, rows.end - row), firstPanel,
                      endPanel, product.y + row * product.stride + firstPanel * cpu::kPanelRows,
                      product.stride, product.accumulate, weightRow);
}

} // namespace

void multiplyShare(const CpuOperations& operations, std::initializer_list<Product> products,
                   const Activations& input, Range rows, std::uint32_t rank, std::uint32_t ranks,
                   float* weightRow)
{
    std::size_t total = 0;
    for (const Product& product : products)
        total += product.matrix.panelBytes() * static_cast<std::size_t>(product.matrix.panels());
    const std::size_t begin = total * rank / ranks;
    const std::size_t end = total * (rank + 1) / ranks;
    std::size_t start = 0;
    for (const Product& product : products) {
        const CpuMatrix& matrix = product.matrix;
        const std::int64_t last = rank + 1 == ranks ? matrix.panels() : panelsBefore(matrix, start, end);
        multiplyPanels(operations, product, input, rows, panelsBefore(matrix, start, begin), last, weightRow);
        start += matrix.panelBytes() * static_cast<std::size_t>(matrix.panels());
    }
}

void multiplyBlock(const CpuOperations& operations, const CpuMatrix& matrix, const Activations& input,
                   std::int64_t firstRow, std::int64_t count, std::int64_t firstPanel, std::int64_t endPanel,
                   float* y, std::int64_t stride, bool accumulate, float* weightRow)
{
    const std::int64_t firstOutput = firstPanel * cpu::kPanelRows;
    if (matrix.isPacked()) {
        cpu::PackedMatrix part = matrix.packed;
        part.data += static_cast<std::size_t>(firstPanel) * part.panelBytes;
        part.rows -= firstOutput;
        if (input.inTiles)
            operations.linear.manyRows->multiply(part, input.tiles, firstRow, count, 0, endPanel - firstPanel,
                                                 y, stride, accumulate);
        else
            operations.linear.multiply(part, input.quantized, firstRow, count, 0, endPanel - firstPanel, y,
                                       stride, accumulate);
        return;
    }
    const std::int64_t endOutput = std::min(endPanel * cpu::kPanelRows, matrix.rows());
    const std::uint8_t* rows =
        matrix.source.data + static_cast<std::size_t>(firstOutput) * matrix.source.rowBytes();
    cpu::linearPrecise(operations.isa, matrix.source.type, rows, matrix.columns(), 0, endOutput - firstOutput,
                       input.row(firstRow), count, y, stride, accumulate, weightRow);
}

void convertColumns(const CpuOperations& operations, const Activations& rows, std::int64_t row,
                    const float* x, std::int64_t firstColumn, std::int64_t endColumn)
{
    if (!rows.canConvert())
        return;
    const std::int64_t columns = endColumn - firstColumn;
    const std::int64_t group = firstColumn / cpu::kActivationGroup;
    if (rows.inTiles) { // in both forms the same rows, seen from firstColumn on
        const cpu::ActivationTiles part = {rows.tiles.columns,
                                           rows.tiles.tiles + group * cpu::kActivationTileBytes};
        operations.linear.manyRows->convert(x, row, 0, columns, part);
    } else {
        const cpu::ActivationRows part = {rows.quantized.columns, rows.quantized.groups + group};
        operations.linear.quantize(x, row, 0, columns, part);
    }
}

} // namespace vitrine::engine
