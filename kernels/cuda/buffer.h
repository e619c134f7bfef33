// SPDX-License-Identifier: GPL-3.0-or-later
// Memory of the current device, and host memory that its copy engines reach (pinned). One owner each; a
// failed allocation is a null buffer and a Status. Freed on whatever thread: the runtime knows the device of
// a pointer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "kernels/cuda/status.h"

namespace vitrine::kernels::cuda {

enum class Memory : std::uint8_t { Device, Pinned };

template<Memory kind>
class Buffer
{
public:
    Buffer() = default;
    ~Buffer() { release(); }
    Buffer(Buffer&& other) noexcept { swap(other); }
    Buffer& operator=(Buffer&& other) noexcept
    {
        swap(other);
        return *this;
    }

    /// What was there is freed first. Contents are undefined.
    Status allocate(std::size_t bytes);
    void release();

    std::uint8_t* data() const { return m_data; }
    std::size_t size() const { return m_size; }
    explicit operator bool() const { return m_data != nullptr; }
    template<class T>
    T* as(std::size_t byteOffset = 0) const
    {
        return reinterpret_cast<T*>(m_data + byteOffset);
    }

private:
    void swap(Buffer& other)
    {
        std::swap(m_data, other.m_data);
        std::swap(m_size, other.m_size);
    }

    std::uint8_t* m_data = nullptr;
    std::size_t m_size = 0;
};

using DeviceBuffer = Buffer<Memory::Device>;
using PinnedBuffer = Buffer<Memory::Pinned>;

/// Where parts of a buffer start.
constexpr std::size_t aligned(std::size_t bytes)
{
    return (bytes + 255) / 256 * 256;
}

} // namespace vitrine::kernels::cuda
