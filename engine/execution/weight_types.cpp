// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/weight_types.h"

#include <string>

#include "kernels/cpu/dequantize.h"

namespace vitrine::engine {

namespace cpu = kernels::cpu;

namespace {

Result<void> checkType(const WeightView& view)
{
    if (!view || cpu::canDequantize(view.type))
        return {};
    return badInput("tensor " + std::string(view.name) + " has the element type " +
                    std::to_string(static_cast<std::uint32_t>(view.type)) +
                    ", which this version cannot compute with; take the model in another quantisation");
}

} // namespace

Result<void> checkWeightTypes(const ModelWeights& weights)
{
    for (const WeightView* view :
         {&weights.tokenEmbedding, &weights.outputNorm, &weights.head, &weights.ropeFactors})
        if (Result<void> known = checkType(*view); !known)
            return known;
    for (const LayerWeights& l : weights.layers) {
        for (const WeightView* view : {&l.attentionNorm,
                                       &l.q,
                                       &l.k,
                                       &l.v,
                                       &l.qNorm,
                                       &l.kNorm,
                                       &l.output,
                                       &l.postAttentionNorm,
                                       &l.ffnNorm,
                                       &l.gate,
                                       &l.up,
                                       &l.down,
                                       &l.postFfnNorm,
                                       &l.router,
                                       &l.expertGate,
                                       &l.expertUp,
                                       &l.expertDown,
                                       &l.qBias,
                                       &l.kBias,
                                       &l.vBias,
                                       &l.outputBias,
                                       &l.gateBias,
                                       &l.upBias,
                                       &l.downBias,
                                       &l.sinks,
                                       &l.routerBias,
                                       &l.expertGateBias,
                                       &l.expertUpBias,
                                       &l.expertDownBias})
            if (Result<void> known = checkType(*view); !known)
                return known;
    }
    return {};
}

} // namespace vitrine::engine
