// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cuda/status.h"

#include <cuda_runtime_api.h>

#include "kernels/cuda/nccl_abi.h"

namespace vitrine::kernels::cuda {

namespace {

const char* describeNccl(int result)
{
    switch (result) {
    case nccl::UnhandledCudaError:
        return "a call of NCCL met an error of the GPU";
    case nccl::SystemError:
        return "a call of NCCL met an error of the system";
    case nccl::InvalidArgument:
    case nccl::InvalidUsage:
        return "NCCL refused a call: two ranks on one GPU, or ranks that do different things";
    case nccl::RemoteError:
        return "another GPU of the group is gone, or the way to it";
    default:
        return "a call of NCCL failed";
    }
}

} // namespace

const char* describe(Status status)
{
    if (status.code == kNcclLate)
        return "other GPUs of the group did not come in time";
    if (status.code >= kNcclStatus)
        return describeNccl(status.code - kNcclStatus);
    if (status.code >= kCublasStatus)
        return "a matrix product by cuBLAS failed";
    return cudaGetErrorString(static_cast<cudaError_t>(status.code));
}

bool isOutOfMemory(Status status)
{
    return status.code == cudaErrorMemoryAllocation;
}

} // namespace vitrine::kernels::cuda
