// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that one process fills once and that others only read: without a name, and after seal() nobody, not
// even who filled it, can change a byte or its size. It begins empty, so that it can be handed to processes
// before one of them knows how large it will be. One owner; any thread.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/base/result.h"

namespace vitrine::engine {

class SealedMemory
{
public:
    SealedMemory() = default;
    ~SealedMemory();
    SealedMemory(SealedMemory&& other) noexcept;
    SealedMemory& operator=(SealedMemory&& other) noexcept;

    /// `purpose`: for /proc. OutOfResources.
    static Result<SealedMemory> create(std::string_view purpose);
    /// Of a descriptor that another process has made so; takes it over, also where it is refused. BadInput:
    /// it is no such memory, or of a size that it cannot have.
    static Result<SealedMemory> adopt(int descriptor);

    bool isSealed() const { return m_sealed; }
    /// Zeros to write to until seal(), whatever was begun before. OutOfResources. REQUIRES: not sealed.
    Result<std::byte*> fill(std::size_t bytes);
    /// From now on only to be read, and where data() says. REQUIRES: filled.
    Result<void> seal();

    const std::byte* data() const { return m_data; } ///< null until it is sealed
    std::size_t size() const { return m_size; }
    int descriptor() const { return m_descriptor; } ///< closed when a program is executed

private:
    explicit SealedMemory(int descriptor) : m_descriptor(descriptor) {}
    Result<void> mapToRead();
    void unmap();

    int m_descriptor = -1;
    std::byte* m_data = nullptr;
    std::byte* m_filling = nullptr; ///< instead of m_data until it is sealed
    std::size_t m_size = 0;
    bool m_sealed = false;
};

} // namespace vitrine::engine
