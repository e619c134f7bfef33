// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/token_table.h"

#include <xxhash.h>

namespace vitrine::engine {

namespace {

std::uint64_t hashOf(std::string_view text)
{
    return XXH3_64bits(text.data(), text.size());
}

std::uint32_t fingerprint(std::uint64_t hash)
{
    return static_cast<std::uint32_t>(hash >> 32);
}

} // namespace

void TokenTable::reset(std::span<const std::string_view> texts, std::size_t expected)
{
    m_texts = texts;
    m_slots.assign(std::bit_ceil(expected * 2 + 1), {});
    m_mask = m_slots.size() - 1;
}

std::size_t TokenTable::slotOf(std::string_view text, std::uint64_t hash) const
{
    std::size_t slot = hash & m_mask;
    for (; m_slots[slot].id >= 0; slot = (slot + 1) & m_mask) {
        const Slot& there = m_slots[slot];
        if (there.hash == fingerprint(hash) && m_texts[static_cast<std::size_t>(there.id)] == text)
            break;
    }
    return slot;
}

bool TokenTable::insert(TokenId id)
{
    const std::string_view text = m_texts[static_cast<std::size_t>(id)];
    const std::uint64_t hash = hashOf(text);
    Slot& slot = m_slots[slotOf(text, hash)];
    if (slot.id >= 0)
        return false;
    slot = {fingerprint(hash), id};
    return true;
}

std::optional<TokenId> TokenTable::find(std::string_view text) const
{
    if (m_slots.empty())
        return std::nullopt;
    const Slot& slot = m_slots[slotOf(text, hashOf(text))];
    return slot.id >= 0 ? std::optional(slot.id) : std::nullopt;
}

} // namespace vitrine::engine
