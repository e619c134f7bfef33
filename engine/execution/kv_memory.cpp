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

} // namespace

Result<void> KvMemory::reserve(const kernels::cpu::KvLayout& layout)
{
    m_memory = HugeBuffer();
    m_layout = {};
    const std::size_t total = safeTotal(layout);
    if (total != 0)
        m_memory = HugeBuffer::allocate(total);
    if (!m_memory)
        return outOfResources("the system does not give memory for a KV cache of " +
                              std::to_string(layout.blocks) + " blocks of " +
                              std::to_string(layout.blockSize) + " tokens (" + std::to_string(total >> 20U) +
                              " MiB); ask for fewer blocks");
    m_layout = layout;
    return {};
}

void KvMemory::copyBlocks(std::span<const BlockCopy> copies)
{
    const auto known = [this](BlockId block) {
        return block.value >= 0 && static_cast<std::size_t>(block.value) < m_layout.blocks;
    };
    const std::size_t bytes = m_layout.blockBytes();
    for (const BlockCopy& copy : copies) {
        VT_CHECK(known(copy.from) && known(copy.to));
        std::memmove(m_memory.data() + static_cast<std::size_t>(copy.to.value) * bytes,
                     m_memory.data() + static_cast<std::size_t>(copy.from.value) * bytes, bytes);
    }
}

} // namespace vitrine::engine
