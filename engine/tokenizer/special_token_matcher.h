// SPDX-License-Identifier: GPL-3.0-or-later
// Finds tokens that are matched as whole texts, before any merging: user-defined ones always, control ones
// where asked. The leftmost match wins, the longest of those that begin there. Immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/tokenizer/vocabulary.h"

namespace vitrine::engine {

class SpecialTokenMatcher
{
public:
    struct Entry
    {
        std::string_view text; ///< belongs to the caller; not empty
        TokenId id;
        bool always; ///< matched without being asked for
    };
    explicit SpecialTokenMatcher(const Vocabulary& vocabulary);
    explicit SpecialTokenMatcher(std::vector<Entry> entries);

    struct Match
    {
        std::size_t begin, end;
        TokenId id;
    };
    /// The next match at or after `from`. Tokens that need recognition cover none of the bytes at the rising
    /// offsets `typed`.
    std::optional<Match> next(std::string_view text, std::size_t from, SpecialTokens special,
                              std::span<const std::size_t> typed = {}) const;
    /// Whether this text of the vocabulary is matched only when special tokens are recognised.
    bool needsRecognition(std::string_view text) const;

private:
    /// The longest match at `at`; those that need recognition end at `limit` at most.
    std::optional<Match> matchAt(std::string_view text, std::size_t at, std::size_t limit) const;

    std::vector<Entry> m_entries;                   // sorted by text
    std::array<std::uint32_t, 257> m_byFirstByte{}; // entries [b] up to [b+1] begin with byte b
    std::array<std::uint32_t, 256> m_shortest{};    // length of the shortest of them
};

} // namespace vitrine::engine
