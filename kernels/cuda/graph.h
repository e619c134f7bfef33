// SPDX-License-Identifier: GPL-3.0-or-later
// What a stream was asked to do, recorded once and launched as one (CUDA graphs).
// Made and launched on the thread that owns the stream.
#pragma once

#include <cstddef>
#include <cstdint>
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
    Graph(Graph&& other) noexcept
        : m_graph(std::exchange(other.m_graph, nullptr)), m_nodes(other.m_nodes), m_bytes(other.m_bytes)
    {}
    Graph& operator=(Graph&& other) noexcept
    {
        std::swap(m_graph, other.m_graph);
        std::swap(m_nodes, other.m_nodes);
        std::swap(m_bytes, other.m_bytes);
        return *this;
    }

    /// Records what `work` queues on the stream; nothing of it runs. On failure there is no graph and the
    /// stream is as before.
    Status capture(Stream stream, const std::function<Status()>& work);
    Status launch(Stream stream) const;
    /// Brings it to the device, so that its first launch does not have to. No launch of it is under way.
    Status upload(Stream stream);
    explicit operator bool() const { return m_graph != nullptr; }
    std::size_t nodes() const { return m_nodes; }
    /// By which the device had less free memory once it was made. Devices give memory in large pieces: only
    /// the sum over many graphs means something.
    std::uint64_t bytes() const { return m_bytes; }

private:
    CUgraphExec_st* m_graph = nullptr;
    std::size_t m_nodes = 0;
    std::uint64_t m_bytes = 0;
};

} // namespace vitrine::kernels::cuda
