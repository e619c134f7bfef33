// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/stage_layers.h"

#include <algorithm>
#include <limits>
#include <string>

namespace vitrine::engine {

namespace {

std::uint64_t bytesOf(const LayerWeights& layer)
{
    std::uint64_t sum = 0;
    for (const WeightView* view :
         {&layer.q, &layer.k, &layer.v, &layer.output, &layer.gate, &layer.up, &layer.down, &layer.router,
          &layer.expertGate, &layer.expertUp, &layer.expertDown})
        if (*view)
            sum += view->rowBytes() * view->rows;
    return sum;
}

/// [layers + 1]: bytes of all layers before one.
std::vector<std::uint64_t> bytesBefore(const ModelWeights& weights)
{
    std::vector<std::uint64_t> before{0};
    for (const LayerWeights& layer : weights.layers)
        before.push_back(before.back() + bytesOf(layer));
    if (weights.head)
        before.back() += weights.head.rowBytes() * weights.head.rows;
    return before;
}

/// The least that the heaviest stage can have, where the first `end` layers make up some stages, and where
/// the last of these stages begins.
struct Cut
{
    std::uint64_t heaviest = std::numeric_limits<std::uint64_t>::max();
    std::uint32_t begin = 0;
};

/// [layers + 1] for one stage more than `fewer` is for.
std::vector<Cut> withOneMore(const std::vector<Cut>& fewer, const std::vector<std::uint64_t>& before)
{
    std::vector<Cut> cuts(before.size());
    for (std::uint32_t end = 1; end < before.size(); ++end)
        for (std::uint32_t begin = 0; begin < end; ++begin) {
            const std::uint64_t heaviest = std::max(fewer[begin].heaviest, before[end] - before[begin]);
            if (heaviest < cuts[end].heaviest)
                cuts[end] = {heaviest, begin};
        }
    return cuts;
}

} // namespace

Result<std::vector<LayerRange>> stageLayers(const ModelWeights& weights, std::uint32_t stages)
{
    const auto layers = static_cast<std::uint32_t>(weights.layers.size());
    if (stages < 1 || stages > layers)
        return invalidArgument("this model has " + std::to_string(layers) + " layers, which cannot make up " +
                               std::to_string(stages) + " stages; take 1 to " + std::to_string(layers));
    const std::vector<std::uint64_t> before = bytesBefore(weights);
    std::vector<std::vector<Cut>> best(1, std::vector<Cut>(before.size()));
    best[0][0].heaviest = 0; // no stage has no layers, and no others
    for (std::uint32_t stage = 0; stage < stages; ++stage)
        best.push_back(withOneMore(best.back(), before));
    std::vector<LayerRange> ranges(stages);
    std::uint32_t end = layers;
    for (std::uint32_t stage = stages; stage > 0; --stage) {
        const std::uint32_t begin = best[stage][end].begin;
        ranges[stage - 1] = {begin, end - begin};
        end = begin;
    }
    return ranges;
}

} // namespace vitrine::engine
