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
    /// A decode step of so many sequences, a bucket, with tables of so many pages, a bucket.
    StepPlan decode(std::int64_t sequences, std::int64_t tableRow, StepResult result) const;

private:
    void finish(StepPlan& plan) const;
};

/// The sizes of decode steps: 1, 2, 4, 8, then multiples of 16 up to 256, then of 64.
std::int64_t decodeBucket(std::int64_t sequences);
/// Row lengths of their tables: powers of two from 8 on.
std::int64_t tableBucket(std::int64_t pages);

} // namespace vitrine::engine
