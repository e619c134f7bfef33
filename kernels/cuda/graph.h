// SPDX-License-Identifier: GPL-3.0-or-later
// What a stream was asked to do, recorded once and launched as one (CUDA graphs).
// Made and launched on the thread that owns the stream.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include "kernels/cuda/status.h"

struct CUgraphExec_st;

namespace vitrine::kernels::cuda {

class Graph
{
public:
    Graph() = default;
    ~Graph();
    Graph(Graph&& other) noexcept : m_graph(std::exchange(other.m_graph, nullptr)), m_nodes(other.m_nodes) {}
    Graph& operator=(Graph&& other) noexcept
    {
        std::swap(m_graph, other.m_graph);
        std::swap(m_nodes, other.m_nodes);
        return *this;
    }

    /// Records what `work` queues on the stream; nothing of it runs. On failure there is no graph and the
    /// stream is as before.
    Status capture(Stream stream, const std::function<Status()>& work);
    Status launch(Stream stream) const;
    explicit operator bool() const { return m_graph != nullptr; }
    std::size_t nodes() const { return m_nodes; }

private:
    CUgraphExec_st* m_graph = nullptr;
    std::size_t m_nodes = 0;
};

} // namespace vitrine::kernels::cuda
