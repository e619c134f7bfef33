// SPDX-License-Identifier: GPL-3.0-or-later
// Graphs: captured, instantiated, launched, updated.
#include "cuda_emulator/machine.h"

#include <algorithm>
#include <cuda_runtime_api.h>

using namespace vitrine::cuda_emulator;

namespace {

void leave(const std::shared_ptr<Capture>& capture, Machine& all)
{
    for (Stream* stream : capture->streams) {
        stream->capture = nullptr;
        stream->captureTail.clear();
    }
    all.captures.erase(capture);
}

// Every stream that joined must have been waited for by the origin.
bool joined(const Capture& capture)
{
    const std::vector<bool> before = capture.graph->predecessors(capture.origin->captureTail);
    for (const Stream* stream : capture.streams) {
        for (const GraphNode* node : stream->captureTail) {
            if (!before[node->index])
                return false;
        }
    }
    return true;
}

cudaGraphNodeType typeOf(WorkKind kind)
{
    switch (kind) {
    case WorkKind::Kernel:
    case WorkKind::Library:
    case WorkKind::Collective:
        return cudaGraphNodeTypeKernel;
    case WorkKind::Set:
        return cudaGraphNodeTypeMemset;
    case WorkKind::HostFunction:
        return cudaGraphNodeTypeHost;
    case WorkKind::Graph:
        return cudaGraphNodeTypeGraph;
    case WorkKind::Free:
    case WorkKind::Nothing:
        return cudaGraphNodeTypeEmpty;
    default:
        return cudaGraphNodeTypeMemcpy;
    }
}

// What an update may not change: nothing when all is well.
const GraphNode* changedNode(const Graph& old, const Graph& fresh, cudaGraphExecUpdateResult& why)
{
    for (std::size_t i = 0; i < fresh.nodes.size(); ++i) {
        const GraphNode& node = *fresh.nodes[i];
        if (i >= old.nodes.size() || old.nodes[i]->after != node.after)
            why = cudaGraphExecUpdateErrorTopologyChanged;
        else if (typeOf(old.nodes[i]->work.kind) != typeOf(node.work.kind))
            why = cudaGraphExecUpdateErrorNodeTypeChanged;
        else
            continue;
        return &node;
    }
    return nullptr;
}

const Graph* graphOf(const Machine& all, cudaGraph_t handle)
{
    const auto* found = all.graphs.find(handle);
    return found == nullptr ? nullptr : found->get();
}

cudaGraph_t keep(Machine& all, std::shared_ptr<Graph> graph)
{
    return reinterpret_cast<cudaGraph_t>(
        all.graphs.add(std::make_unique<std::shared_ptr<Graph>>(std::move(graph))));
}

// A graph with collectives runs node by node: it waits in the middle for graphs of other devices.
void launchApart(Machine& all, Stream& stream, const Graph& graph)
{
    const OperationPtr begin = all.enqueue(stream, {});
    std::vector<OperationPtr> nodes;
    for (const auto& node : graph.nodes) {
        std::vector<OperationPtr> after;
        for (const std::size_t before : node->after)
            after.push_back(nodes[before]);
        if (after.empty())
            after.push_back(begin);
        Work work = node->work.atLaunch != nullptr ? node->work.atLaunch() : node->work;
        nodes.push_back(all.queue.add(stream.device, std::move(work), after));
    }
    all.enqueue(stream, {}, nodes);
}

} // namespace

extern "C" {

cudaError_t cudaStreamBeginCapture(cudaStream_t handle, cudaStreamCaptureMode mode)
{
    return call([&](Machine& all, MachineLock&) {
        Stream* stream = all.stream(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        if (stream->legacy)
            return cudaErrorStreamCaptureUnsupported;
        if (stream->capture != nullptr)
            return cudaErrorIllegalState;
        auto capture = std::make_shared<Capture>();
        capture->origin = stream;
        capture->streams.insert(stream);
        capture->mode = mode;
        capture->thread = std::this_thread::get_id();
        capture->id = ++all.lastCapture;
        stream->capture = capture;
        stream->captureTail.clear();
        all.captures.insert(capture);
        ++all.counts.captures;
        return cudaSuccess;
    });
}

cudaError_t cudaStreamEndCapture(cudaStream_t handle, cudaGraph_t* graph)
{
    return call([&](Machine& all, MachineLock&) {
        Stream* stream = all.stream(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        const std::shared_ptr<Capture> capture = stream->capture;
        if (capture == nullptr)
            return cudaErrorIllegalState;
        if (capture->origin != stream) {
            capture->invalidated = true;
            return cudaErrorStreamCaptureUnmatched;
        }
        if (capture->mode != cudaStreamCaptureModeRelaxed && capture->thread != std::this_thread::get_id())
            return cudaErrorStreamCaptureWrongThread;
        const bool whole = joined(*capture);
        leave(capture, all);
        *graph = nullptr;
        if (capture->invalidated)
            return cudaErrorStreamCaptureInvalidated;
        if (!whole)
            return cudaErrorStreamCaptureUnjoined;
        *graph = keep(all, capture->graph);
        return cudaSuccess;
    });
}

cudaError_t cudaStreamIsCapturing(cudaStream_t handle, cudaStreamCaptureStatus* status)
{
    return call([&](Machine& all, MachineLock&) {
        const Stream* stream = all.stream(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        *status = stream->capture == nullptr     ? cudaStreamCaptureStatusNone
                  : stream->capture->invalidated ? cudaStreamCaptureStatusInvalidated
                                                 : cudaStreamCaptureStatusActive;
        return cudaSuccess;
    });
}

cudaError_t cudaGraphCreate(cudaGraph_t* graph, unsigned)
{
    return call([&](Machine& all, MachineLock&) {
        *graph = keep(all, std::make_shared<Graph>());
        return cudaSuccess;
    });
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph)
{
    return call([&](Machine& all, MachineLock&) {
        return all.graphs.erase(graph) ? cudaSuccess : cudaErrorInvalidValue;
    });
}

cudaError_t cudaGraphGetNodes(cudaGraph_t handle, cudaGraphNode_t* nodes, std::size_t* count)
{
    return call([&](Machine& all, MachineLock&) {
        const Graph* graph = graphOf(all, handle);
        if (graph == nullptr || count == nullptr)
            return cudaErrorInvalidValue;
        for (std::size_t i = 0; nodes != nullptr && i < *count; ++i) {
            nodes[i] =
                i < graph->nodes.size() ? reinterpret_cast<cudaGraphNode_t>(graph->nodes[i].get()) : nullptr;
        }
        *count = nodes == nullptr ? graph->nodes.size() : std::min(*count, graph->nodes.size());
        return cudaSuccess;
    });
}

cudaError_t cudaGraphNodeGetType(cudaGraphNode_t node, cudaGraphNodeType* type)
{
    return call([&](Machine&, MachineLock&) {
        if (node == nullptr || type == nullptr)
            return cudaErrorInvalidValue;
        *type = typeOf(reinterpret_cast<const GraphNode*>(node)->work.kind);
        return cudaSuccess;
    });
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* instance, cudaGraph_t handle, unsigned long long)
{
    return call([&](Machine& all, MachineLock&) {
        const Graph* graph = graphOf(all, handle);
        if (graph == nullptr || instance == nullptr)
            return cudaErrorInvalidValue;
        ++all.counts.instantiations;
        auto made = std::make_unique<GraphInstance>();
        if (const std::size_t bytes = graph->nodes.size() * all.graphNodeBytes; bytes > 0) {
            made->memory = all.memory.allocate(MemoryKind::Device, Machine::currentDevice(), bytes);
            if (made->memory == nullptr)
                return cudaErrorMemoryAllocation;
        }
        made->graph = graph->copy();
        *instance = reinterpret_cast<cudaGraphExec_t>(all.instances.add(std::move(made)));
        return cudaSuccess;
    });
}

cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t* instance, cudaGraph_t graph,
                                          unsigned long long flags)
{
    return cudaGraphInstantiate(instance, graph, flags);
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t instance)
{
    return call([&](Machine& all, MachineLock&) {
        const GraphInstance* found = all.instances.find(instance);
        if (found != nullptr && found->memory != nullptr)
            all.memory.release(found->memory, MemoryKind::Device);
        return all.instances.erase(instance) ? cudaSuccess : cudaErrorInvalidValue;
    });
}

cudaError_t cudaGraphUpload(cudaGraphExec_t instance, cudaStream_t stream)
{
    return call([&](Machine& all, MachineLock&) {
        if (all.instances.find(instance) == nullptr)
            return cudaErrorInvalidValue;
        return all.stream(stream) != nullptr ? cudaSuccess : cudaErrorInvalidResourceHandle;
    });
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t handle, cudaStream_t streamHandle)
{
    return call([&](Machine& all, MachineLock&) -> cudaError_t {
        const GraphInstance* instance = all.instances.find(handle);
        Stream* stream = all.stream(streamHandle);
        if (instance == nullptr)
            return cudaErrorInvalidValue;
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        Work work{WorkKind::Graph, "a graph", {}};
        if (instance->graph->hasMeetings()) {
            if (stream->capture != nullptr)
                return cudaErrorNotSupported;
            all.count(work);
            launchApart(all, *stream, *instance->graph);
            return cudaSuccess;
        }
        work.run = [graph = instance->graph](std::uint64_t seed) { return graph->run(seed); };
        return all.submit(*stream, std::move(work));
    });
}

cudaError_t cudaGraphExecUpdate(cudaGraphExec_t handle, cudaGraph_t graphHandle,
                                cudaGraphExecUpdateResultInfo* info)
{
    return call([&](Machine& all, MachineLock&) {
        GraphInstance* instance = all.instances.find(handle);
        const Graph* graph = graphOf(all, graphHandle);
        if (instance == nullptr || graph == nullptr || info == nullptr)
            return cudaErrorInvalidValue;
        *info = {};
        info->result = cudaGraphExecUpdateSuccess;
        const GraphNode* changed = changedNode(*instance->graph, *graph, info->result);
        if (changed == nullptr && graph->nodes.size() < instance->graph->nodes.size())
            info->result = cudaGraphExecUpdateErrorTopologyChanged;
        if (info->result != cudaGraphExecUpdateSuccess) {
            info->errorNode = reinterpret_cast<cudaGraphNode_t>(const_cast<GraphNode*>(changed));
            return cudaErrorGraphExecUpdateFailure;
        }
        instance->graph = graph->copy();
        return cudaSuccess;
    });
}
}
