// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_mass.h"

#include <algorithm>
#include <cmath>

#include "kernels/cpu/attention.h"

namespace vitrine::engine {

void AttentionMass::prepare(const ForwardBatch& batch, const ModelConfig& config, const ModelConfig& whole)
{
    m_rows.clear();
    if (batch.massRows.empty())
        return;
    const auto full = std::count_if(whole.layers.begin(), whole.layers.end(),
                                    [](const LayerConfig& layer) { return layer.slidingWindow == 0; });
    const auto counting = full > 0 ? static_cast<std::size_t>(full) : whole.layers.size();
    m_part.clear();
    std::int32_t parts = 0;
    for (const LayerConfig& layer : config.layers)
        m_part.push_back(full == 0 || layer.slidingWindow == 0 ? parts++ : -1);
    m_kvHeads = config.kvHeads;
    m_blockSize = batch.blockSize;
    m_partsPerRow = static_cast<std::size_t>(parts) * m_kvHeads;
    m_share = 1.0F / (static_cast<float>(counting) * static_cast<float>(config.heads));
    std::size_t floats = 0;
    for (const std::int32_t sequence : batch.massRows) {
        const auto keys = static_cast<std::size_t>(batch.contextLengths[static_cast<std::size_t>(sequence)]);
        const std::size_t blocks = (keys + m_blockSize - 1) / m_blockSize;
        m_rows.push_back({static_cast<std::size_t>(sequence), blocks, floats});
        floats += blocks * m_partsPerRow;
    }
    m_parts.assign(floats, 0.0F);
}

void AttentionMass::add(std::size_t row, std::size_t layer, std::size_t kvHead, std::span<const float> scores,
                        std::size_t heads, const float* sinks)
{
    const std::size_t part = static_cast<std::size_t>(m_part[layer]) * m_kvHeads + kvHead;
    float* mass = m_parts.data() + m_rows[row].first + part * m_rows[row].blocks;
    const std::size_t keys = scores.size() / heads;
    for (std::size_t head = 0; head < heads; ++head) {
        const std::span<const float> own = scores.subspan(head * keys, keys);
        const float maximum = *std::max_element(own.begin(), own.end());
        float sum = sinks == nullptr ? 0.0F : std::exp(sinks[head] - maximum);
        for (const float score : own)
            sum += score > kernels::cpu::kNoScore ? std::exp(score - maximum) : 0.0F;
        for (std::size_t key = 0; key < keys; ++key)
            if (own[key] > kernels::cpu::kNoScore)
                mass[key / m_blockSize] += m_share * std::exp(own[key] - maximum) / sum;
    }
}

std::span<const float> AttentionMass::at(std::size_t row) const
{
    const Row& wanted = m_rows[row];
    m_result.assign(wanted.blocks, 0.0F);
    for (std::size_t part = 0; part < m_partsPerRow; ++part)
        for (std::size_t block = 0; block < wanted.blocks; ++block)
            m_result[block] += m_parts[wanted.first + part * wanted.blocks + block];
    return m_result;
}

} // namespace vitrine::engine
