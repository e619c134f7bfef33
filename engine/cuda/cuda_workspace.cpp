// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/cuda_workspace.h"

#include <algorithm>

#include "engine/cuda/cuda_status.h"
#include "engine/cuda/replace_buffer.h"
#include "kernels/cuda/expert_product.h"

namespace vitrine::engine {

namespace cuda = kernels::cuda;

namespace {

std::size_t product(std::int64_t rows, std::int64_t columns)
{
    return static_cast<std::size_t>(rows * columns);
}

/// Of layers with one feed-forward network; 0 where all have experts.
std::int64_t denseFfn(const ModelConfig& config)
{
    const bool dense = std::any_of(config.layers.begin(), config.layers.end(),
                                   [](const LayerConfig& layer) { return !layer.hasExperts; });
    return dense ? config.ffn : 0;
}

} // namespace

CudaWorkspace::CudaWorkspace(const ModelConfig& config, const TensorShard& shard, cuda::Number number,
                             std::size_t ropeKinds, std::size_t scratchBytes)
    : m_hidden(config.hidden), m_headDim(config.headDim),
      m_qkvColumns((config.heads + 2 * std::int64_t{config.kvHeads}) * config.headDim),
      m_attendedColumns(std::int64_t{config.heads} * config.headDim), m_ffn(denseFfn(config)),
      m_vocab(shard.rank == 0 ? config.vocab : shard.vocab.count),
      m_gathered(shard.whole() ? 0 : m_vocab - shard.vocab.count),
      m_widest(std::max({m_hidden, m_attendedColumns, m_ffn})), m_experts(config.experts), m_number(number),
      m_ropeKinds(ropeKinds), m_scratchBytes(scratchBytes)
{}

std::vector<std::size_t> CudaWorkspace::sizes(const WorkShape& shape) const
{
    const std::size_t number = cuda::numberBytes(m_number);
    std::vector<std::size_t> sizes(Parts);
    sizes[Residual] = product(shape.tokens, m_hidden) * sizeof(float);
    sizes[Normed] = sizes[Projected] = product(shape.tokens, m_hidden) * number;
    sizes[Qkv] = product(shape.tokens, m_qkvColumns) * number;
    sizes[Attended] = product(shape.tokens, m_attendedColumns) * number;
    sizes[Angles] = product(shape.tokens, m_headDim) * m_ropeKinds * sizeof(float);
    sizes[HeadInput] = product(shape.rows, m_hidden) * number;
    sizes[Logits] = product(shape.rows, m_vocab) * sizeof(float);
    sizes[Gathered] = product(shape.rows, m_gathered) * sizeof(float);
    sizes[Tokens] = product(shape.rows, 1) * sizeof(std::int32_t);
    sizes[Notes] = product(shape.rows, 1) * sizeof(cuda::RowNotes);
    sizes[Reports] = product(shape.rows, 1 + cuda::kMostAlternatives) * sizeof(cuda::TokenReport);
    sizes[Attention] = shape.attentionBytes;
    sizes[Scratch] = m_scratchBytes;
    addFeedForward(shape.tokens, sizes);
    addQuantized(shape, sizes);
    addExperts(shape.tokens, sizes);
    return sizes;
}

void CudaWorkspace::addFeedForward(std::int64_t tokens, std::vector<std::size_t>& sizes) const
{
    const std::size_t values =
        std::max(product(tokens, m_ffn), product(tokens * m_experts.perToken, std::int64_t{m_experts.ffn}));
    sizes[Gated] = values * cuda::numberBytes(m_number);
    sizes[GateUp] = 2 * sizes[Gated];
}

/// Experts multiply all tokens of a step as int8: there is no way through cuBLAS for them.
void CudaWorkspace::addQuantized(const WorkShape& shape, std::vector<std::size_t>& sizes) const
{
    std::size_t values = product(shape.quantizedRows, m_widest);
    if (m_experts.count > 0 && m_number == cuda::Number::BF16)
        values = std::max({values, product(shape.tokens, m_hidden),
                           product(shape.tokens * m_experts.perToken, std::int64_t{m_experts.ffn})});
    const cuda::QuantizedRowsBytes bytes = cuda::quantizedRowsBytes(1, static_cast<std::int64_t>(values));
    sizes[Values] = bytes.values;
    sizes[Scales] = bytes.scales;
    sizes[Sums] = bytes.sums;
}

void CudaWorkspace::addExperts(std::int64_t tokens, std::vector<std::size_t>& sizes) const
{
    if (m_experts.count == 0)
        return;
    const std::int64_t pairs = tokens * m_experts.perToken, experts = m_experts.count;
    sizes[RouterInput] = m_number == cuda::Number::BF16 ? product(tokens, m_hidden) * sizeof(float) : 0;
    sizes[RouterLogits] = product(tokens, experts) * sizeof(float);
    sizes[Chosen] = sizes[Order] = product(pairs, 1) * sizeof(std::int32_t);
    sizes[PairWeights] = product(pairs, 1) * sizeof(float);
    sizes[ExpertOut] = product(pairs, m_hidden) * cuda::numberBytes(m_number);
    sizes[Tiles] =
        product(cuda::mostExpertTiles(pairs, experts, cuda::kFewGroupPairs), sizeof(cuda::ExpertTile));
    sizes[TileCount] = sizeof(std::int32_t);
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

cuda::ExpertGroups CudaWorkspace::groups(std::int64_t tilePairs) const
{
    return {at<std::int32_t>(Order), at<cuda::ExpertTile>(Tiles), at<std::int32_t>(TileCount), tilePairs};
}

} // namespace vitrine::engine
