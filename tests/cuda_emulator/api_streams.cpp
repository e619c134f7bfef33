// SPDX-License-Identifier: GPL-3.0-or-later
// Streams and what the host lets run in them.
#include "cuda_emulator/machine.h"

#include <algorithm>

#include <cuda_runtime_api.h>

using namespace vitrine::cuda_emulator;

namespace {

// Calls that look at a stream are not allowed while it is captured.
cudaError_t refuseCaptured(const Stream& stream)
{
    if (stream.capture == nullptr)
        return cudaSuccess;
    stream.capture->invalidated = true;
    return cudaErrorStreamCaptureUnsupported;
}

cudaError_t create(cudaStream_t* stream, unsigned flags, int priority)
{
    return call([&](Machine& all, MachineLock&) {
        if (stream == nullptr || (flags & ~unsigned(cudaStreamNonBlocking)) != 0)
            return cudaErrorInvalidValue;
        auto made = std::make_unique<Stream>();
        made->device = Machine::currentDevice();
        made->nonBlocking = flags != 0;
        made->priority = std::min(0, std::max(-5, priority));
        *stream = reinterpret_cast<cudaStream_t>(all.streams.add(std::move(made)));
        return cudaSuccess;
    });
}

} // namespace

extern "C" {

cudaError_t cudaStreamCreate(cudaStream_t* stream)
{
    return create(stream, 0, 0);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags)
{
    return create(stream, flags, 0);
}

cudaError_t cudaStreamCreateWithPriority(cudaStream_t* stream, unsigned flags, int priority)
{
    return create(stream, flags, priority);
}

// Its work goes on.
cudaError_t cudaStreamDestroy(cudaStream_t handle)
{
    return call([&](Machine& all, MachineLock&) {
        Stream* stream = all.streams.find(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        if (const cudaError_t error = refuseCaptured(*stream)) {
            stream->capture->streams.erase(stream);
            if (stream->capture->origin == stream)
                all.captures.erase(stream->capture);
            all.streams.erase(handle);
            return error;
        }
        if (!stream->nonBlocking && stream->tail != nullptr)
            all.devices[std::size_t(stream->device)].orphans.push_back(stream->tail);
        all.streams.erase(handle);
        return cudaSuccess;
    });
}

cudaError_t cudaStreamSynchronize(cudaStream_t handle)
{
    return call([&](Machine& all, MachineLock& lock) {
        Stream* stream = all.stream(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        if (const cudaError_t error = refuseCaptured(*stream))
            return error;
        if (const cudaError_t error = all.checkImplicit(*stream))
            return error;
        const int device = stream->device;
        if (stream->legacy) // what the blocking streams were given before counts as its own
            all.enqueue(*stream, {});
        all.queue.finish({stream->tail}, lock);
        return all.devices[std::size_t(device)].sticky;
    });
}

// Time passes with every question: one operation of the machine runs.
cudaError_t cudaStreamQuery(cudaStream_t handle)
{
    return call([&](Machine& all, MachineLock& lock) {
        Stream* stream = all.stream(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        if (const cudaError_t error = refuseCaptured(*stream))
            return error;
        const OperationPtr tail = stream->tail;
        const int device = stream->device;
        const bool before = tail == nullptr || tail->done;
        if (!before)
            all.queue.advance(lock);
        if (all.devices[std::size_t(device)].sticky != cudaSuccess)
            return all.devices[std::size_t(device)].sticky;
        return before || tail->done ? cudaSuccess : cudaErrorNotReady;
    });
}

cudaError_t cudaStreamGetPriority(cudaStream_t handle, int* priority)
{
    return call([&](Machine& all, MachineLock&) {
        const Stream* stream = all.stream(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        *priority = stream->priority;
        return cudaSuccess;
    });
}

cudaError_t cudaStreamGetFlags(cudaStream_t handle, unsigned* flags)
{
    return call([&](Machine& all, MachineLock&) {
        const Stream* stream = all.stream(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        *flags = stream->nonBlocking ? cudaStreamNonBlocking : cudaStreamDefault;
        return cudaSuccess;
    });
}

cudaError_t cudaLaunchHostFunc(cudaStream_t handle, cudaHostFn_t function, void* data)
{
    return call([&](Machine& all, MachineLock&) -> cudaError_t {
        Stream* stream = all.stream(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        if (function == nullptr)
            return cudaErrorInvalidValue;
        Work work{WorkKind::HostFunction, "a host function", {}};
        work.run = [function, data](std::uint64_t) -> std::optional<Failure> {
            insideHostFunction() = true;
            function(data);
            insideHostFunction() = false;
            return std::nullopt;
        };
        return all.submit(*stream, std::move(work));
    });
}
}
