// SPDX-License-Identifier: GPL-3.0-or-later
#include "work_kernels.h"

#include "kernels/cuda/device.h"

namespace {

__global__ void scale(int* values, int count, int factor, int summand)
{
    for (int i = int(threadIdx.x); i < count; i += int(blockDim.x))
        values[i] = values[i] * factor + summand;
}

__global__ void copyShifted(int* target, const int* source, int count, int shift)
{
    for (int i = int(threadIdx.x); i < count; i += int(blockDim.x))
        target[i + shift] = source[i];
}

__global__ void largeShared(int* out)
{
    __shared__ int fixed[10240];
    VT_DYNAMIC_SHARED(int, dynamic);
    fixed[threadIdx.x] = 1;
    dynamic[threadIdx.x] = 2;
    __syncthreads();
    if (threadIdx.x == 0)
        out[0] = fixed[31] + dynamic[31];
}

} // namespace

void launchScale(int* values, int count, int factor, int summand, cudaStream_t stream)
{
    VT_LAUNCH(scale, 1, 64, 0, stream, values, count, factor, summand);
}

void launchCopy(int* target, const int* source, int count, int shift, cudaStream_t stream)
{
    VT_LAUNCH(copyShifted, 1, 64, 0, stream, target, source, count, shift);
}

void launchLargeShared(int* out, size_t dynamicBytes)
{
    VT_LAUNCH(largeShared, 1, 32, dynamicBytes, nullptr, out);
}

cudaError_t allowLargeShared(int dynamicBytes)
{
    return cudaFuncSetAttribute(reinterpret_cast<const void*>(&largeShared),
                                cudaFuncAttributeMaxDynamicSharedMemorySize, dynamicBytes);
}

size_t largeSharedStaticBytes()
{
    cudaFuncAttributes attributes{};
    cudaFuncGetAttributes(&attributes, reinterpret_cast<const void*>(&largeShared));
    return attributes.sharedSizeBytes;
}
