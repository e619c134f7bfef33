// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cuda/stopwatch.h"

#include <cuda_runtime_api.h>

namespace vitrine::kernels::cuda {

namespace {

Status timed(Stream stream, const std::function<Status()>& work, cudaEvent_t begin, cudaEvent_t end,
             double& seconds)
{
    if (const Status status{cudaEventRecord(begin, stream)}; !status)
        return status;
    if (const Status status = work(); !status)
        return status;
    if (const Status status{cudaEventRecord(end, stream)}; !status)
        return status;
    if (const Status status{cudaEventSynchronize(end)}; !status)
        return status;
    float milliseconds = 0.0F;
    const Status status{cudaEventElapsedTime(&milliseconds, begin, end)};
    seconds = double{milliseconds} * 1e-3;
    return status;
}

} // namespace

Status timeOnDevice(Stream stream, const std::function<Status()>& work, double& seconds)
{
    cudaEvent_t begin = nullptr, end = nullptr;
    Status status{cudaEventCreate(&begin)};
    if (status)
        status = {cudaEventCreate(&end)};
    if (status)
        status = timed(stream, work, begin, end, seconds);
    for (const cudaEvent_t event : {begin, end})
        if (event != nullptr)
            (void)cudaEventDestroy(event);
    return status;
}

} // namespace vitrine::kernels::cuda
