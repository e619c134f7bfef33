// SPDX-License-Identifier: GPL-3.0-or-later
// Hash tables of a tokeniser's inner loop: open addressing, filled once, then read by any thread.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/ids.h"

namespace vitrine::engine {

/// Token text to its id. The texts belong to the caller, indexed by id.
class TokenTable
{
public:
    /// `texts` must stay where it is while the table is used.
    void reset(std::span<const std::string_view> texts, std::size_t expected);
    /// False when another token has the same text.
    bool insert(TokenId id);
    std::optional<TokenId> find(std::string_view text) const;

private:
    struct Slot
    {
        std::uint32_t hash = 0;
        TokenId id = -1;
    };
    std::size_t slotOf(std::string_view text, std::uint64_t hash) const;

    std::span<const std::string_view> m_texts;
    std::vector<Slot> m_slots;
    std::size_t m_mask = 0;
};

/// What two neighbouring symbols become, and how early.
struct Merge
{
    std::uint32_t rank =
        std::numeric_limits<std::uint32_t>::max(); ///< the lowest merges first; max: no merge
    std::int32_t symbol = -1;
    bool exists() const { return symbol >= 0; }
};

/// Pair of symbols to its merge.
class MergeTable
{
public:
    explicit MergeTable(std::size_t expected = 0)
        : m_slots(std::bit_ceil(expected * 2 + 1)), m_mask(m_slots.size() - 1)
    {}
    /// Keeps what is there when the pair is known already.
    void insert(std::int32_t left, std::int32_t right, Merge merge)
    {
        Slot& slot = m_slots[slotOf(key(left, right))];
        if (!slot.merge.exists())
            slot = {key(left, right), merge};
    }
    Merge find(std::int32_t left, std::int32_t right) const
    {
        return m_slots[slotOf(key(left, right))].merge;
    }

private:
    struct Slot
    {
        std::uint64_t key = 0;
        Merge merge;
    };
    static std::uint64_t key(std::int32_t left, std::int32_t right)
    {
        return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32 |
               static_cast<std::uint32_t>(right);
    }
    std::size_t slotOf(std::uint64_t wanted) const
    {
        std::uint64_t mixed = wanted * 0x9E3779B97F4A7C15ULL;
        mixed ^= mixed >> 32;
        std::size_t slot = mixed & m_mask;
        while (m_slots[slot].merge.exists() && m_slots[slot].key != wanted)
            slot = (slot + 1) & m_mask;
        return slot;
    }

    std::vector<Slot> m_slots;
    std::size_t m_mask;
};

} // namespace vitrine::engine
