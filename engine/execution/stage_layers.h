// SPDX-License-Identifier: GPL-3.0-or-later
// Where a model is cut into stages: consecutive layers with about as many bytes of weights each, since that
// is what a step reads. The output matrix counts with the last layer; the token embedding does not, for only
// a row of it is looked up for each token. The same on every process. Arithmetic only; any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/layer_range.h"
#include "engine/model/weights.h"

namespace vitrine::engine {

/// [stages], each with a layer at least. InvalidArgument: there are fewer layers than stages.
Result<std::vector<LayerRange>> stageLayers(const ModelWeights& weights, std::uint32_t stages);

} // namespace vitrine::engine
