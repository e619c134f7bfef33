// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded decode steps, one for each shape that came up twice. A shape that comes once is run call by call:
// to record it would cost more than it saves. The least used goes when there are too many. Engine thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/cuda/cuda_pass.h"
#include "engine/cuda/step_inputs.h"
#include "kernels/cuda/graph.h"

namespace vitrine::engine {

class DecodeGraphs
{
public:
    struct Key
    {
        StepShape shape;
        StepResult result = StepResult::Logits;
        std::size_t place = 0; ///< of pinned memory
        bool fed = false;      ///< begins with tokens of the step before
        bool operator==(const Key&) const = default;
    };

    /// Runs a step of this shape: `queue` puts it on the stream, now or into a graph.
    kernels::cuda::Status run(const Key& key, kernels::cuda::Stream stream,
                              const std::function<kernels::cuda::Status()>& queue);
    /// Whatever they pointed to has moved.
    void clear() { m_entries.clear(); }

    std::size_t recorded() const;                         ///< graphs there are
    std::uint64_t launches() const { return m_launches; } ///< of graphs, so far

private:
    struct Entry
    {
        Key key;
        std::uint64_t lastUse = 0;
        bool refused = false; ///< recording failed: never again
        kernels::cuda::Graph graph;
    };
    Entry& entryFor(const Key& key);

    std::vector<Entry> m_entries;
    std::uint64_t m_clock = 0, m_launches = 0;
};

} // namespace vitrine::engine
