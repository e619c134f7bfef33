// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/cuda_workspace.h"

#include <algorithm>

#include "engine/cuda/cuda_status.h"
#include "engine/cuda/replace_buffer.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

CudaWorkspace::CudaWorkspace(const ModelConfig& config, cuda::Number number, std::size_t ropeKinds,
                             std::size_t scratchBytes)
    : m_hidden(config.hidden), m_headDim(config.headDim),
      m_qkvColumns((config.heads + 2 * std::int64_t{config.kvHeads}) * config.headDim),
      m_attendedColumns(std::int64_t{config.heads} * config.headDim), m_ffn(config.ffn),
      m_vocab(config.vocab), m_widest(std::max({m_hidden, m_attendedColumns, m_ffn})), m_number(number),
      m_ropeKinds(ropeKinds), m_scratchBytes(scratchBytes)
{}

std::vector<std::size_t> CudaWorkspace::sizes(const WorkShape& shape) const
{
    const auto count = [](std::int64_t rows, std::int64_t columns) {
        return static_cast<std::size_t>(rows * columns);
    };
    const std::size_t number = cuda::numberBytes(m_number);
    const cuda::QuantizedRowsBytes quantized = cuda::quantizedRowsBytes(shape.quantizedRows, m_widest);
    std::vector<std::size_t> sizes(Parts);
    sizes[Residual] = count(shape.tokens, m_hidden) * sizeof(float);
    sizes[Normed] = sizes[Projected] = count(shape.tokens, m_hidden) * number;
    sizes[Qkv] = count(shape.tokens, m_qkvColumns) * number;
    sizes[Attended] = count(shape.tokens, m_attendedColumns) * number;
    sizes[GateUp] = count(shape.tokens, 2 * m_ffn) * number;
    sizes[Gated] = count(shape.tokens, m_ffn) * number;
    sizes[Angles] = count(shape.tokens, m_headDim) * m_ropeKinds * sizeof(float);
    sizes[HeadInput] = count(shape.rows, m_hidden) * number;
    sizes[Logits] = count(shape.rows, m_vocab) * sizeof(float);
    sizes[Tokens] = count(shape.rows, 1) * sizeof(std::int32_t);
    sizes[Notes] = count(shape.rows, 1) * sizeof(cuda::RowNotes);
    sizes[Reports] = count(shape.rows, 1 + cuda::kMostAlternatives) * sizeof(cuda::TokenReport);
    sizes[Attention] = shape.attentionBytes;
    sizes[Scratch] = m_scratchBytes;
    sizes[Values] = quantized.values;
    sizes[Scales] = quantized.scales;
    sizes[Sums] = quantized.sums;
    return sizes;
}

bool CudaWorkspace::fits(const WorkShape& shape) const
{
    return m_memory && shape.tokens <= m_shape.tokens && shape.rows <= m_shape.rows &&
           shape.quantizedRows <= m_shape.quantizedRows && shape.attentionBytes <= m_shape.attentionBytes;
}

WorkShape CudaWorkspace::with(const WorkShape& shape) const
{
    return {std::max(shape.tokens, m_shape.tokens), std::max(shape.rows, m_shape.rows),
            std::max(shape.quantizedRows, m_shape.quantizedRows),
            std::max(shape.attentionBytes, m_shape.attentionBytes)};
}

std::uint64_t CudaWorkspace::bytesFor(const WorkShape& shape) const
{
    std::uint64_t bytes = 0;
    for (const std::size_t size : sizes(shape))
        bytes += cuda::aligned(size);
    return bytes;
}

Result<void> CudaWorkspace::ensure(const WorkShape& shape)
{
    if (fits(shape))
        return {};
    const WorkShape larger = with(shape);
    const std::uint64_t bytes = bytesFor(larger);
    ++m_generation;
    const cuda::Status taken = replaceBuffer(m_memory, bytes);
    if (!m_memory)
        m_shape = {};
    if (!taken)
        return resultOf(taken, "reserving " + std::to_string(bytes >> 20U) +
                                   " MiB of the GPU for a step of " + std::to_string(larger.tokens) +
                                   " tokens");
    m_shape = larger;
    m_offsets.clear();
    std::size_t offset = 0;
    for (const std::size_t size : sizes(larger)) {
        m_offsets.push_back(offset);
        offset += cuda::aligned(size);
    }
    return {};
}

cuda::QuantizedRows CudaWorkspace::quantized(std::int64_t columns) const
{
    return {at<std::int8_t>(Values), at<float>(Scales), at<float>(Sums), columns};
}

} // namespace vitrine::engine
