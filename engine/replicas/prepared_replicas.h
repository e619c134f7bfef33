// SPDX-License-Identifier: GPL-3.0-or-later
// Several replicas of a model, ready to serve: the file is described and the weights are packed once, each
// has a KV cache and compute threads of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/prepared_model.h"

namespace vitrine::engine {

/// Threads that options ask for, and memory where no number of blocks is given, are shared out; a number of
/// blocks is each one's. Blocking; any thread but the UI's. A failure leaves nothing behind.
/// REQUIRES: count ≥ 1.
Result<std::vector<PreparedModel>> prepareReplicas(const std::string& path, const EngineOptions& options,
                                                   std::uint32_t count, const LoadProgress& progress = {});

} // namespace vitrine::engine
