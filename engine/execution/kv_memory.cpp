// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/kv_memory.h"

#include <cstring>
#include <limits>
#include <string>

#include "engine/base/check.h"

namespace vitrine::engine {

namespace {

/// Total size, or 0 when it is beyond any address space.
std::size_t safeTotal(const kernels::cpu::KvLayout& layout)
{
    std::size_t total = 0;
    const std::size_t tokens = layout.blocks * layout.blockSize; // 32-bit numbers: no overflow
    if (__builtin_mul_overflow(tokens, layout.bytesPerToken(), &total) ||
        total > std::numeric_limits<std::size_t>::max() / 4)
        return 0;
    return total;
}

Error refused(const char* what, std::size_t blocks, std::size_t blockSize, std::size_t bytes)
{
    return outOfResources(std::string("the system does not give memory for ") + what + " of " +
                          std::to_string(blocks) + " blocks of " + std::to_string(blockSize) + " tokens (" +
                          std::to_string(bytes >> 20U) + " MiB); ask for fewer blocks");
}

} // namespace

Result<void> KvMemory::reserve(const kernels::cpu::KvLayout& layout)
{
    m_memory = HugeBuffer();
    m_host = HugeBuffer();
    m_slots = 0;
    m_layout = {};
    const std::size_t total = safeTotal(layout);
    if (total != 0)
        m_memory = HugeBuffer::allocate(total);
    if (!m_memory)
        return refused("a KV cache", layout.blocks, layout.blockSize, total);
    m_layout = layout;
    return {};
}

Result<void> KvMemory::reserveHost(std::size_t slots)
{
    m_host = HugeBuffer();
    m_slots = 0;
    if (slots == 0)
        return {};
    kernels::cpu::KvLayout host = m_layout;
    host.blocks = slots;
    const std::size_t total = safeTotal(host);
    if (total != 0)
        m_host = HugeBuffer::allocate(total);
    if (!m_host)
        return refused("a host tier", slots, m_layout.blockSize, total);
    m_slots = slots;
    return {};
}

Result<void> KvMemory::resize(std::size_t blocks)
{
    kernels::cpu::KvLayout layout = m_layout;
    layout.blocks = blocks;
    const std::size_t total = safeTotal(layout);
    if (total == 0 || !m_memory.resize(total))
        return refused("a KV cache", blocks, layout.blockSize, total);
    m_layout = layout;
    return {};
}

std::uint8_t* KvMemory::block(std::int32_t index) const
{
    VT_CHECK(index >= 0 && static_cast<std::size_t>(index) < m_layout.blocks);
    return m_memory.data() + static_cast<std::size_t>(index) * m_layout.blockBytes();
}

std::uint8_t* KvMemory::slot(std::int32_t index) const
{
    VT_CHECK(index >= 0 && static_cast<std::size_t>(index) < m_slots);
    return m_host.data() + static_cast<std::size_t>(index) * m_layout.blockBytes();
}

void KvMemory::transfer(std::span<const KvTransfer> transfers)
{
    for (const KvTransfer& transfer : transfers) {
        const std::uint8_t* from =
            transfer.kind == KvTransfer::Kind::SwapIn ? slot(transfer.from) : block(transfer.from);
        std::uint8_t* to =
            transfer.kind == KvTransfer::Kind::SwapOut ? slot(transfer.to) : block(transfer.to);
        std::memmove(to, from, m_layout.blockBytes());
    }
}

} // namespace vitrine::engine
