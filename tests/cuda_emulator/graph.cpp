// SPDX-License-Identifier: GPL-3.0-or-later
#include "cuda_emulator/graph.h"

#include "cuda_emulator/shuffle_order.h"

#include <algorithm>

namespace vitrine::cuda_emulator {

GraphNode* Graph::add(Work work, const std::vector<GraphNode*>& after)
{
    auto node = std::make_unique<GraphNode>();
    node->work = std::move(work);
    node->index = nodes.size();
    for (const GraphNode* before : after)
        node->after.push_back(before->index);
    std::ranges::sort(node->after);
    const auto repeated = std::ranges::unique(node->after);
    node->after.erase(repeated.begin(), repeated.end());
    nodes.push_back(std::move(node));
    return nodes.back().get();
}

std::shared_ptr<Graph> Graph::copy() const
{
    auto result = std::make_shared<Graph>();
    for (const auto& node : nodes)
        result->nodes.push_back(std::make_unique<GraphNode>(*node));
    return result;
}

std::vector<bool> Graph::predecessors(const std::vector<GraphNode*>& last) const
{
    std::vector<bool> before(nodes.size());
    for (const GraphNode* node : last)
        before[node->index] = true;
    for (std::size_t i = nodes.size(); i-- > 0;) {
        for (const std::size_t index : nodes[i]->after) {
            if (before[i])
                before[index] = true;
        }
    }
    return before;
}

bool Graph::hasMeetings() const
{
    return std::ranges::any_of(nodes, [](const auto& node) { return node->work.atLaunch != nullptr; });
}

std::optional<Failure> Graph::run(std::uint64_t seed) const
{
    ShuffleOrder order;
    order.reset(seed);
    std::vector<std::vector<std::size_t>> next(nodes.size());
    std::vector<std::size_t> missing(nodes.size());
    std::vector<std::size_t> ready;
    for (const auto& node : nodes) {
        missing[node->index] = node->after.size();
        if (node->after.empty())
            ready.push_back(node->index);
        for (const std::size_t before : node->after)
            next[before].push_back(node->index);
    }
    while (!ready.empty()) {
        const std::size_t place = seed == 0 ? 0 : order.draw() % ready.size();
        const std::size_t index = ready[place];
        ready.erase(ready.begin() + std::ptrdiff_t(place));
        const Work& work = nodes[index]->work;
        if (work.run) {
            if (auto failure = work.run(seed == 0 ? 0 : order.draw() + 1)) {
                failure->message = "node " + std::to_string(index) + " of a graph: " + failure->message;
                return failure;
            }
        }
        for (const std::size_t behind : next[index]) {
            if (--missing[behind] == 0)
                ready.push_back(behind);
        }
    }
    return std::nullopt;
}

} // namespace vitrine::cuda_emulator
