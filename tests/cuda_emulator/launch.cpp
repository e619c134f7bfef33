// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels: what a launch may ask for, and what happens when it runs.
#include "cuda_emulator/launch.h"

#include "cuda_emulator/machine.h"
#include "cuda_emulator/shared_variables.h"

#include <algorithm>

namespace vitrine::cuda_emulator {

namespace {

constexpr std::size_t kUsualShared = std::size_t(48) << 10;
constexpr std::size_t kMostShared = std::size_t(227) << 10;
constexpr std::uint64_t kMostThreads = 1024;

bool validShape(const KernelLaunch& launch)
{
    const std::uint64_t threads = std::uint64_t(launch.block.x) * launch.block.y * launch.block.z;
    return threads > 0 && threads <= kMostThreads && launch.block.z <= 64 && launch.grid.x > 0 &&
           launch.grid.y > 0 && launch.grid.z > 0 && launch.grid.x <= 0x7FFFFFFFU && launch.grid.y <= 65535 &&
           launch.grid.z <= 65535;
}

std::size_t dynamicAllowed(const Machine& all, const void* function)
{
    const std::size_t fixed = sharedVariables(function).bytes;
    const auto asked = all.maxDynamicShared.find(function);
    if (asked != all.maxDynamicShared.end())
        return std::size_t(asked->second);
    return kUsualShared - std::min(kUsualShared, fixed);
}

// A pointer of the host given to a kernel is the error that the CPU would never show.
std::optional<Failure> checkPointers(Machine& all, const KernelLaunch& launch, int device)
{
    for (const void* pointer : launch.pointers) {
        const auto allocation = all.memory.find(pointer);
        if (!allocation)
            return Failure{cudaErrorIllegalAddress,
                           "kernel " + launch.name +
                               ": an argument points to no memory that the device knows"};
        if (allocation->kind != MemoryKind::Device || allocation->device == device)
            continue;
        const MachineLock lock(all.mutex);
        if (!all.devices[std::size_t(device)].peers.contains(allocation->device))
            return Failure{cudaErrorIllegalAddress,
                           "kernel " + launch.name + ": an argument points to memory of device " +
                               std::to_string(allocation->device) + ", which device " +
                               std::to_string(device) + " may not use"};
    }
    return std::nullopt;
}

std::optional<Failure> runKernel(const KernelLaunch& launch, int device, std::uint64_t seed)
{
    Machine& all = machine();
    {
        const MachineLock lock(all.mutex);
        if (all.takeFault(all.executionFault))
            return Failure{cudaErrorIllegalAddress,
                           "kernel " + launch.name + ": a failure that a test asked for"};
    }
    if (auto failure = checkPointers(all, launch, device))
        return failure;
    if (auto fault = all.grid.run(launch, seed))
        return Failure{cudaErrorLaunchFailure, std::move(fault->message)};
    return all.damageBy("kernel " + launch.name);
}

} // namespace

void enqueueLaunch(KernelLaunch launch, cudaStream_t handle)
{
    call([&](Machine& all, MachineLock&) -> cudaError_t {
        Stream* stream = all.stream(handle);
        if (stream == nullptr || stream->device != Machine::currentDevice())
            return cudaErrorInvalidResourceHandle;
        if (!validShape(launch))
            return cudaErrorInvalidConfiguration;
        if (launch.dynamicShared > dynamicAllowed(all, launch.function))
            return cudaErrorInvalidValue;
        if (all.takeFault(all.launchFault))
            return cudaErrorLaunchOutOfResources;
        Work work{WorkKind::Kernel, launch.name, {}};
        work.run = [launch = std::make_shared<const KernelLaunch>(std::move(launch)),
                    device = stream->device](std::uint64_t seed) { return runKernel(*launch, device, seed); };
        return all.submit(*stream, std::move(work));
    });
}

void* dynamicShared()
{
    return Block::current().dynamicShared();
}

} // namespace vitrine::cuda_emulator

using namespace vitrine::cuda_emulator;

extern "C" {

cudaError_t cudaFuncSetAttribute(const void* function, cudaFuncAttribute attribute, int value)
{
    return call([&](Machine& all, MachineLock&) -> cudaError_t {
        if (function == nullptr)
            return cudaErrorInvalidDeviceFunction;
        if (attribute == cudaFuncAttributePreferredSharedMemoryCarveout)
            return cudaSuccess;
        const std::size_t fixed = sharedVariables(function).bytes;
        if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize || value < 0 ||
            fixed + std::size_t(value) > kMostShared)
            return cudaErrorInvalidValue;
        all.maxDynamicShared[function] = value;
        return cudaSuccess;
    });
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, const void* function)
{
    return call([&](Machine& all, MachineLock&) -> cudaError_t {
        if (function == nullptr)
            return cudaErrorInvalidDeviceFunction;
        *attributes = {};
        attributes->sharedSizeBytes = sharedVariables(function).bytes;
        attributes->maxThreadsPerBlock = int(kMostThreads);
        attributes->maxDynamicSharedSizeBytes = int(dynamicAllowed(all, function));
        attributes->numRegs = 32;
        attributes->binaryVersion = attributes->ptxVersion = 90;
        return cudaSuccess;
    });
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, const void* function, int threads,
                                                          std::size_t dynamicShared)
{
    return call([&](Machine&, MachineLock&) -> cudaError_t {
        if (function == nullptr)
            return cudaErrorInvalidDeviceFunction;
        if (threads <= 0 || threads > int(kMostThreads))
            return cudaErrorInvalidValue;
        constexpr std::size_t kShared = std::size_t(228) << 10;
        const std::size_t shared = sharedVariables(function).bytes + dynamicShared + 1024;
        *blocks = int(
            std::min({std::size_t(32), std::size_t(2048 / ((threads + 31) / 32 * 32)), kShared / shared}));
        return cudaSuccess;
    });
}
}
