// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/converted_memory.h"

#include <string>
#include <utility>

#include <sys/mman.h>

namespace vitrine::engine {

Result<ConvertedMemory> ConvertedMemory::reserve(std::size_t bytes)
{
    ConvertedMemory memory;
    if (bytes == 0)
        return memory;
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* address = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kFlags, -1, 0);
    if (address == MAP_FAILED)
        return outOfResources("there is no room in memory for " + std::to_string(bytes) +
                              " bytes of converted weights");
    memory.m_data = static_cast<std::uint8_t*>(address);
    memory.m_size = bytes;
    return memory;
}

ConvertedMemory::ConvertedMemory(ConvertedMemory&& other) noexcept
    : m_data(std::exchange(other.m_data, nullptr)), m_size(std::exchange(other.m_size, 0))
{}

ConvertedMemory& ConvertedMemory::operator=(ConvertedMemory&& other) noexcept
{
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    return *this;
}

ConvertedMemory::~ConvertedMemory()
{
    if (m_data != nullptr)
        ::munmap(m_data, m_size);
}

} // namespace vitrine::engine
