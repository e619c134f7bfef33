// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded decode steps, within a budget of device memory. A shape is recorded ahead while nobody waits, or
// when it comes the second time; one that comes once is run call by call, since recording it would cost more
// than it saves. The least recently used goes when there is no room. Engine thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/cuda/graph_key.h"
#include "kernels/cuda/graph.h"

namespace vitrine::engine {

class DecodeGraphs
{
public:
    using Queue = std::function<kernels::cuda::Status()>;
    /// Of several ranks: of the bits given, those that all of them give. Collectives are recorded and
    /// launched in graphs by all ranks or none. Empty: there is one.
    using Agree = std::function<std::uint32_t(std::uint32_t)>;

    void setBudget(std::uint64_t bytes) { m_budget = bytes; }
    std::uint64_t budget() const { return m_budget; }

    /// Runs a step of this shape: `queue` puts it on the stream, now or into a graph.
    kernels::cuda::Status run(const GraphKey& key, kernels::cuda::Stream stream, const Queue& queue,
                              const Agree& agree = {});
    /// Records a step that has not come yet; nothing is run and none of the others goes. A failure is no
    /// harm: the shape is recorded when it comes.
    kernels::cuda::Status recordAhead(const GraphKey& key, kernels::cuda::Stream stream, const Queue& queue,
                                      const Agree& agree = {});
    /// Marks a shape as not to be recorded ahead.
    void leave(const GraphKey& key) { entryFor(key).triedAhead = true; }
    /// Whether there is, or may be, room for one more without another going.
    bool hasRoom() const;
    /// Whether recordAhead() would be new to this shape.
    bool isNew(const GraphKey& key) const;
    /// Shapes that have run, most recent first, also those whose graphs are gone.
    std::vector<GraphKey> used() const;

    /// Whatever they pointed to has moved. What was used stays known: it is recorded when it comes again.
    void clear();
    /// How a step is queued has changed: nothing that is known holds any more.
    void forget() { m_entries.clear(); }

    std::size_t recorded() const; ///< graphs there are
    /// Of the device, taken by the graphs there are: by what their recording took, as the device told, or
    /// estimated from their size where it did not.
    std::uint64_t bytes() const;
    std::uint64_t launches() const { return m_launches; } ///< of graphs, so far

private:
    struct Entry
    {
        GraphKey key;
        std::uint64_t lastUse = 0; ///< 0: has not come yet
        bool refused = false;      ///< recording failed: not again until something has moved
        bool triedAhead = false;
        kernels::cuda::Graph graph;
    };

    const Entry* find(const GraphKey& key) const;
    Entry& entryFor(const GraphKey& key);
    kernels::cuda::Status record(Entry& entry, kernels::cuda::Stream stream, const Queue& queue,
                                 const Agree& agree);
    bool makeRoom();
    std::uint64_t bytesFor(std::size_t nodes) const;
    std::size_t usualNodes() const;

    std::vector<Entry> m_entries;
    std::uint64_t m_clock = 0, m_launches = 0;
    std::uint64_t m_budget = ~std::uint64_t{0};
    std::uint64_t m_measuredBytes = 0, m_measuredNodes = 0; ///< of all recordings so far
};

} // namespace vitrine::engine
