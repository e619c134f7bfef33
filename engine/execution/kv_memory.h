// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of the paged KV cache. Its blocks are pages: layers are numbered within one (kv_columns.h). Who
// holds which is not its business (engine/kv_cache).
// Owned by the executor; reserve, resize and transfer from the engine thread, rows from its compute threads.
#pragma once

#include <cstdint>
#include <span>

#include "engine/base/result.h"
#include "engine/execution/executor.h"
#include "engine/execution/huge_buffer.h"
#include "kernels/cpu/attention.h"
#include "kernels/cpu/kv_layout.h"

namespace vitrine::engine {

class KvMemory
{
public:
    /// Drops what was there first. A refusal says how much was asked for.
    Result<void> reserve(const kernels::cpu::KvLayout& layout);
    /// Host memory below the pool, in slots of one block; drops what was there. Pages become resident when
    /// they are used. REQUIRES: reserve() has succeeded.
    Result<void> reserveHost(std::size_t blocks);
    /// Keeps the contents of the blocks that stay. A refusal changes nothing.
    Result<void> resize(std::size_t blocks);
    /// In order; a later one may read what an earlier one wrote.
    void transfer(std::span<const KvTransfer> transfers);

    const kernels::cpu::KvLayout& layout() const { return m_layout; }
    std::uint64_t bytes() const { return m_memory.size(); }
    std::uint64_t hostBytes() const { return m_host.size(); }

    std::uint8_t* pool() { return m_memory.data(); } ///< as layout() says
    kernels::cpu::PagedKeys keys(std::size_t layer, std::size_t kvHead, const std::int32_t* blockTable)
    {
        return {pool() + m_layout.headOffset(layer, kvHead, 0), &m_layout, blockTable};
    }

private:
    std::uint8_t* block(std::int32_t index) const;
    std::uint8_t* slot(std::int32_t index) const;

    kernels::cpu::KvLayout m_layout;
    HugeBuffer m_memory;
    HugeBuffer m_host; ///< [slots, blockBytes]
    std::size_t m_slots = 0;
};

} // namespace vitrine::engine
