// SPDX-License-Identifier: GPL-3.0-or-later
// Turns a finished plan into the flat arrays of a ScheduledBatch. Changes nothing.
#pragma once

#include "engine/kv_cache/kv_cache.h"
#include "engine/scheduler/scheduled_batch.h"
#include "engine/scheduler/step_plan.h"

namespace vitrine::engine {

/// Leaves out rows of requests that ended since they were planned. REQUIRES: every other planned request has
/// a table that covers the tokens it is going to have in KV, and no token of it is pending.
ScheduledBatch buildBatch(StepPlan plan, const KvCache& cache);

} // namespace vitrine::engine
