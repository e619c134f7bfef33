// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/weight_arena.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include <fcntl.h>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

constexpr std::uint64_t kMark = 0x5356'5750'4e45'4c53; // "these are packed panels"
constexpr std::size_t kPageBytes = 4096;               // the matrices begin on the second page

/// The first page of shared weights.
struct SharedHeader
{
    std::uint64_t mark = 0;
    WeightIdentity identity;
    std::uint64_t bytes = 0;
};

} // namespace

Result<WeightArena> WeightArena::own(std::size_t bytes)
{
    WeightArena arena;
    arena.m_own = HugeBuffer::allocate(bytes);
    if (!arena.m_own)
        return outOfResources("the system does not give " + std::to_string(bytes >> 20U) +
                              " MiB for packed weights");
    return arena;
}

Result<WeightArena> WeightArena::shared(int descriptor, std::size_t bytes, const WeightIdentity& identity)
{
    const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        return badInput("descriptor " + std::to_string(descriptor) +
                        " for shared weights cannot be used: " + std::strerror(errno));
    Result<SealedMemory> memory = SealedMemory::adopt(copy);
    if (!memory)
        return memory.error();
    WeightArena arena;
    arena.m_memory = std::move(*memory);
    arena.m_filled = arena.m_memory.isSealed();
    const Result<void> ready = arena.m_filled ? arena.check(bytes, identity) : arena.begin(bytes, identity);
    if (!ready)
        return ready.error();
    return arena;
}

Result<void> WeightArena::begin(std::size_t bytes, const WeightIdentity& identity)
{
    Result<std::byte*> data = m_memory.fill(kPageBytes + std::max<std::size_t>(bytes, 1));
    if (!data)
        return data.error();
    new (*data) SharedHeader{kMark, identity, bytes};
    m_filling = *data;
    return {};
}

Result<void> WeightArena::check(std::size_t bytes, const WeightIdentity& identity) const
{
    SharedHeader header;
    if (m_memory.size() >= kPageBytes)
        std::memcpy(&header, m_memory.data(), sizeof header);
    if (header.mark != kMark || header.bytes != bytes ||
        m_memory.size() != kPageBytes + std::max<std::size_t>(bytes, 1))
        return badInput("the memory given for shared weights holds none of " + std::to_string(bytes) +
                        " bytes; start the replicas anew");
    if (header.identity != identity)
        return badInput("the memory given for shared weights holds those of another model, another part of "
                        "it, or of the file before it was changed; start the replicas anew");
    return {};
}

std::uint8_t* WeightArena::filling() const
{
    if (m_filled)
        return nullptr;
    return m_filling != nullptr ? reinterpret_cast<std::uint8_t*>(m_filling + kPageBytes) : m_own.data();
}

Result<void> WeightArena::finish()
{
    VT_CHECK(!m_filled);
    if (std::exchange(m_filling, nullptr) != nullptr)
        if (Result<void> sealed = m_memory.seal(); !sealed)
            return sealed;
    m_filled = true;
    return {};
}

const std::uint8_t* WeightArena::data() const
{
    VT_CHECK(m_filled);
    return isShared() ? reinterpret_cast<const std::uint8_t*>(m_memory.data() + kPageBytes) : m_own.data();
}

} // namespace vitrine::engine
