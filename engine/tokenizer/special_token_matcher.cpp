// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/special_token_matcher.h"

#include <algorithm>
#include <limits>

namespace vitrine::engine {

namespace {

std::vector<SpecialTokenMatcher::Entry> entriesOf(const Vocabulary& vocabulary)
{
    std::vector<SpecialTokenMatcher::Entry> entries;
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        const TokenKind kind = vocabulary.kind(id);
        // "</s>" ends a text in so many models that typing it never counts, even where it is a tag of HTML.
        const bool always = kind == TokenKind::UserDefined && vocabulary.text(id) != "</s>";
        if ((kind == TokenKind::UserDefined || kind == TokenKind::Control || kind == TokenKind::Unknown) &&
            !vocabulary.text(id).empty())
            entries.push_back({vocabulary.text(id), id, always});
    }
    return entries;
}

} // namespace

SpecialTokenMatcher::SpecialTokenMatcher(const Vocabulary& vocabulary)
    : SpecialTokenMatcher(entriesOf(vocabulary))
{}

SpecialTokenMatcher::SpecialTokenMatcher(std::vector<Entry> entries) : m_entries(std::move(entries))
{
    std::sort(m_entries.begin(), m_entries.end(),
              [](const Entry& a, const Entry& b) { return a.text < b.text; });
    m_shortest.fill(std::numeric_limits<std::uint32_t>::max());
    for (const Entry& entry : m_entries) {
        const auto first = static_cast<unsigned char>(entry.text[0]);
        ++m_byFirstByte[first + 1U];
        m_shortest[first] = std::min(m_shortest[first], static_cast<std::uint32_t>(entry.text.size()));
    }
    for (std::size_t i = 1; i < m_byFirstByte.size(); ++i)
        m_byFirstByte[i] += m_byFirstByte[i - 1];
}

std::optional<SpecialTokenMatcher::Match> SpecialTokenMatcher::next(std::string_view text, std::size_t from,
                                                                    SpecialTokens special,
                                                                    std::span<const std::size_t> typed) const
{
    if (m_entries.empty())
        return std::nullopt;
    auto barrier = std::lower_bound(typed.begin(), typed.end(), from);
    for (std::size_t at = from; at < text.size(); ++at) {
        const auto first = static_cast<unsigned char>(text[at]);
        if (m_shortest[first] > text.size() - at)
            continue;
        while (barrier != typed.end() && *barrier < at)
            ++barrier;
        const std::size_t open = barrier == typed.end() ? text.size() : *barrier;
        if (auto match = matchAt(text, at, special == SpecialTokens::Recognised ? open : 0))
            return match;
    }
    return std::nullopt;
}

bool SpecialTokenMatcher::needsRecognition(std::string_view text) const
{
    const auto found = std::lower_bound(m_entries.begin(), m_entries.end(), text,
                                        [](const Entry& a, std::string_view b) { return a.text < b; });
    return found != m_entries.end() && found->text == text && !found->always;
}

std::optional<SpecialTokenMatcher::Match> SpecialTokenMatcher::matchAt(std::string_view text, std::size_t at,
                                                                       std::size_t limit) const
{
    const auto first = static_cast<unsigned char>(text[at]);
    auto low = m_entries.begin() + m_byFirstByte[first];
    auto high = m_entries.begin() + m_byFirstByte[first + 1U];
    std::optional<Match> best;
    // The range [low, high) shares the first `depth` bytes with the text; an entry of just that length is
    // first.
    for (std::size_t depth = 1; low != high; ++depth) {
        if (low->text.size() == depth) {
            if (low->always || at + depth <= limit)
                best = {at, at + depth, low->id};
            ++low;
        }
        if (at + depth >= text.size())
            break;
        const auto wanted = static_cast<unsigned char>(text[at + depth]);
        const auto byteOf = [&](const Entry& e) { return static_cast<unsigned char>(e.text[depth]); };
        low = std::partition_point(low, high, [&](const Entry& e) { return byteOf(e) < wanted; });
        high = std::partition_point(low, high, [&](const Entry& e) { return byteOf(e) == wanted; });
    }
    return best;
}

} // namespace vitrine::engine
