// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cuda/graph.h"

#include <cuda_runtime_api.h>

namespace vitrine::kernels::cuda {

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
    if (made)
        made = {cudaGraphInstantiate(&m_graph, graph, 0)};
    if (made)
        (void)cudaGraphGetNodes(graph, nullptr, &m_nodes);
    if (graph != nullptr)
        (void)cudaGraphDestroy(graph);
    if (!made) {
        m_graph = nullptr;
        (void)cudaGetLastError();
    }
    return made;
}

Status Graph::launch(Stream stream) const
{
    return {cudaGraphLaunch(m_graph, stream)};
}

} // namespace vitrine::kernels::cuda
