// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cuda/graph.h"

#include <cuda_runtime_api.h>

namespace vitrine::kernels::cuda {

namespace {

std::uint64_t freeBytes()
{
    std::size_t free = 0, total = 0;
    return cudaMemGetInfo(&free, &total) == cudaSuccess ? free : 0;
}

std::uint64_t lessThan(std::uint64_t before)
{
    const std::uint64_t now = freeBytes();
    return before > now ? before - now : 0;
}

} // namespace

Graph::~Graph()
{
    if (m_graph != nullptr)
        (void)cudaGraphExecDestroy(m_graph);
}

Status Graph::capture(Stream stream, const std::function<Status()>& work)
{
    *this = Graph();
    if (const Status begun{cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal)}; !begun)
        return begun;
    const Status worked = work();
    cudaGraph_t graph = nullptr;
    const Status ended{cudaStreamEndCapture(stream, &graph)}; // also after a failure: it ends the capture
    Status made = worked ? ended : worked;
    const std::uint64_t before = freeBytes(); // not earlier: what is queued first loads its code
    if (made)
        made = {cudaGraphInstantiate(&m_graph, graph, 0)};
    if (made) {
        (void)cudaGraphGetNodes(graph, nullptr, &m_nodes);
        m_bytes = lessThan(before);
    }
    if (graph != nullptr)
        (void)cudaGraphDestroy(graph);
    if (!made) {
        m_graph = nullptr;
        (void)cudaGetLastError();
    }
    return made;
}

Status Graph::upload(Stream stream)
{
    const std::uint64_t before = freeBytes();
    const Status uploaded{cudaGraphUpload(m_graph, stream)};
    if (uploaded)
        m_bytes += lessThan(before);
    else
        (void)cudaGetLastError();
    return uploaded;
}

Status Graph::launch(Stream stream) const
{
    return {cudaGraphLaunch(m_graph, stream)};
}

} // namespace vitrine::kernels::cuda
