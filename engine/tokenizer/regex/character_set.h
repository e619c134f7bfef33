// SPDX-License-Identifier: GPL-3.0-or-later
// Sets of characters, as the classes of regular expressions name them. Built step by step, then frozen and
// read by any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace vitrine::engine::regex {

struct CharacterRange
{
    char32_t first, last;
};

class CharacterSet
{
public:
    void add(char32_t first, char32_t last) { m_ranges.push_back({first, last}); }
    void add(const CharacterSet& other);
    void invert();
    void intersect(const CharacterSet& other);
    /// Adds the characters that differ from those in the set by case only.
    void foldCase();
    /// Sorts the ranges; needed before reading.
    void freeze();

    bool contains(char32_t code) const
    {
        if (code < kLow)
            return (m_low[code / 64] >> (code % 64) & 1) != 0;
        return search(code);
    }
    const std::vector<CharacterRange>& ranges() const { return m_ranges; } ///< rising, apart

private:
    static constexpr char32_t kLow = 2048; // what two bytes of UTF-8 can write
    bool search(char32_t code) const;
    void sort();

    std::vector<CharacterRange> m_ranges;
    std::array<std::uint64_t, kLow / 64> m_low{};
};

/// The set that \p{name} stands for: categories (L, Lu, Nd …) and the scripts of the table.
std::optional<CharacterSet> propertySet(std::string_view name);
CharacterSet spaceSet(); ///< \s: White_Space
CharacterSet wordSet();  ///< \w: letters, marks, decimal and letter numbers, connecting punctuation

} // namespace vitrine::engine::regex
