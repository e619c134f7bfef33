// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/rope_table.h"

#include <cmath>

namespace vitrine::engine {

RopeTable::RopeTable(const ModelConfig& config, std::span<const float> factors)
    : m_headDim(config.headDim), m_pairing(config.ropePairing)
{
    for (const LayerConfig& layer : config.layers)
        m_kindOfLayer.push_back(layer.useRope ? kindFor(layer, factors) : -1);
}

int RopeTable::kindFor(const LayerConfig& layer, std::span<const float> factors)
{
    for (std::size_t i = 0; i < m_kinds.size(); ++i)
        if (m_kinds[i].ropeBase == layer.ropeBase && m_kinds[i].ropeScale == layer.ropeScale)
            return static_cast<int>(i);
    m_kinds.push_back(layer);
    std::vector<double>& frequencies = m_frequencies.emplace_back(m_headDim / 2);
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        const double exponent = -2.0 * static_cast<double>(i) / static_cast<double>(m_headDim);
        frequencies[i] = std::pow(static_cast<double>(layer.ropeBase), exponent) * layer.ropeScale;
        if (i < factors.size())
            frequencies[i] /= factors[i];
    }
    return static_cast<int>(m_kinds.size()) - 1;
}

void RopeTable::fill(std::size_t kind, std::int32_t position, float* row) const
{
    const std::size_t half = m_headDim / 2;
    const bool interleaved = m_pairing == RopePairing::Interleaved;
    float* sines = row + m_headDim;
    for (std::size_t i = 0; i < half; ++i) {
        const double angle = position * m_frequencies[kind][i];
        const std::size_t a = interleaved ? 2 * i : i;
        const std::size_t b = interleaved ? 2 * i + 1 : i + half;
        row[a] = row[b] = static_cast<float>(std::cos(angle));
        sines[b] = static_cast<float>(std::sin(angle));
        sines[a] = -sines[b];
    }
}

} // namespace vitrine::engine
