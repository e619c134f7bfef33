// SPDX-License-Identifier: GPL-3.0-or-later
// What every CUDA source begins with. A source compiles in two ways: by nvcc for devices, and by a C++
// compiler against an emulator on the CPU. Two things that nvcc spells in a syntax of its own are macros:
//   VT_LAUNCH(kernel, grid, block, sharedBytes, stream, arguments...)   a name with commas stands in
//   parentheses VT_DYNAMIC_SHARED(Type, name)   at the beginning of a kernel: Type* name, aligned to 16
//   bytes, one a kernel
// So that the emulator can find them, __shared__ variables are declared in the kernel itself, and kernels
// stand in unnamed namespaces.
#pragma once

#if defined(VITRINE_CUDA_EMULATOR)

#include "cuda_emulator/device.h"

#else

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>
#include <cuda_runtime.h>

#define VT_LAUNCH(kernel, grid, block, sharedBytes, stream, ...)                                             \
    kernel<<<grid, block, sharedBytes, stream>>>(__VA_ARGS__)
#define VT_DYNAMIC_SHARED(Type, name)                                                                        \
    extern __shared__ __align__(16) unsigned char vitrineDynamicShared[];                                    \
    Type* name = reinterpret_cast<Type*>(vitrineDynamicShared)

#endif
