// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/regex/character_set.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "engine/tokenizer/regex/property_tables_generated.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::regex {

namespace {

constexpr char32_t kLastCode = 0x10FFFF;

/// Letters only, small: names are the same whatever their case, spaces and underscores.
std::string plainName(std::string_view name)
{
    std::string plain;
    for (const char c : name)
        if (c != ' ' && c != '_' && c != '-')
            plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    return plain;
}

/// The name in the table of a category that is written out.
std::string shortName(std::string_view name)
{
    static constexpr std::pair<std::string_view, std::string_view> kLong[] = {{"letter", "l"},
                                                                              {"uppercaseletter", "lu"},
                                                                              {"lowercaseletter", "ll"},
                                                                              {"titlecaseletter", "lt"},
                                                                              {"modifierletter", "lm"},
                                                                              {"otherletter", "lo"},
                                                                              {"mark", "m"},
                                                                              {"number", "n"},
                                                                              {"decimalnumber", "nd"},
                                                                              {"letternumber", "nl"},
                                                                              {"othernumber", "no"},
                                                                              {"punctuation", "p"},
                                                                              {"symbol", "s"},
                                                                              {"separator", "z"},
                                                                              {"spaceseparator", "zs"},
                                                                              {"control", "cc"},
                                                                              {"format", "cf"},
                                                                              {"nonspacingmark", "mn"},
                                                                              {"mathsymbol", "sm"},
                                                                              {"currencysymbol", "sc"}};
    const std::string plain = plainName(name);
    for (const auto& [written, entry] : kLong)
        if (plain == written)
            return std::string(entry);
    return plain;
}

} // namespace

void CharacterSet::add(const CharacterSet& other)
{
    m_ranges.insert(m_ranges.end(), other.m_ranges.begin(), other.m_ranges.end());
}

void CharacterSet::sort()
{
    std::sort(m_ranges.begin(), m_ranges.end(),
              [](const CharacterRange& a, const CharacterRange& b) { return a.first < b.first; });
    std::vector<CharacterRange> apart;
    for (const CharacterRange& range : m_ranges) {
        if (!apart.empty() && range.first <= apart.back().last + 1)
            apart.back().last = std::max(apart.back().last, range.last);
        else
            apart.push_back(range);
    }
    m_ranges = std::move(apart);
}

void CharacterSet::invert()
{
    sort();
    std::vector<CharacterRange> between;
    char32_t next = 0;
    for (const CharacterRange& range : m_ranges) {
        if (range.first > next)
            between.push_back({next, range.first - 1});
        next = range.last + 1;
    }
    if (next <= kLastCode)
        between.push_back({next, kLastCode});
    m_ranges = std::move(between);
}

void CharacterSet::intersect(const CharacterSet& other)
{
    // What is in both is what is in neither's complement.
    CharacterSet outside = other;
    outside.invert();
    invert();
    add(outside);
    invert();
}

void CharacterSet::foldCase()
{
    freeze();
    for (int round = 0; round < 2; ++round) { // once to the common letter, once to all others of it
        const CharacterSet before = *this;
        unicode::forEachCasePair([&](char32_t one, char32_t other) {
            if (before.contains(one))
                add(other, other);
            if (before.contains(other))
                add(one, one);
        });
        freeze();
    }
}

void CharacterSet::freeze()
{
    sort();
    m_low.fill(0);
    for (const CharacterRange& range : m_ranges)
        for (char32_t code = range.first; code < kLow && code <= range.last; ++code)
            m_low[code / 64] |= std::uint64_t{1} << (code % 64);
}

bool CharacterSet::search(char32_t code) const
{
    const auto after =
        std::upper_bound(m_ranges.begin(), m_ranges.end(), code,
                         [](char32_t c, const CharacterRange& range) { return c < range.first; });
    return after != m_ranges.begin() && code <= std::prev(after)->last;
}

std::optional<CharacterSet> propertySet(std::string_view name)
{
    const std::string wanted = shortName(name);
    CharacterSet set;
    for (const PropertyRange& entry : kPropertyRanges) {
        const bool ofGroup = wanted.size() == 1 && entry.property.size() == 2; // L is Lu, Ll …
        if (plainName(ofGroup ? entry.property.substr(0, 1) : entry.property) == wanted)
            set.add(entry.range.first, entry.range.last);
    }
    if (set.ranges().empty())
        return std::nullopt;
    set.freeze();
    return set;
}

CharacterSet spaceSet()
{
    CharacterSet set;
    set.add(0x09, 0x0D);
    set.add(0x85, 0x85);
    set.add(*propertySet("Z"));
    set.freeze();
    return set;
}

CharacterSet wordSet()
{
    CharacterSet set;
    for (const std::string_view name : {"L", "M", "Nd", "Nl", "Pc"})
        set.add(*propertySet(name));
    // Letters in circles and squares are alphabetic as well.
    set.add(0x24B6, 0x24E9);
    for (const char32_t first : {0x1F130, 0x1F150, 0x1F170})
        set.add(first, first + 25);
    set.freeze();
    return set;
}

} // namespace vitrine::engine::regex
