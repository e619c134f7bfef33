// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that processes of one user share: without a name, so that it collides with nobody's and is gone with
// the last process that has it, however that ends. Only who is given the descriptor can map it. Its size is
// sealed: nobody can cut it short under another's feet. One owner; any thread may read and write.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/base/result.h"

namespace vitrine::engine {

class SharedMemory
{
public:
    SharedMemory() = default;
    ~SharedMemory();
    SharedMemory(SharedMemory&& other) noexcept;
    SharedMemory& operator=(SharedMemory&& other) noexcept;

    /// Zeros. `purpose`: for /proc. OutOfResources.
    static Result<SharedMemory> create(std::string_view purpose, std::size_t bytes);
    /// Of a descriptor that another process has made so; takes it over, also where it is refused. BadInput:
    /// it is no such memory, or its size is not sealed.
    static Result<SharedMemory> adopt(int descriptor);

    std::byte* data() const { return m_data; }
    std::size_t size() const { return m_size; }
    int descriptor() const { return m_descriptor; } ///< closed when a program is executed

private:
    SharedMemory(int descriptor, std::byte* data, std::size_t size)
        : m_descriptor(descriptor), m_data(data), m_size(size)
    {}
    void release();

    int m_descriptor = -1;
    std::byte* m_data = nullptr;
    std::size_t m_size = 0;
};

} // namespace vitrine::engine
