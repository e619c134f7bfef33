// SPDX-License-Identifier: GPL-3.0-or-later
// Checks the invariants of a ForwardBatch before anything reads memory by its numbers. Costs microseconds.
#pragma once

#include <cstdint>
#include <string>

#include "engine/execution/executor.h"
#include "engine/execution/forward_batch.h"

namespace vitrine::engine {

struct BatchLimits
{
    KvPlan kv;
    std::uint32_t vocab = 0;
    /// Keys that the widest-looking layer sees, a token's own included; 0: all. Blocks before that may be
    /// missing (-1) from a table.
    std::uint32_t window = 0;
};

/// Empty when the batch holds what forward_batch.h promises, else what is wrong.
std::string batchViolation(const ForwardBatch& batch, const BatchLimits& limits);

} // namespace vitrine::engine
