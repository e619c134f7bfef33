// SPDX-License-Identifier: GPL-3.0-or-later
// Memory of devices and pinned memory of the host.
#include "cuda_emulator/machine.h"

#include <cuda_runtime_api.h>

using namespace vitrine::cuda_emulator;

namespace {

cudaError_t allocate(Machine& all, void** place, MemoryKind kind, std::size_t bytes)
{
    if (place == nullptr)
        return cudaErrorInvalidValue;
    if (kind == MemoryKind::Device)
        ++all.counts.allocations;
    if (all.takeFault(all.allocationFault))
        return cudaErrorMemoryAllocation;
    if (bytes == 0) {
        *place = nullptr;
        return cudaSuccess;
    }
    void* result = all.memory.allocate(kind, Machine::currentDevice(), bytes);
    if (result == nullptr)
        return cudaErrorMemoryAllocation;
    *place = result;
    return cudaSuccess;
}

cudaError_t allocatePinned(void** place, std::size_t bytes)
{
    return call([&](Machine& all, MachineLock&) {
        if (const cudaError_t error = all.forbidWhileCapturing())
            return error;
        return allocate(all, place, MemoryKind::Pinned, bytes);
    });
}

// Freeing waits for all work, which may use the memory.
cudaError_t release(void* place, MemoryKind kind)
{
    return call([&](Machine& all, MachineLock& lock) {
        if (place == nullptr)
            return cudaSuccess;
        if (const cudaError_t error = all.forbidWhileCapturing())
            return error;
        all.queue.finishAll(lock);
        if (const auto failure = all.damageBy("found when memory was freed")) {
            all.fail(Machine::currentDevice(), *failure);
            return failure->error;
        }
        return all.memory.release(place, kind) ? cudaSuccess : cudaErrorInvalidValue;
    });
}

} // namespace

extern "C" {

cudaError_t cudaMalloc(void** place, std::size_t bytes)
{
    return call([&](Machine& all, MachineLock&) {
        if (const cudaError_t error = all.forbidWhileCapturing())
            return error;
        return allocate(all, place, MemoryKind::Device, bytes);
    });
}

cudaError_t cudaFree(void* place)
{
    return release(place, MemoryKind::Device);
}

cudaError_t cudaMallocHost(void** place, std::size_t bytes)
{
    return allocatePinned(place, bytes);
}

cudaError_t cudaHostAlloc(void** place, std::size_t bytes, unsigned)
{
    return allocatePinned(place, bytes);
}

cudaError_t cudaFreeHost(void* place)
{
    return release(place, MemoryKind::Pinned);
}

cudaError_t cudaHostRegister(void* place, std::size_t bytes, unsigned)
{
    return call([&](Machine& all, MachineLock&) {
        if (place == nullptr || bytes == 0)
            return cudaErrorInvalidValue;
        return all.memory.registerHost(place, bytes) ? cudaSuccess : cudaErrorHostMemoryAlreadyRegistered;
    });
}

cudaError_t cudaHostUnregister(void* place)
{
    return call([&](Machine& all, MachineLock& lock) {
        all.queue.finishAll(lock);
        return all.memory.release(place, MemoryKind::Registered) ? cudaSuccess
                                                                 : cudaErrorHostMemoryNotRegistered;
    });
}

cudaError_t cudaHostGetDevicePointer(void** device, void* host, unsigned)
{
    return call([&](Machine& all, MachineLock&) {
        const auto allocation = all.memory.find(host);
        if (!allocation || allocation->kind == MemoryKind::Device)
            return cudaErrorInvalidValue;
        *device = host;
        return cudaSuccess;
    });
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* place)
{
    return call([&](Machine& all, MachineLock&) {
        const auto allocation = all.memory.find(place);
        *attributes = {};
        attributes->device = -2;
        attributes->type = cudaMemoryTypeUnregistered;
        attributes->hostPointer = const_cast<void*>(place);
        if (!allocation)
            return cudaSuccess;
        const bool onDevice = allocation->kind == MemoryKind::Device;
        attributes->device = allocation->device;
        attributes->type = onDevice ? cudaMemoryTypeDevice : cudaMemoryTypeHost;
        attributes->devicePointer = const_cast<void*>(place);
        attributes->hostPointer = onDevice ? nullptr : const_cast<void*>(place);
        return cudaSuccess;
    });
}

// The memory is there at once; it is given back when the stream comes to it.
cudaError_t cudaMallocAsync(void** place, std::size_t bytes, cudaStream_t handle)
{
    return call([&](Machine& all, MachineLock&) {
        Stream* stream = all.stream(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        if (stream->capture != nullptr) { // graphs that own memory are not emulated
            stream->capture->invalidated = true;
            return cudaErrorStreamCaptureUnsupported;
        }
        return allocate(all, place, MemoryKind::Device, bytes);
    });
}

cudaError_t cudaFreeAsync(void* place, cudaStream_t handle)
{
    return call([&](Machine& all, MachineLock&) -> cudaError_t {
        Stream* stream = all.stream(handle);
        if (stream == nullptr)
            return cudaErrorInvalidResourceHandle;
        if (stream->capture != nullptr) {
            stream->capture->invalidated = true;
            return cudaErrorStreamCaptureUnsupported;
        }
        const auto allocation = all.memory.find(place);
        if (!allocation || allocation->place != place || allocation->kind != MemoryKind::Device)
            return cudaErrorInvalidValue;
        Work work{WorkKind::Free, "cudaFreeAsync", {}};
        work.run = [place, &all](std::uint64_t) -> std::optional<Failure> {
            if (all.memory.release(place, MemoryKind::Device))
                return std::nullopt;
            return Failure{cudaErrorInvalidValue, "memory was freed twice"};
        };
        return all.submit(*stream, std::move(work));
    });
}
}
