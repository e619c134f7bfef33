// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/cuda_workspace.h"

#include <algorithm>

#include "engine/cuda/cuda_status.h"

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

Result<void> CudaWorkspace::ensure(const WorkShape& shape)
{
    if (fits(shape))
        return {};
    const WorkShape larger{std::max(shape.tokens, m_shape.tokens), std::max(shape.rows, m_shape.rows),
                           std::max(shape.quantizedRows, m_shape.quantizedRows),
                           std::max(shape.attentionBytes, m_shape.attentionBytes)};
    std::vector<std::size_t> offsets;
    std::size_t bytes = 0;
    for (const std::size_t size : sizes(larger)) {
        offsets.push_back(bytes);
        bytes += cuda::aligned(size);
    }
    ++m_generation;
    m_shape = {};
    m_offsets = std::move(offsets);
    const std::string doing = "reserving " + std::to_string(bytes >> 20U) + " MiB of the GPU for a step of " +
                              std::to_string(larger.tokens) + " tokens";
    Result<void> taken = resultOf(m_memory.allocate(bytes), doing);
    if (taken)
        m_shape = larger;
    return taken;
}

cuda::QuantizedRows CudaWorkspace::quantized(std::int64_t columns) const
{
    return {at<std::int8_t>(Values), at<float>(Scales), at<float>(Sums), columns};
}

} // namespace vitrine::engine
