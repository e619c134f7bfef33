// SPDX-License-Identifier: GPL-3.0-or-later
// The API's copies and fills.
#include "cuda_emulator/copy.h"

#include <cuda_runtime_api.h>

using namespace vitrine::cuda_emulator;

namespace {

CopyRequest linear(void* target, const void* source, std::size_t bytes, cudaMemcpyKind kind)
{
    return {target, bytes, source, bytes, bytes, 1, kind};
}

cudaError_t copyNow(const CopyRequest& request)
{
    return call([&](Machine& all, MachineLock& lock) { return copy(all, lock, nullptr, request, true); });
}

cudaError_t copyLater(const CopyRequest& request, cudaStream_t stream)
{
    return call([&](Machine& all, MachineLock& lock) { return copy(all, lock, stream, request, false); });
}

cudaError_t setLater(const SetRequest& request, cudaStream_t stream)
{
    return call([&](Machine& all, MachineLock&) { return set(all, stream, request); });
}

// Whether the memory belongs to the device that the call names.
bool belongs(const Machine& all, const void* place, int device)
{
    const auto allocation = all.memory.find(place);
    return allocation && allocation->kind == MemoryKind::Device && allocation->device == device;
}

} // namespace

extern "C" {

cudaError_t cudaMemcpy(void* target, const void* source, std::size_t bytes, cudaMemcpyKind kind)
{
    return copyNow(linear(target, source, bytes, kind));
}

cudaError_t cudaMemcpyAsync(void* target, const void* source, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream)
{
    return copyLater(linear(target, source, bytes, kind), stream);
}

cudaError_t cudaMemcpy2D(void* target, std::size_t targetPitch, const void* source, std::size_t sourcePitch,
                         std::size_t width, std::size_t height, cudaMemcpyKind kind)
{
    return copyNow({target, targetPitch, source, sourcePitch, width, height, kind});
}

cudaError_t cudaMemcpy2DAsync(void* target, std::size_t targetPitch, const void* source,
                              std::size_t sourcePitch, std::size_t width, std::size_t height,
                              cudaMemcpyKind kind, cudaStream_t stream)
{
    return copyLater({target, targetPitch, source, sourcePitch, width, height, kind}, stream);
}

cudaError_t cudaMemcpyPeerAsync(void* target, int targetDevice, const void* source, int sourceDevice,
                                std::size_t bytes, cudaStream_t stream)
{
    return call([&](Machine& all, MachineLock& lock) -> cudaError_t {
        if (!belongs(all, target, targetDevice) || !belongs(all, source, sourceDevice))
            return cudaErrorInvalidValue;
        return copy(all, lock, stream, linear(target, source, bytes, cudaMemcpyDeviceToDevice), false);
    });
}

cudaError_t cudaMemcpyPeer(void* target, int targetDevice, const void* source, int sourceDevice,
                           std::size_t bytes)
{
    return cudaMemcpyPeerAsync(target, targetDevice, source, sourceDevice, bytes, nullptr);
}

cudaError_t cudaMemset(void* target, int value, std::size_t bytes)
{
    return setLater({target, bytes, value, bytes, 1}, nullptr);
}

cudaError_t cudaMemsetAsync(void* target, int value, std::size_t bytes, cudaStream_t stream)
{
    return setLater({target, bytes, value, bytes, 1}, stream);
}

cudaError_t cudaMemset2DAsync(void* target, std::size_t pitch, int value, std::size_t width,
                              std::size_t height, cudaStream_t stream)
{
    return setLater({target, pitch, value, width, height}, stream);
}
}
