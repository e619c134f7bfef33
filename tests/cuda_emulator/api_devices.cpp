// SPDX-License-Identifier: GPL-3.0-or-later
// Devices, versions and errors.
#include "cuda_emulator/machine.h"

#include <algorithm>
#include <cstring>
#include <cuda_runtime_api.h>
#include <iterator>

using namespace vitrine::cuda_emulator;

namespace {

struct ErrorText
{
    cudaError_t error;
    const char* name;
    const char* text;
};

#define VT_ERROR(name, text)                                                                                 \
    {                                                                                                        \
        name, #name, text                                                                                    \
    }
constexpr ErrorText kErrors[] = {
    VT_ERROR(cudaSuccess, "no error"),
    VT_ERROR(cudaErrorInvalidValue, "invalid argument"),
    VT_ERROR(cudaErrorMemoryAllocation, "out of memory"),
    VT_ERROR(cudaErrorInvalidConfiguration, "invalid configuration argument"),
    VT_ERROR(cudaErrorInvalidDeviceFunction, "invalid device function"),
    VT_ERROR(cudaErrorInsufficientDriver, "CUDA driver version is insufficient for CUDA runtime version"),
    VT_ERROR(cudaErrorNoDevice, "no CUDA-capable device is detected"),
    VT_ERROR(cudaErrorInvalidDevice, "invalid device ordinal"),
    VT_ERROR(cudaErrorInvalidResourceHandle, "invalid resource handle"),
    VT_ERROR(cudaErrorNotReady, "device not ready"),
    VT_ERROR(cudaErrorIllegalAddress, "an illegal memory access was encountered"),
    VT_ERROR(cudaErrorLaunchOutOfResources, "too many resources requested for launch"),
    VT_ERROR(cudaErrorLaunchFailure, "unspecified launch failure"),
    VT_ERROR(cudaErrorPeerAccessAlreadyEnabled, "peer access is already enabled"),
    VT_ERROR(cudaErrorPeerAccessNotEnabled, "peer access has not been enabled"),
    VT_ERROR(cudaErrorPeerAccessUnsupported, "peer access is not supported between these two devices"),
    VT_ERROR(cudaErrorHostMemoryAlreadyRegistered,
             "part or all of the requested memory range is already mapped"),
    VT_ERROR(cudaErrorHostMemoryNotRegistered, "pointer does not correspond to a registered memory region"),
    VT_ERROR(cudaErrorNotPermitted, "operation not permitted"),
    VT_ERROR(cudaErrorNotSupported, "operation not supported"),
    VT_ERROR(cudaErrorStreamCaptureUnsupported, "operation not permitted when stream is capturing"),
    VT_ERROR(cudaErrorStreamCaptureInvalidated, "operation failed due to a previous error during capture"),
    VT_ERROR(cudaErrorStreamCaptureMerge, "operation would result in a merge of separate capture sequences"),
    VT_ERROR(cudaErrorStreamCaptureUnmatched, "capture was not ended in the same stream as it began"),
    VT_ERROR(cudaErrorStreamCaptureUnjoined, "capturing stream has unjoined work"),
    VT_ERROR(cudaErrorStreamCaptureIsolation, "dependency created on uncaptured work in another stream"),
    VT_ERROR(cudaErrorStreamCaptureImplicit,
             "operation would make the legacy stream depend on a capturing stream"),
    VT_ERROR(cudaErrorCapturedEvent,
             "operation not permitted on an event last recorded in a capturing stream"),
    VT_ERROR(cudaErrorStreamCaptureWrongThread,
             "attempt to terminate a thread-local capture from another thread"),
    VT_ERROR(cudaErrorGraphExecUpdateFailure, "the graph update was not performed"),
    VT_ERROR(cudaErrorIllegalState, "the operation cannot be performed in the present state"),
};
#undef VT_ERROR

const ErrorText* find(cudaError_t error)
{
    const auto* found = std::ranges::find(kErrors, error, &ErrorText::error);
    return found == std::end(kErrors) ? nullptr : found;
}

bool exists(const Machine& all, int device)
{
    return device >= 0 && std::size_t(device) < all.devices.size();
}

cudaDeviceProp properties(const Device& device)
{
    cudaDeviceProp result{};
    device.facts.name.copy(result.name, sizeof(result.name) - 1);
    result.totalGlobalMem = device.facts.bytes;
    result.major = 9;
    result.minor = 0;
    result.multiProcessorCount = 8;
    result.warpSize = 32;
    result.maxThreadsPerBlock = 1024;
    result.maxThreadsPerMultiProcessor = 2048;
    result.sharedMemPerBlock = std::size_t(48) << 10;
    result.sharedMemPerBlockOptin = std::size_t(227) << 10;
    result.sharedMemPerMultiprocessor = std::size_t(228) << 10;
    result.reservedSharedMemPerBlock = 1024;
    result.regsPerBlock = result.regsPerMultiprocessor = 65536;
    const int threads[] = {1024, 1024, 64};
    const int grid[] = {0x7FFFFFFF, 65535, 65535};
    std::copy(std::begin(threads), std::end(threads), result.maxThreadsDim);
    std::copy(std::begin(grid), std::end(grid), result.maxGridSize);
    result.l2CacheSize = 50 << 20;
    result.memoryBusWidth = 5120;
    result.unifiedAddressing = result.canMapHostMemory = result.memoryPoolsSupported = 1;
    result.asyncEngineCount = 3;
    result.concurrentKernels = 1;
    return result;
}

cudaError_t attribute(const Device& device, cudaDeviceAttr wanted, int* value)
{
    const cudaDeviceProp facts = properties(device);
    switch (wanted) {
    case cudaDevAttrMaxThreadsPerBlock:
        *value = facts.maxThreadsPerBlock;
        break;
    case cudaDevAttrMaxSharedMemoryPerBlock:
        *value = int(facts.sharedMemPerBlock);
        break;
    case cudaDevAttrMaxSharedMemoryPerBlockOptin:
        *value = int(facts.sharedMemPerBlockOptin);
        break;
    case cudaDevAttrMaxSharedMemoryPerMultiprocessor:
        *value = int(facts.sharedMemPerMultiprocessor);
        break;
    case cudaDevAttrWarpSize:
        *value = facts.warpSize;
        break;
    case cudaDevAttrMultiProcessorCount:
        *value = facts.multiProcessorCount;
        break;
    case cudaDevAttrComputeCapabilityMajor:
        *value = facts.major;
        break;
    case cudaDevAttrComputeCapabilityMinor:
        *value = facts.minor;
        break;
    case cudaDevAttrL2CacheSize:
        *value = facts.l2CacheSize;
        break;
    case cudaDevAttrGlobalMemoryBusWidth:
        *value = facts.memoryBusWidth;
        break;
    case cudaDevAttrMemoryClockRate:
        *value = 2619000;
        break;
    case cudaDevAttrClockRate:
        *value = 1980000;
        break;
    case cudaDevAttrMemoryPoolsSupported:
    case cudaDevAttrUnifiedAddressing:
        *value = 1;
        break;
    default:
        return cudaErrorInvalidValue;
    }
    return cudaSuccess;
}

} // namespace

extern "C" {

const char* cudaGetErrorName(cudaError_t error)
{
    const ErrorText* found = find(error);
    return found != nullptr ? found->name : "unrecognized error code";
}

const char* cudaGetErrorString(cudaError_t error)
{
    const ErrorText* found = find(error);
    return found != nullptr ? found->text : "unrecognized error code";
}

cudaError_t cudaPeekAtLastError()
{
    Machine& all = machine();
    const MachineLock lock(all.mutex);
    const cudaError_t sticky = all.devices.empty() ? cudaSuccess : all.device().sticky;
    return sticky != cudaSuccess ? sticky : lastError();
}

cudaError_t cudaGetLastError()
{
    const cudaError_t error = cudaPeekAtLastError();
    lastError() = cudaSuccess;
    return error;
}

cudaError_t cudaGetDeviceCount(int* count)
{
    return call(
        [&](Machine& all, MachineLock&) {
            *count = int(all.devices.size());
            return cudaSuccess;
        },
        Entry::Always);
}

cudaError_t cudaGetDevice(int* device)
{
    return call(
        [&](Machine&, MachineLock&) {
            *device = Machine::currentDevice();
            return cudaSuccess;
        },
        Entry::Always);
}

cudaError_t cudaSetDevice(int device)
{
    return call(
        [&](Machine& all, MachineLock&) {
            if (!exists(all, device))
                return cudaErrorInvalidDevice;
            Machine::setCurrentDevice(device);
            return all.device().sticky;
        },
        Entry::Always);
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* result, int device)
{
    return call([&](Machine& all, MachineLock&) {
        if (!exists(all, device))
            return cudaErrorInvalidDevice;
        *result = properties(all.devices[std::size_t(device)]);
        return cudaSuccess;
    });
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr wanted, int device)
{
    return call([&](Machine& all, MachineLock&) {
        return exists(all, device) ? attribute(all.devices[std::size_t(device)], wanted, value)
                                   : cudaErrorInvalidDevice;
    });
}

cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total)
{
    return call([&](Machine& all, MachineLock&) {
        *total = all.device().facts.bytes;
        const std::size_t limit = all.memory.limit(Machine::currentDevice());
        *free = limit - std::min(limit, all.memory.used(Machine::currentDevice()));
        return cudaSuccess;
    });
}

cudaError_t cudaDriverGetVersion(int* version)
{
    return call(
        [&](Machine&, MachineLock&) {
            *version = CUDART_VERSION;
            return cudaSuccess;
        },
        Entry::Always);
}

cudaError_t cudaRuntimeGetVersion(int* version)
{
    *version = CUDART_VERSION;
    return cudaSuccess;
}

cudaError_t cudaDeviceCanAccessPeer(int* can, int device, int peer)
{
    return call([&](Machine& all, MachineLock&) {
        if (!exists(all, device) || !exists(all, peer))
            return cudaErrorInvalidDevice;
        *can = device != peer ? 1 : 0;
        return cudaSuccess;
    });
}

cudaError_t cudaDeviceEnablePeerAccess(int peer, unsigned flags)
{
    return call([&](Machine& all, MachineLock&) {
        if (!exists(all, peer) || peer == Machine::currentDevice())
            return cudaErrorInvalidDevice;
        if (flags != 0)
            return cudaErrorInvalidValue;
        return all.device().peers.insert(peer).second ? cudaSuccess : cudaErrorPeerAccessAlreadyEnabled;
    });
}

cudaError_t cudaDeviceDisablePeerAccess(int peer)
{
    return call([&](Machine& all, MachineLock&) {
        return all.device().peers.erase(peer) > 0 ? cudaSuccess : cudaErrorPeerAccessNotEnabled;
    });
}

cudaError_t cudaDeviceSynchronize()
{
    return call([&](Machine& all, MachineLock& lock) {
        if (const cudaError_t error = all.forbidWhileCapturing())
            return error;
        all.queue.finishDevice(Machine::currentDevice(), lock);
        return all.device().sticky;
    });
}

cudaError_t cudaDeviceReset()
{
    return call(
        [&](Machine& all, MachineLock& lock) {
            all.queue.finishDevice(Machine::currentDevice(), lock);
            all.device().sticky = cudaSuccess;
            lastError() = cudaSuccess;
            return cudaSuccess;
        },
        Entry::Always);
}

cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* greatest)
{
    return call([&](Machine&, MachineLock&) {
        *least = 0;
        *greatest = -5;
        return cudaSuccess;
    });
}
}
