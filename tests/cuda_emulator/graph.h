// SPDX-License-Identifier: GPL-3.0-or-later
// Graphs of work: nodes in order of their making, each after some before it.
#pragma once

#include "cuda_emulator/work.h"

#include <memory>
#include <optional>
#include <vector>

namespace vitrine::cuda_emulator {

struct GraphNode
{
    Work work;
    std::vector<std::size_t> after; // ascending positions
    std::size_t index = 0;
};

struct Graph
{
    std::vector<std::unique_ptr<GraphNode>> nodes;

    GraphNode* add(Work work, const std::vector<GraphNode*>& after);
    std::shared_ptr<Graph> copy() const;
    // All that a node comes after, itself included, by position.
    std::vector<bool> predecessors(const std::vector<GraphNode*>& nodes) const;
    // Whether some node meets those of other devices.
    bool hasMeetings() const;
    // Runs every node, in an order drawn from the seed that keeps the dependencies.
    std::optional<Failure> run(std::uint64_t seed) const;
};

// An instantiated graph. Launches hold the graph they were made with.
struct GraphInstance
{
    std::shared_ptr<const Graph> graph;
    void* memory = nullptr; // what it takes of its device, where tests want it to
};

} // namespace vitrine::cuda_emulator
