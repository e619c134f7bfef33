// SPDX-License-Identifier: GPL-3.0-or-later
// The weights of one rank's shard of a model. Rows of a matrix are views of the file; columns are copied, in
// the format of the file. Immutable once built; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/model/model_config.h"
#include "engine/model/weights.h"
#include "engine/parallel/tensor_shard.h"

namespace vitrine::engine {

/// Copies of columns, which views point to: they are of use as long as these.
using CutColumns = std::vector<std::vector<std::uint8_t>>;

/// As if the model had only these heads and columns. The vocabulary stays whole: its tokens come in; so does
/// the number of experts, among which each rank chooses for itself.
ModelConfig shardConfig(ModelConfig config, const TensorShard& shard);

/// REQUIRES: `shard` is of this model.
ModelWeights shardWeights(const ModelConfig& config, ModelWeights weights, const TensorShard& shard,
                          CutColumns& copies);

} // namespace vitrine::engine
