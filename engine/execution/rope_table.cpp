// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/rope_table.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitrine::engine {

namespace {

bool isSameKind(const LayerConfig& a, const LayerConfig& b)
{
    return a.ropeBase == b.ropeBase && a.ropeScale == b.ropeScale && a.ropeMagnitude == b.ropeMagnitude &&
           a.yarn == b.yarn;
}

/// The pair, as a real number, that turns so often within the original context.
double pairThatTurns(double times, const LayerConfig& layer, double dim)
{
    return dim * std::log(layer.yarn.originalContext / (times * 2.0 * std::numbers::pi)) /
           (2.0 * std::log(double{layer.ropeBase}));
}

/// How much of a pair's own frequency stays, the rest being divided by YaRN's factor.
double shareKept(std::size_t pair, const LayerConfig& layer, double dim)
{
    double first = pairThatTurns(layer.yarn.betaFast, layer, dim);
    double last = pairThatTurns(layer.yarn.betaSlow, layer, dim);
    if (layer.yarn.wholePairs) {
        first = std::floor(first);
        last = std::ceil(last);
    }
    first = std::max(first, 0.0);
    last = std::min(last, dim - 1.0);
    constexpr double kShortest = 0.001; // a ramp of no length would divide by 0
    const double ramp = (static_cast<double>(pair) - first) / std::max(last - first, kShortest);
    return 1.0 - std::clamp(ramp, 0.0, 1.0);
}

} // namespace

RopeTable::RopeTable(const ModelConfig& config, std::span<const float> factors)
    : m_dim(config.rotated()), m_pairing(config.ropePairing)
{
    for (const LayerConfig& layer : config.layers)
        m_kindOfLayer.push_back(layer.useRope ? kindFor(layer, factors) : -1);
}

int RopeTable::kindFor(const LayerConfig& layer, std::span<const float> factors)
{
    for (std::size_t i = 0; i < m_kinds.size(); ++i)
        if (isSameKind(m_kinds[i], layer))
            return static_cast<int>(i);
    m_kinds.push_back(layer);
    std::vector<double>& frequencies = m_frequencies.emplace_back(m_dim / 2);
    const auto dim = static_cast<double>(m_dim);
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        const double exponent = -2.0 * static_cast<double>(i) / dim;
        frequencies[i] = std::pow(static_cast<double>(layer.ropeBase), exponent) * layer.ropeScale;
        if (layer.yarn.factor != 1.0F) {
            const double kept = shareKept(i, layer, dim);
            frequencies[i] *= kept + (1.0 - kept) / layer.yarn.factor;
        }
        if (i < factors.size())
            frequencies[i] /= factors[i];
    }
    return static_cast<int>(m_kinds.size()) - 1;
}

void RopeTable::fill(std::size_t kind, std::int32_t position, float* row) const
{
    const std::size_t half = m_dim / 2;
    const bool interleaved = m_pairing == RopePairing::Interleaved;
    const double magnitude = m_kinds[kind].ropeMagnitude;
    float* sines = row + m_dim;
    for (std::size_t i = 0; i < half; ++i) {
        const double angle = position * m_frequencies[kind][i];
        const std::size_t a = interleaved ? 2 * i : i;
        const std::size_t b = interleaved ? 2 * i + 1 : i + half;
        row[a] = row[b] = static_cast<float>(std::cos(angle) * magnitude);
        sines[b] = static_cast<float>(std::sin(angle) * magnitude);
        sines[a] = -sines[b];
    }
}

} // namespace vitrine::engine
