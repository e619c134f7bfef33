// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/model_work.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "engine/execution/cpu_weights.h"
#include "kernels/cpu/isa.h"
#include "kernels/cpu/linear.h"

namespace vitrine::engine {

namespace {

struct Sizes
{
    double bytes = 0.0, values = 0.0;
};

Sizes sizesOf(std::initializer_list<const WeightView*> views)
{
    Sizes sizes;
    for (const WeightView* view : views)
        if (*view) {
            sizes.bytes += static_cast<double>(view->rowBytes() * view->rows);
            sizes.values += static_cast<double>(view->rows * view->columns);
        }
    return sizes;
}

PartWork workOf(const LayerWeights& layer, const ExpertConfig& experts)
{
    const double chosen = experts.count == 0 ? 0.0 : double(experts.perToken) / double(experts.count);
    const Sizes all = sizesOf(
        {&layer.q, &layer.k, &layer.v, &layer.output, &layer.gate, &layer.up, &layer.down, &layer.router});
    const Sizes mixture = sizesOf({&layer.expertGate, &layer.expertUp, &layer.expertDown});
    return {all.bytes + mixture.bytes, mixture.bytes, all.values + chosen * mixture.values};
}

void scale(PartWork& part, double factor)
{
    part.bytes *= factor;
    part.expertBytes *= factor;
}

} // namespace

double ModelWork::bytesRead(const PartWork& part, double tokens) const
{
    if (experts.count == 0)
        return part.bytes;
    const double leftOut = std::pow(1.0 - double(experts.perToken) / double(experts.count), tokens);
    return part.bytes - part.expertBytes * leftOut;
}

double ModelWork::layerMultiplyAdds() const
{
    double sum = 0.0;
    for (const PartWork& layer : layers)
        sum += layer.multiplyAdds;
    return sum;
}

double ModelWork::bytes() const
{
    double sum = head.bytes;
    for (const PartWork& layer : layers)
        sum += layer.bytes;
    return sum;
}

ModelWork workOf(const Model& model)
{
    const ModelConfig& config = model.config();
    ModelWork work;
    work.hidden = config.hidden;
    work.experts = config.experts;
    work.kvBytesPerToken = 4.0 * config.kvHeads * config.headDim * double(config.layers.size());
    for (const LayerWeights& layer : model.weights().layers)
        work.layers.push_back(workOf(layer, config.experts));
    const Sizes head = sizesOf({&model.weights().head});
    work.head = {head.bytes, 0.0, head.values};
    namespace cpu = kernels::cpu;
    const double inFile = work.bytes();
    const auto packed =
        static_cast<double>(weightBytesFor(model.weights(), cpu::linearOperations(cpu::selectedIsa())));
    for (PartWork& layer : work.layers)
        scale(layer, packed / std::max(inFile, 1.0));
    scale(work.head, packed / std::max(inFile, 1.0));
    return work;
}

} // namespace vitrine::engine
