// SPDX-License-Identifier: GPL-3.0-or-later
// Launched graphs, put together from their nodes: CUPTI tells either a graph or its nodes, and the nodes say
// more. A run is all nodes of one graph that one launch asked for. One owner; bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "engine/gpu_capture/gpu_activity.h"

namespace vitrine::engine {

struct GraphRun
{
    std::uint32_t graph = 0;
    std::uint32_t device = 0, context = 0; ///< of its first node
    std::uint32_t correlation = 0;         ///< of the call that launched it
    std::uint64_t nodes = 0;
    std::int64_t startNs = 0, endNs = 0; ///< from the first node to the last
};

class GraphRuns
{
public:
    /// What is no node of a graph is passed over.
    void add(const GpuActivity& activity);
    /// Runs that are over: nothing came for some calls of this, since nodes come in no order. `all`: no more
    /// will come.
    std::vector<GraphRun> take(bool all);

private:
    static constexpr std::size_t kMost = 4096; // beyond it the oldest is taken for ended
    static constexpr int kQuiet = 10;          // calls of take()

    using Launch = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>; // correlation, graph, device
    struct Open
    {
        GraphRun run;
        int quiet = 0;
    };
    void end(std::map<Launch, Open>::iterator open);

    std::map<Launch, Open> m_open;
    std::vector<GraphRun> m_ended;
};

} // namespace vitrine::engine
