// SPDX-License-Identifier: GPL-3.0-or-later
// Whether executors can compute with what a file holds. Reads no weights; any thread.
#pragma once

#include "engine/base/result.h"
#include "engine/model/weights.h"

namespace vitrine::engine {

/// BadInput names the first tensor whose element type nobody can dequantise.
Result<void> checkWeightTypes(const ModelWeights& weights);

} // namespace vitrine::engine
