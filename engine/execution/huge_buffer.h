// SPDX-License-Identifier: GPL-3.0-or-later
// Zeroed memory straight from the operating system, 64-byte aligned at least, on huge pages where it is
// large. A failed allocation is a null buffer, not an exception. One owner; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace vitrine::engine {

class HugeBuffer
{
public:
    HugeBuffer() = default;
    /// Null when the system refuses.
    static HugeBuffer allocate(std::size_t bytes);
    ~HugeBuffer() { release(); }
    HugeBuffer(HugeBuffer&& other) noexcept { swap(other); }
    HugeBuffer& operator=(HugeBuffer&& other) noexcept
    {
        swap(other);
        return *this;
    }

    /// Keeps the contents up to the smaller size and moves no bytes, only pages; new ones are zero. False,
    /// and nothing changed, when the system refuses.
    bool resize(std::size_t bytes);

    std::uint8_t* data() const { return m_data; }
    std::size_t size() const { return m_size; }
    explicit operator bool() const { return m_data != nullptr; }

    template<class T>
    T* as() const
    {
        return reinterpret_cast<T*>(m_data);
    }

private:
    void adviseHuge();
    void release();
    void swap(HugeBuffer& other)
    {
        std::swap(m_data, other.m_data);
        std::swap(m_size, other.m_size);
    }

    std::uint8_t* m_data = nullptr;
    std::size_t m_size = 0;
};

} // namespace vitrine::engine
