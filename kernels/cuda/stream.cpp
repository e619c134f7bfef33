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

Status OwnedEvent::ask(bool& happened) const
{
    const cudaError_t asked = cudaEventQuery(m_event);
    happened = asked == cudaSuccess;
    if (asked == cudaErrorNotReady)
        (void)cudaGetLastError(); // no error: it is not told to whoever asks next
    return {asked == cudaErrorNotReady ? 0 : static_cast<int>(asked)};
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

Status copyRows(void* to, std::size_t toPitch, const void* from, std::size_t fromPitch, std::size_t width,
                std::size_t count, Stream stream)
{
    if (width == 0 || count == 0)
        return {};
    return {cudaMemcpy2DAsync(to, toPitch, from, fromPitch, width, count, cudaMemcpyDefault, stream)};
}

Status zeroBytes(void* at, std::size_t bytes, Stream stream)
{
    return bytes == 0 ? Status{} : Status{cudaMemsetAsync(at, 0, bytes, stream)};
}

} // namespace vitrine::kernels::cuda
