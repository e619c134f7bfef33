// SPDX-License-Identifier: GPL-3.0-or-later
// The tensor names that GGUF files of plain decoder-only models share.
#pragma once

#include "engine/model/model_config.h"
#include "engine/model/weight_reader.h"

namespace vitrine::engine {

/// Embedding, norms, attention and gated feed-forward or experts, with the optional parts that `config`
/// names, and biases, sinks and factors where the file has some. Queries, keys and values may lie in one
/// matrix, gate and up too. The head is the token embedding where the file has no "output.weight".
ModelWeights readStandardWeights(WeightReader& reader, const ModelConfig& config);
/// Nothing else: Family::weights of most.
Result<ModelWeights> standardWeights(const GgufFile& file, const ModelConfig& config);

} // namespace vitrine::engine
