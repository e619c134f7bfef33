// SPDX-License-Identifier: GPL-3.0-or-later
// What one executor computes of a model: consecutive layers, numbered from 0 here, with the token embedding
// where they begin the model and the head where they end it. Views only, nothing is read. Immutable and
// shared; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/kv_columns.h"
#include "engine/execution/layer_range.h"
#include "engine/execution/shard_weights.h"
#include "engine/model/model.h"
#include "engine/parallel/tensor_shard.h"

namespace vitrine::engine {

class ModelPart
{
public:
    /// InvalidArgument: the model has no such layers.
    static Result<std::shared_ptr<const ModelPart>> of(std::shared_ptr<const Model> model, LayerRange range);
    /// Of all layers or some, one rank's shard, which looks like a smaller model; `columns` has what some of
    /// its views point to. InvalidArgument as tensorShard() and of().
    static Result<std::shared_ptr<const ModelPart>> shardOf(std::shared_ptr<const Model> model,
                                                            std::uint32_t rank, std::uint32_t ranks,
                                                            CutColumns& columns, LayerRange range = {});

    const Model& model() const { return *m_model; }        ///< the whole
    const ModelConfig& config() const { return m_config; } ///< the model's, with the part's layers only
    /// Of the part's layers; views that it does not need are empty.
    const ModelWeights& weights() const { return m_weights; }
    const KvColumns& columns() const { return m_columns; } ///< by the part's layers
    LayerRange layers() const { return m_layers; }         ///< in the model; the count is theirs
    const TensorShard& shard() const { return m_shard; }
    bool begins() const { return m_layers.first == 0; }
    /// Columns of the hidden rows that a step begins with; 0: it begins with tokens.
    std::uint32_t hiddenIn() const { return begins() ? 0 : m_config.hidden; }
    std::vector<float> ropeFactors() const; ///< empty: none
    bool ends() const { return m_layers.end() == m_model->config().layers.size(); }

private:
    ModelPart(std::shared_ptr<const Model> model, LayerRange layers);
    /// Those meant by a count of 0 too. InvalidArgument as of().
    static Result<LayerRange> layersIn(const Model& model, LayerRange range);
    void cut(const TensorShard& shard, CutColumns& columns);

    std::shared_ptr<const Model> m_model;
    LayerRange m_layers;
    ModelConfig m_config;
    ModelWeights m_weights;
    KvColumns m_columns;
    TensorShard m_shard;
};

} // namespace vitrine::engine
