// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cuda/status.h"

#include <cuda_runtime_api.h>

namespace vitrine::kernels::cuda {

const char* describe(Status status)
{
    if (status.code >= kCublasStatus)
        return "a matrix product by cuBLAS failed";
    return cudaGetErrorString(static_cast<cudaError_t>(status.code));
}

bool isOutOfMemory(Status status)
{
    return status.code == cudaErrorMemoryAllocation;
}

} // namespace vitrine::kernels::cuda
