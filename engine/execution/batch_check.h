// SPDX-License-Identifier: GPL-3.0-or-later
// Checks the invariants of a ForwardBatch before anything reads memory by its numbers. Costs microseconds.
#pragma once

#include <cstdint>
#include <string>

#include "engine/execution/executor.h"
#include "engine/execution/forward_batch.h"
#include "engine/execution/kv_shape.h"

namespace vitrine::engine {

struct BatchLimits
{
    KvPlan kv;
    std::uint32_t vocab = 0;
    KvShape shape = {};
    std::size_t fedTokens = 0; ///< rows of the step under way, whose tokens may be named
    std::size_t hiddenIn = 0;  ///< columns of the hidden rows that a step begins with; 0: it has none
    bool head = true;          ///< logits can be asked for
};

/// Empty when the batch holds what forward_batch.h promises, else what is wrong.
std::string batchViolation(const ForwardBatch& batch, const BatchLimits& limits);

} // namespace vitrine::engine
