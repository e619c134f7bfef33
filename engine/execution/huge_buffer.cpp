// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/huge_buffer.h"

#include <algorithm>
#include <sys/mman.h>

namespace vitrine::engine {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;

std::size_t roundUp(std::size_t bytes, std::size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

} // namespace

HugeBuffer HugeBuffer::allocate(std::size_t bytes)
{
    const bool huge = bytes >= kHugePage;
    const std::size_t size = roundUp(std::max<std::size_t>(bytes, 1), huge ? kHugePage : 4096);
    if (size < bytes)
        return {};
    // An aligned start lets every page of the buffer be a huge one; the rest is given back.
    const std::size_t mapped = huge ? size + kHugePage : size;
    void* start = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED)
        return {};
    HugeBuffer buffer;
    buffer.m_data = static_cast<std::uint8_t*>(start);
    buffer.m_size = size;
    if (huge) {
        const auto address = reinterpret_cast<std::uintptr_t>(start);
        const std::size_t skipped = roundUp(address, kHugePage) - address;
        buffer.m_data += skipped;
        if (skipped > 0)
            munmap(start, skipped);
        if (const std::size_t rest = mapped - skipped - size; rest > 0)
            munmap(buffer.m_data + size, rest);
        buffer.adviseHuge();
    }
    return buffer;
}

void HugeBuffer::adviseHuge()
{
    if (m_size >= kHugePage)
        madvise(m_data, m_size, MADV_HUGEPAGE);
}

bool HugeBuffer::resize(std::size_t bytes)
{
    HugeBuffer fresh = allocate(bytes);
    if (!fresh)
        return false;
    if (m_data != nullptr) {
        // Moving and growing in one call leaves one mapping: of several, most kernels move none.
        const std::size_t moved = std::min(m_size, fresh.m_size);
        if (mremap(m_data, moved, fresh.m_size, MREMAP_MAYMOVE | MREMAP_FIXED, fresh.m_data) == MAP_FAILED)
            return false;
        if (m_size > moved)
            munmap(m_data + moved, m_size - moved);
        m_data = nullptr;
        fresh.adviseHuge(); // what was moved may have been too small for it
    }
    swap(fresh);
    return true;
}

void HugeBuffer::release()
{
    if (m_data != nullptr)
        munmap(m_data, m_size);
    m_data = nullptr;
}

} // namespace vitrine::engine
