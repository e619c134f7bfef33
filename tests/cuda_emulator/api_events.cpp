// SPDX-License-Identifier: GPL-3.0-or-later
// Events: marks in a stream that others wait for.
#include "cuda_emulator/machine.h"

#include <algorithm>

#include <cuda_runtime_api.h>

using namespace vitrine::cuda_emulator;

namespace {

constexpr float kOperationTime = 0.01F; // milliseconds that one operation takes on the emulated clock

cudaError_t record(Machine& all, Event& event, Stream& stream)
{
    if (stream.capture != nullptr) {
        if (stream.capture->invalidated)
            return cudaErrorStreamCaptureInvalidated;
        event.captured = true;
        event.capture = stream.capture;
        event.capturedTail = stream.captureTail;
        return cudaSuccess;
    }
    if (const cudaError_t error = all.checkImplicit(stream))
        return error;
    event.captured = false;
    event.recorded = true;
    event.operation = all.enqueue(stream, {});
    return cudaSuccess;
}

// A stream that waits for a captured event joins that capture.
cudaError_t waitCaptured(Stream& stream, const Event& event)
{
    const auto capture = event.capture.lock();
    if (capture == nullptr)
        return cudaErrorCapturedEvent;
    if (capture->invalidated)
        return cudaErrorStreamCaptureInvalidated;
    if (stream.capture != nullptr && stream.capture != capture) {
        capture->invalidated = stream.capture->invalidated = true;
        return cudaErrorStreamCaptureMerge;
    }
    if (stream.legacy) {
        capture->invalidated = true;
        return cudaErrorStreamCaptureImplicit;
    }
    if (stream.capture == nullptr) {
        stream.capture = capture;
        stream.captureTail.clear();
        capture->streams.insert(&stream);
    }
    for (GraphNode* node : event.capturedTail) {
        if (std::ranges::find(stream.captureTail, node) == stream.captureTail.end())
            stream.captureTail.push_back(node);
    }
    return cudaSuccess;
}

cudaError_t checkNotCaptured(const Event& event)
{
    if (!event.captured)
        return cudaSuccess;
    if (const auto capture = event.capture.lock())
        capture->invalidated = true;
    return cudaErrorCapturedEvent;
}

} // namespace

extern "C" {

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags)
{
    return call([&](Machine& all, MachineLock&) {
        if (event == nullptr)
            return cudaErrorInvalidValue;
        auto made = std::make_unique<Event>();
        made->device = Machine::currentDevice();
        made->timed = (flags & cudaEventDisableTiming) == 0;
        *event = reinterpret_cast<cudaEvent_t>(all.events.add(std::move(made)));
        return cudaSuccess;
    });
}

cudaError_t cudaEventCreate(cudaEvent_t* event)
{
    return cudaEventCreateWithFlags(event, cudaEventDefault);
}

cudaError_t cudaEventDestroy(cudaEvent_t handle)
{
    return call([&](Machine& all, MachineLock&) {
        return all.events.erase(handle) ? cudaSuccess : cudaErrorInvalidResourceHandle;
    });
}

cudaError_t cudaEventRecord(cudaEvent_t handle, cudaStream_t streamHandle)
{
    return call([&](Machine& all, MachineLock&) -> cudaError_t {
        Event* event = all.events.find(handle);
        Stream* stream = all.stream(streamHandle);
        if (event == nullptr || stream == nullptr || event->device != stream->device)
            return cudaErrorInvalidResourceHandle;
        return record(all, *event, *stream);
    });
}

cudaError_t cudaStreamWaitEvent(cudaStream_t streamHandle, cudaEvent_t handle, unsigned)
{
    return call([&](Machine& all, MachineLock&) -> cudaError_t {
        const Event* event = all.events.find(handle);
        Stream* stream = all.stream(streamHandle);
        if (event == nullptr || stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        if (event->captured)
            return waitCaptured(*stream, *event);
        if (stream->capture != nullptr) {
            stream->capture->invalidated = true;
            return cudaErrorStreamCaptureIsolation;
        }
        if (const cudaError_t error = all.checkImplicit(*stream))
            return error;
        if (event->recorded)
            all.enqueue(*stream, {}, {event->operation});
        return cudaSuccess;
    });
}

cudaError_t cudaEventQuery(cudaEvent_t handle)
{
    return call([&](Machine& all, MachineLock& lock) {
        const Event* event = all.events.find(handle);
        if (event == nullptr)
            return cudaErrorInvalidResourceHandle;
        if (const cudaError_t error = checkNotCaptured(*event))
            return error;
        const OperationPtr operation = event->operation;
        const int device = event->device;
        if (operation != nullptr && !operation->done)
            all.queue.advance(lock);
        if (all.devices[std::size_t(device)].sticky != cudaSuccess)
            return all.devices[std::size_t(device)].sticky;
        return operation == nullptr || operation->done ? cudaSuccess : cudaErrorNotReady;
    });
}

cudaError_t cudaEventSynchronize(cudaEvent_t handle)
{
    return call([&](Machine& all, MachineLock& lock) {
        const Event* event = all.events.find(handle);
        if (event == nullptr)
            return cudaErrorInvalidResourceHandle;
        if (const cudaError_t error = checkNotCaptured(*event))
            return error;
        const int device = event->device;
        all.queue.finish({event->operation}, lock);
        return all.devices[std::size_t(device)].sticky;
    });
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t begin, cudaEvent_t end)
{
    return call([&](Machine& all, MachineLock&) {
        const Event* first = all.events.find(begin);
        const Event* last = all.events.find(end);
        if (first == nullptr || last == nullptr || !first->timed || !last->timed || !first->recorded ||
            !last->recorded)
            return cudaErrorInvalidResourceHandle;
        if (!first->operation->done || !last->operation->done)
            return cudaErrorNotReady;
        *milliseconds =
            (float(last->operation->finishedAt) - float(first->operation->finishedAt)) * kOperationTime;
        return cudaSuccess;
    });
}
}
