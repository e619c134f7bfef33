// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/kv_columns.h"

#include <algorithm>
#include <numeric>
#include <span>

namespace vitrine::engine {

namespace {

struct Kinds
{
    std::uint32_t full = 0, sliding = 0;
    std::uint32_t widest = 0; ///< window
};

Kinds kindsOf(std::span<const LayerConfig> layers)
{
    Kinds kinds;
    for (const LayerConfig& layer : layers) {
        ++(layer.slidingWindow > 0 ? kinds.sliding : kinds.full);
        kinds.widest = std::max(kinds.widest, layer.slidingWindow);
    }
    return kinds;
}

std::uint32_t divideUp(std::uint32_t a, std::uint32_t b)
{
    return (a + b - 1) / b;
}

KvShape shapeOf(const Kinds& model)
{
    if (model.full == 0 || model.sliding == 0)
        return {};
    const std::uint32_t together = std::gcd(model.full, model.sliding);
    return {model.full / together, model.sliding / together, model.widest};
}

} // namespace

KvColumns kvColumns(const ModelConfig& config, LayerRange range)
{
    const std::span<const LayerConfig> all(config.layers);
    const std::span<const LayerConfig> layers = all.subspan(range.first, range.count);
    KvColumns columns;
    columns.shape = shapeOf(kindsOf(all));
    const bool mixed = columns.shape.mixed();
    const Kinds own = kindsOf(layers);
    // Without a mix every layer is "full".
    const std::uint32_t inFull = divideUp(mixed ? own.full : own.full + own.sliding, columns.shape.fullPages);
    const std::uint32_t inWindow = mixed ? divideUp(own.sliding, columns.shape.windowPages) : 0;
    columns.layersPerPage = std::max(inFull, inWindow);
    std::uint32_t nextFull = 0, nextSliding = 0;
    for (const LayerConfig& layer : layers) {
        const bool slides = mixed && layer.slidingWindow > 0;
        const std::uint32_t place = slides ? nextSliding++ : nextFull++;
        const std::uint32_t together = slides ? inWindow : inFull;
        columns.column.push_back((slides ? columns.shape.fullPages : 0) + place / together);
        columns.inPage.push_back(place % together);
    }
    return columns;
}

KvColumns kvColumns(const ModelConfig& config)
{
    return kvColumns(config, {0, static_cast<std::uint32_t>(config.layers.size())});
}

} // namespace vitrine::engine
