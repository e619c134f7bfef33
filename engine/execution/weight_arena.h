// SPDX-License-Identifier: GPL-3.0-or-later
// The memory of a model's packed matrices: this process's own, on huge pages, or pages that the processes of
// several replicas map, which the first of them has packed. Filled once, then only read. One owner; any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/result.h"
#include "engine/execution/huge_buffer.h"
#include "engine/execution/weight_identity.h"
#include "engine/parallel/sealed_memory.h"

namespace vitrine::engine {

class WeightArena
{
public:
    WeightArena() = default;
    /// OutOfResources.
    static Result<WeightArena> own(std::size_t bytes);
    /// In memory by this descriptor, which another process may have filled: then what it says of itself is
    /// compared first. Keeps a descriptor of its own. BadInput: other weights lie there.
    static Result<WeightArena> shared(int descriptor, std::size_t bytes, const WeightIdentity& identity);

    bool isFilled() const { return m_filled; } ///< by another process: there is nothing to pack
    std::uint8_t* filling() const;             ///< `bytes` to pack to; null once it is filled
    /// Packed. What lies in shared memory is sealed, and others find it.
    Result<void> finish();
    const std::uint8_t* data() const; ///< 64-byte aligned. REQUIRES: filled
    bool isShared() const { return m_memory.descriptor() >= 0; }

private:
    Result<void> begin(std::size_t bytes, const WeightIdentity& identity);
    Result<void> check(std::size_t bytes, const WeightIdentity& identity) const;

    HugeBuffer m_own;
    SealedMemory m_memory;
    std::byte* m_filling = nullptr; ///< of m_memory
    bool m_filled = false;
};

} // namespace vitrine::engine
