// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/cuda/buffer.h"

#include <cuda_runtime_api.h>

namespace vitrine::kernels::cuda {

namespace {

cudaError_t take(Memory kind, void** data, std::size_t bytes)
{
    return kind == Memory::Device ? cudaMalloc(data, bytes)
                                  : cudaHostAlloc(data, bytes, cudaHostAllocPortable);
}

} // namespace

template<Memory kind>
Status Buffer<kind>::allocate(std::size_t bytes)
{
    release();
    void* data = nullptr;
    const Status status{take(kind, &data, bytes == 0 ? 1 : bytes)};
    if (!status) {
        (void)cudaGetLastError(); // it is told here, not to whoever asks next
        return status;
    }
    m_data = static_cast<std::uint8_t*>(data);
    m_size = bytes;
    return status;
}

template<Memory kind>
void Buffer<kind>::release()
{
    if (m_data == nullptr)
        return;
    (void)(kind == Memory::Device ? cudaFree(m_data) : cudaFreeHost(m_data));
    m_data = nullptr;
    m_size = 0;
}

template class Buffer<Memory::Device>;
template class Buffer<Memory::Pinned>;

} // namespace vitrine::kernels::cuda
