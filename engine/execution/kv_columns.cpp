// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/kv_columns.h"

#include <algorithm>
#include <numeric>

namespace vitrine::engine {

KvColumns kvColumns(const ModelConfig& config)
{
    KvColumns columns;
    std::uint32_t sliding = 0, widest = 0;
    for (const LayerConfig& layer : config.layers) {
        sliding += layer.slidingWindow > 0 ? 1 : 0;
        widest = std::max(widest, layer.slidingWindow);
    }
    const auto layers = static_cast<std::uint32_t>(config.layers.size());
    const std::uint32_t full = layers - sliding;
    const bool mixed = sliding > 0 && full > 0;
    columns.layersPerPage = mixed ? std::gcd(full, sliding) : layers;
    if (mixed)
        columns.shape = {full / columns.layersPerPage, sliding / columns.layersPerPage, widest};
    std::uint32_t nextFull = 0, nextSliding = full;
    for (const LayerConfig& layer : config.layers) {
        const std::uint32_t place = mixed && layer.slidingWindow > 0
                                        ? nextSliding++
                                        : nextFull++; // without a mix every layer is "full"
        columns.column.push_back(place / columns.layersPerPage);
        columns.inPage.push_back(place % columns.layersPerPage);
    }
    return columns;
}

} // namespace vitrine::engine
