// SPDX-License-Identifier: GPL-3.0-or-later
// VT_LAUNCH and VT_DYNAMIC_SHARED for the emulator. The arguments are copied at the launch, as CUDA does.
#pragma once

#include "cuda_emulator/kernel_launch.h"
#include "cuda_emulator/qualifiers.h"

namespace vitrine::cuda_emulator {

// Checks the launch and gives it to the stream. Errors are those of cudaGetLastError.
void enqueueLaunch(KernelLaunch launch, cudaStream_t stream);
void* dynamicShared();

template<typename T>
void notePointer(KernelLaunch& launch, const T& value)
{
    if constexpr (std::is_pointer_v<T>) {
        if (value != nullptr)
            launch.pointers.push_back(const_cast<const void*>(static_cast<const volatile void*>(value)));
    }
}

template<typename... Parameters, typename... Arguments>
void launchKernel(const char* name, void (*kernel)(Parameters...), dim3 grid, dim3 block,
                  std::size_t dynamicShared, cudaStream_t stream, Arguments&&... arguments)
{
    static_assert(sizeof...(Parameters) == sizeof...(Arguments),
                  "a kernel is launched with all its arguments");
    using Values = std::tuple<std::remove_const_t<Parameters>...>;
    Values values{static_cast<Parameters>(std::forward<Arguments>(arguments))...};
    KernelLaunch launch;
    launch.name = name;
    launch.function = reinterpret_cast<const void*>(kernel);
    launch.grid = grid;
    launch.block = block;
    launch.dynamicShared = dynamicShared;
    std::apply([&](const auto&... each) { (notePointer(launch, each), ...); }, values);
    launch.body = [kernel, values] { std::apply(kernel, values); };
    enqueueLaunch(std::move(launch), stream);
}

} // namespace vitrine::cuda_emulator

// As CUDA's headers have them for its own compiler.
template<typename... Parameters>
cudaError_t cudaFuncSetAttribute(void (*kernel)(Parameters...), cudaFuncAttribute attribute, int value)
{
    return ::cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel), attribute, value);
}

template<typename... Parameters>
cudaError_t cudaFuncGetAttributes(cudaFuncAttributes* attributes, void (*kernel)(Parameters...))
{
    return ::cudaFuncGetAttributes(attributes, reinterpret_cast<const void*>(kernel));
}

template<typename... Parameters>
cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void (*kernel)(Parameters...),
                                                          int threads, std::size_t dynamicShared)
{
    return ::cudaOccupancyMaxActiveBlocksPerMultiprocessor(blocks, reinterpret_cast<const void*>(kernel),
                                                           threads, dynamicShared);
}

#define VT_LAUNCH(kernel, grid, block, sharedBytes, stream, ...)                                             \
    ::vitrine::cuda_emulator::launchKernel(#kernel, kernel, grid, block, sharedBytes,                        \
                                           stream __VA_OPT__(, ) __VA_ARGS__)
#define VT_DYNAMIC_SHARED(Type, name)                                                                        \
    Type* name = static_cast<Type*>(::vitrine::cuda_emulator::dynamicShared())
