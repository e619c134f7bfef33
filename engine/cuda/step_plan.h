// SPDX-License-Identifier: GPL-3.0-or-later
// How a batch is run: its shape on the device, and whether it is one that a recorded graph can replay. A
// decode step of any size is padded up to one of few shapes, so that few graphs serve all. Arithmetic only.
#pragma once

#include <cstdint>

#include "engine/cuda/cuda_pass.h"
#include "engine/cuda/step_inputs.h"
#include "engine/execution/forward_batch.h"

namespace vitrine::engine {

struct StepPlan
{
    StepShape shape;
    AttentionWay way;
    StepResult result = StepResult::Logits;
    bool decode = false; ///< one token a sequence, each with its result: padded, and fit for a graph
};

struct StepPlanner
{
    std::int64_t kvHeads = 0;
    std::int64_t blockSize = 0;
    std::int64_t multiprocessors = 0;
    std::int64_t columns = 1; ///< of pages
    bool onePath = false;     ///< every sequence through the same attention kernel
    bool pad = false;         ///< decode steps to the shapes of graphs
    std::int64_t hidden = 0;  ///< columns of the hidden rows that steps begin with; 0: they begin with tokens
    bool head = true;         ///< there is one; else hidden rows are the result

    StepPlan plan(const ForwardBatch& batch) const;
    /// A decode step of as many sequences, a bucket, with tables of as many pages, adjustments and
    /// alternatives, buckets.
    StepPlan decode(const StepShape& like, StepResult result) const;

private:
    void finish(StepPlan& plan) const;
};

/// What the settings of the batch's rows add to a shape: adjustments and alternatives, buckets.
void addSettings(const ForwardBatch& batch, StepShape& shape);

/// The sizes of decode steps: 1, 2, 4, 8, then multiples of 16 up to 256, then of 64.
std::int64_t decodeBucket(std::int64_t sequences);
/// Row lengths of their tables: powers of two from 8 on.
std::int64_t tableBucket(std::int64_t pages);
/// Adjustments of all rows: powers of four from 1,024 on.
std::int64_t adjustmentBucket(std::int64_t adjustments);
/// Alternatives of a row: 8, 32, or as many as there may be.
std::int64_t alternativeBucket(std::int64_t alternatives);

} // namespace vitrine::engine
