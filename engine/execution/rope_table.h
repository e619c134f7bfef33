// SPDX-License-Identifier: GPL-3.0-or-later
// Cosines and sines of the rotary position embedding for the tokens of a step, once for each kind of rope
// that the layers use. Angles are computed in double. Immutable but for the buffer that fill() writes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/model/model_config.h"

namespace vitrine::engine {

class RopeTable
{
public:
    RopeTable(const ModelConfig& config, std::span<const float> factors);

    std::size_t kinds() const { return m_frequencies.size(); }
    /// Which kind a layer uses; -1: none.
    int kind(std::size_t layer) const { return m_kindOfLayer[layer]; }
    /// Cosines [dim()], then sines [dim()], as VectorOperations' rope functions take them.
    void fill(std::size_t kind, std::int32_t position, float* row) const;
    std::size_t rowFloats() const { return 2 * m_dim; }
    std::size_t dim() const { return m_dim; } ///< elements of a head that rotate
    /// [dim() / 2], radians a position; the scale of positions is in them.
    std::span<const double> frequencies(std::size_t kind) const { return m_frequencies[kind]; }
    float magnitude(std::size_t kind) const { return m_kinds[kind].ropeMagnitude; } ///< of cosines and sines

private:
    int kindFor(const LayerConfig& layer, std::span<const float> factors);

    std::size_t m_dim;
    RopePairing m_pairing;
    std::vector<LayerConfig> m_kinds;
    std::vector<std::vector<double>> m_frequencies; // [kind][dim / 2]
    std::vector<int> m_kindOfLayer;
};

} // namespace vitrine::engine
