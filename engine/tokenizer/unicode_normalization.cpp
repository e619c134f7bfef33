// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/unicode_normalization.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "engine/tokenizer/normalization_tables_generated.h"

namespace vitrine::engine::unicode {

namespace {

constexpr char32_t kSyllables = 0xAC00, kLead = 0x1100, kVowel = 0x1161, kTail = 0x11A7;
constexpr char32_t kVowels = 21, kTails = 28, kLeads = 19, kSyllableCount = kLeads * kVowels * kTails;

template<std::size_t N>
std::uint8_t valueOf(const ValueRange (&ranges)[N], char32_t code)
{
    const auto* after = std::upper_bound(std::begin(ranges), std::end(ranges), code,
                                         [](char32_t c, const ValueRange& range) { return c < range.first; });
    if (after == std::begin(ranges) || code > std::prev(after)->last)
        return 0;
    return std::prev(after)->value;
}

template<std::size_t N>
const char* textOf(const LongCase (&table)[N], char32_t code)
{
    const auto* found = std::lower_bound(std::begin(table), std::end(table), code,
                                         [](const LongCase& entry, char32_t c) { return entry.code < c; });
    return found != std::end(table) && found->code == code ? found->text : nullptr;
}

bool isSyllable(char32_t code)
{
    return code >= kSyllables && code < kSyllables + kSyllableCount;
}

/// 0: the two stay two.
char32_t composed(char32_t first, char32_t second)
{
    if (first >= kLead && first < kLead + kLeads && second >= kVowel && second < kVowel + kVowels)
        return kSyllables + ((first - kLead) * kVowels + (second - kVowel)) * kTails;
    if (isSyllable(first) && (first - kSyllables) % kTails == 0 && second > kTail && second < kTail + kTails)
        return first + (second - kTail);
    const auto before = [](const Composition& entry, const Composition& wanted) {
        return entry.first != wanted.first ? entry.first < wanted.first : entry.second < wanted.second;
    };
    const Composition wanted{first, second, 0};
    const auto* found = std::lower_bound(std::begin(kCompositions), std::end(kCompositions), wanted, before);
    const bool exists = found != std::end(kCompositions) && found->first == first && found->second == second;
    return exists ? found->composed : 0;
}

/// What one form does to a stretch of characters that touches nothing around it.
class Stretch
{
public:
    explicit Stretch(NormalForm form)
        : m_compatible(form == NormalForm::KC || form == NormalForm::KD),
          m_composes(form == NormalForm::C || form == NormalForm::KC)
    {}

    /// Whether a character may change, alone or with those before it. Where it may not, a stretch can begin.
    bool moves(char32_t code) const
    {
        if (code < 0xA0)
            return false;
        if (m_composes)
            return (m_compatible ? valueOf(kMovesCompatible, code) : valueOf(kMovesComposed, code)) != 0;
        return isSyllable(code) || valueOf(kCombining, code) != 0 || decomposition(code) != nullptr;
    }

    void append(std::string_view text, std::string& out)
    {
        m_codes.clear();
        for (std::size_t at = 0; at < text.size();) {
            const Decoded decoded = decodeAt(text, at);
            decompose(decoded.code);
            at += decoded.length;
        }
        order();
        if (m_composes)
            compose();
        for (const Coded& coded : m_codes)
            unicode::append(out, coded.code);
    }

private:
    struct Coded
    {
        char32_t code;
        std::uint8_t combining;
    };

    const char* decomposition(char32_t code) const
    {
        const char* compatible = m_compatible ? textOf(kCompatible, code) : nullptr;
        return compatible != nullptr ? compatible : textOf(kCanonical, code);
    }
    void add(char32_t code) { m_codes.push_back({code, valueOf(kCombining, code)}); }
    void decompose(char32_t code);
    void order();
    void compose();

    bool m_compatible, m_composes;
    std::vector<Coded> m_codes;
};

void Stretch::decompose(char32_t code)
{
    if (isSyllable(code)) {
        const char32_t index = code - kSyllables;
        add(kLead + index / (kVowels * kTails));
        add(kVowel + index / kTails % kVowels);
        if (index % kTails != 0)
            add(kTail + index % kTails);
        return;
    }
    const char* found = decomposition(code);
    if (found == nullptr)
        return add(code);
    const std::string_view text(found);
    for (std::size_t at = 0; at < text.size();) {
        const Decoded decoded = decodeAt(text, at);
        add(decoded.code);
        at += decoded.length;
    }
}

void Stretch::order()
{
    for (auto from = m_codes.begin(); from != m_codes.end();) {
        if (from->combining == 0) {
            ++from;
            continue;
        }
        const auto to = std::find_if(from, m_codes.end(), [](const Coded& c) { return c.combining == 0; });
        std::stable_sort(from, to, [](const Coded& a, const Coded& b) { return a.combining < b.combining; });
        from = to;
    }
}

void Stretch::compose()
{
    std::size_t kept = 0, starter = m_codes.size(); // past the end: none yet
    for (std::size_t i = 0; i < m_codes.size(); ++i) {
        const Coded current = m_codes[i];
        if (starter < kept) {
            const bool adjacent = kept == starter + 1;
            const bool blocked = !adjacent && m_codes[kept - 1].combining >= current.combining;
            const char32_t one = blocked ? 0 : composed(m_codes[starter].code, current.code);
            if (one != 0) {
                m_codes[starter].code = one;
                continue;
            }
        }
        m_codes[kept] = current;
        if (current.combining == 0)
            starter = kept;
        ++kept;
    }
    m_codes.resize(kept);
}

} // namespace

std::string normalized(std::string_view text, NormalForm form)
{
    Stretch stretch(form);
    std::string out;
    out.reserve(text.size());
    std::size_t written = 0, last = 0; // `last`: where the last character is that does not move
    bool moving = false;
    for (std::size_t at = 0; at < text.size();) {
        const Decoded decoded = decodeAt(text, at);
        const bool valid = decoded.status == DecodeStatus::Valid;
        if (valid && stretch.moves(decoded.code)) {
            if (!moving)
                out += text.substr(written, last - written);
            moving = true;
        } else {
            if (moving)
                stretch.append(text.substr(last, at - last), out);
            if (moving)
                written = at;
            moving = false;
            last = valid ? at : at + decoded.length; // nothing joins what is broken
        }
        at += decoded.length;
    }
    if (moving)
        stretch.append(text.substr(last), out);
    else
        out += text.substr(written);
    return out;
}

} // namespace vitrine::engine::unicode
