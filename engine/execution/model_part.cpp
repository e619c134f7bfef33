// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/model_part.h"

#include <string>
#include <utility>

#include "kernels/cpu/dequantize.h"

namespace vitrine::engine {

namespace {

template<class T>
std::vector<T> slice(const std::vector<T>& all, LayerRange layers)
{
    return {all.begin() + layers.first, all.begin() + layers.end()};
}

} // namespace

Result<LayerRange> ModelPart::layersIn(const Model& model, LayerRange range)
{
    const auto all = static_cast<std::uint32_t>(model.config().layers.size());
    if (range.first > 0 && range.first >= all)
        return invalidArgument("the model has " + std::to_string(all) + " layers and none of number " +
                               std::to_string(range.first));
    if (range.count == 0)
        range.count = all - range.first;
    if (range.count > all - range.first)
        return invalidArgument("the model has " + std::to_string(all) + " layers, not " +
                               std::to_string(range.count) + " from number " + std::to_string(range.first) +
                               " on");
    return range;
}

Result<std::shared_ptr<const ModelPart>> ModelPart::of(std::shared_ptr<const Model> model, LayerRange range)
{
    const Result<LayerRange> layers = layersIn(*model, range);
    if (!layers)
        return layers.error();
    return std::shared_ptr<const ModelPart>(new ModelPart(std::move(model), *layers));
}

Result<std::shared_ptr<const ModelPart>> ModelPart::shardOf(std::shared_ptr<const Model> model,
                                                            std::uint32_t rank, std::uint32_t ranks,
                                                            CutColumns& columns, LayerRange range)
{
    const Result<TensorShard> shard = tensorShard(model->config(), model->weights(), rank, ranks);
    if (!shard)
        return shard.error();
    const Result<LayerRange> layers = layersIn(*model, range);
    if (!layers)
        return layers.error();
    std::shared_ptr<ModelPart> part(new ModelPart(std::move(model), *layers));
    part->cut(*shard, columns);
    return std::shared_ptr<const ModelPart>(std::move(part));
}

void ModelPart::cut(const TensorShard& shard, CutColumns& columns)
{
    m_shard = shard;
    m_weights = shardWeights(m_config, std::move(m_weights), shard, columns);
    m_config = shardConfig(std::move(m_config), shard);
}

ModelPart::ModelPart(std::shared_ptr<const Model> model, LayerRange layers)
    : m_model(std::move(model)), m_layers(layers), m_config(m_model->config()), m_weights(m_model->weights()),
      m_columns(kvColumns(m_model->config(), layers))
{
    m_config.layers = slice(m_model->config().layers, layers);
    m_weights.layers = slice(m_model->weights().layers, layers);
    if (!begins())
        m_weights.tokenEmbedding = {};
    if (!ends()) {
        m_weights.outputNorm = {};
        m_weights.head = {};
    }
}

std::vector<float> ModelPart::ropeFactors() const
{
    const WeightView& view = m_weights.ropeFactors;
    std::vector<float> factors(view ? view.columns * view.rows : 0);
    if (view)
        kernels::cpu::dequantize(view.type, view.data, factors.data(), factors.size());
    return factors;
}

} // namespace vitrine::engine
