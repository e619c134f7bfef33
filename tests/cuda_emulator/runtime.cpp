// SPDX-License-Identifier: GPL-3.0-or-later
// The runtime API.
#include "cuda_emulator/control.h"
#include "cuda_emulator/grid.h"
#include "cuda_emulator/launch.h"
#include "cuda_emulator/shared_variables.h"

#include <cstdlib>
#include <mutex>

namespace vitrine::cuda_emulator {

namespace {

struct Runtime
{
    std::mutex mutex;
    Grid grid;
    std::uint64_t seed = 0;
    std::string fault;
    cudaError_t sticky = cudaSuccess;
    cudaError_t last = cudaSuccess;
};

Runtime& runtime()
{
    static Runtime instance;
    return instance;
}

bool acceptable(const KernelLaunch& launch)
{
    const auto threads = std::uint64_t(launch.block.x) * launch.block.y * launch.block.z;
    const std::size_t fixed = sharedVariables(launch.function).bytes;
    return threads > 0 && threads <= 1024 && launch.block.z <= 64 && launch.grid.x > 0 && launch.grid.y > 0 &&
           launch.grid.z > 0 && launch.grid.x <= 0x7FFFFFFFU && launch.grid.y <= 65535 &&
           launch.grid.z <= 65535 && fixed + launch.dynamicShared <= 232448;
}

} // namespace

void reset()
{
    Runtime& all = runtime();
    const std::lock_guard lock(all.mutex);
    all.seed = 0;
    all.fault.clear();
    all.sticky = all.last = cudaSuccess;
}

void setSeed(std::uint64_t seed)
{
    const std::lock_guard lock(runtime().mutex);
    runtime().seed = seed;
}

std::string lastFault()
{
    const std::lock_guard lock(runtime().mutex);
    return runtime().fault;
}

void enqueueLaunch(KernelLaunch launch, cudaStream_t)
{
    Runtime& all = runtime();
    const std::lock_guard lock(all.mutex);
    if (all.sticky != cudaSuccess)
        return;
    if (!acceptable(launch)) {
        all.last = cudaErrorInvalidConfiguration;
        return;
    }
    if (auto fault = all.grid.run(launch, all.seed)) {
        std::fprintf(stderr, "cuda emulator: %s\n", fault->message.c_str());
        all.fault = std::move(fault->message);
        all.sticky = all.last = cudaErrorLaunchFailure;
    }
}

void* dynamicShared()
{
    return Block::current().dynamicShared();
}

} // namespace vitrine::cuda_emulator

using vitrine::cuda_emulator::runtime;

extern "C" {

cudaError_t cudaGetLastError()
{
    const std::lock_guard lock(runtime().mutex);
    const cudaError_t error = runtime().last;
    runtime().last = runtime().sticky;
    return error;
}

cudaError_t cudaPeekAtLastError()
{
    const std::lock_guard lock(runtime().mutex);
    return runtime().last;
}

cudaError_t cudaDeviceSynchronize()
{
    const std::lock_guard lock(runtime().mutex);
    return runtime().sticky;
}

cudaError_t cudaMalloc(void** place, size_t bytes)
{
    *place = std::malloc(bytes);
    return *place != nullptr ? cudaSuccess : cudaErrorMemoryAllocation;
}

cudaError_t cudaFree(void* place)
{
    std::free(place);
    return cudaSuccess;
}

cudaError_t cudaMemcpy(void* target, const void* source, size_t bytes, cudaMemcpyKind)
{
    std::memcpy(target, source, bytes);
    return cudaSuccess;
}
}
