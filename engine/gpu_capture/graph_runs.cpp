// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/gpu_capture/graph_runs.h"

#include <algorithm>
#include <utility>

namespace vitrine::engine {

void GraphRuns::end(std::map<Launch, Open>::iterator open)
{
    m_ended.push_back(open->second.run);
    m_open.erase(open);
}

void GraphRuns::add(const GpuActivity& node)
{
    if (node.graph == 0 || node.work == GpuWork::Call)
        return;
    const Launch key(node.correlation, node.graph, node.device);
    auto open = m_open.find(key);
    if (open == m_open.end()) {
        if (m_open.size() >= kMost)
            end(m_open.begin());
        const GraphRun begun{node.graph, node.device,  node.context, node.correlation,
                             0,          node.startNs, node.endNs};
        open = m_open.emplace(key, Open{begun}).first;
    }
    GraphRun& run = open->second.run;
    ++run.nodes;
    run.startNs = std::min(run.startNs, node.startNs);
    run.endNs = std::max(run.endNs, node.endNs);
    open->second.quiet = 0;
}

std::vector<GraphRun> GraphRuns::take(bool all)
{
    for (auto open = m_open.begin(); open != m_open.end();) {
        const auto here = open++;
        if (all || ++here->second.quiet > kQuiet)
            end(here);
    }
    return std::exchange(m_ended, {});
}

} // namespace vitrine::engine
