// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cuda/stream.h"

#include <cuda_runtime_api.h>

namespace vitrine::kernels::cuda {

OwnedStream::~OwnedStream()
{
    if (m_stream != nullptr)
        (void)cudaStreamDestroy(m_stream);
}

Status OwnedStream::create()
{
    return {cudaStreamCreateWithFlags(&m_stream, cudaStreamNonBlocking)};
}

OwnedEvent::~OwnedEvent()
{
    if (m_event != nullptr)
        (void)cudaEventDestroy(m_event);
}

Status OwnedEvent::create(bool timed)
{
    const unsigned flags = cudaEventBlockingSync | (timed ? 0U : cudaEventDisableTiming);
    return {cudaEventCreateWithFlags(&m_event, flags)};
}

Status OwnedEvent::record(Stream stream) const
{
    return {cudaEventRecord(m_event, stream)};
}

Status OwnedEvent::wait() const
{
    return {cudaEventSynchronize(m_event)};
}

Status secondsBetween(Event from, Event to, double& seconds)
{
    float milliseconds = 0.0F;
    const Status status{cudaEventElapsedTime(&milliseconds, from, to)};
    seconds = double{milliseconds} * 1e-3;
    return status;
}

Status waitFor(Stream stream, Event event)
{
    return {cudaStreamWaitEvent(stream, event, 0)};
}

Status synchronize(Stream stream)
{
    return {cudaStreamSynchronize(stream)};
}

Status copyBytes(void* to, const void* from, std::size_t bytes, Stream stream)
{
    return bytes == 0 ? Status{} : Status{cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream)};
}

Status zeroBytes(void* at, std::size_t bytes, Stream stream)
{
    return bytes == 0 ? Status{} : Status{cudaMemsetAsync(at, 0, bytes, stream)};
}

} // namespace vitrine::kernels::cuda
