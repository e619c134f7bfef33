// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a model's weights a step reads. Pure; any thread.
#pragma once

#include <cstdint>

#include "engine/execution/executor.h"
#include "engine/model/model_config.h"

namespace vitrine::engine {

/// Bytes of weights in a step of this many tokens: all of them, but of a mixture only the experts that
/// somebody chose, on average where each token chooses for itself and every expert as often as another.
double weightBytesRead(const ExecutorInfo& info, const ExpertConfig& experts, double tokens);

} // namespace vitrine::engine
