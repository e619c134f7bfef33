// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts text into the words that merges never cross, as each model's training did.
// The published rules are regular expressions; here the common families are rows of choices for one
// hand-written matcher, which is linear in the text and fast. The others are expressions, used one after the
// other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace vitrine::engine {

/// One family's choices. The comments give the piece of the published expression.
struct SplitRules
{
    bool foldedContractions = false;   ///< (?i:'s|'t|…) instead of 's|'t|…
    bool anyLetterPrefix = false;      ///< [^\r\n\p{L}\p{N}]?\p{L}+ instead of " ?\p{L}+"
    bool spaceBeforeNumber = false;    ///< " ?\p{N}+"
    std::uint32_t numberLength = 0;    ///< \p{N}{1,n}; 0: any length
    bool numbersCutFirst = false;      ///< numbers are cut out before anything else looks at the text
    bool newlinesAfterSymbols = false; ///< " ?[^\s\p{L}\p{N}]+[\r\n]*"
    bool newlineRuns = false;          ///< \s*[\r\n]+ is a word
    /// A word goes from capitals to small letters, or has capitals only, and takes a contraction with it:
    /// [^\r\n\p{L}\p{N}]?U*L+(?i:'s|'t|…)?|[^\r\n\p{L}\p{N}]?U+L*(?i:'s|'t|…)? where letters without case
    /// and marks are in both U and L. Then "/" goes with newlines behind symbols: [\r\n/]*
    bool casedWords = false;
};

struct PreTokenizer
{
    std::string_view name;                           ///< as in tokenizer.ggml.pre
    const SplitRules* rules;                         ///< nullptr: the expressions
    bool wholeWordsFirst = false;                    ///< a word that is a token is taken without merging
    bool addsBos = false;                            ///< where the file does not say
    std::span<const std::string_view> expressions{}; ///< each cuts the words of the one before
};

/// nullptr when the name is not known.
const PreTokenizer* findPreTokenizer(std::string_view name);

/// End of the word that begins at `begin` (which is inside `text`); always past `begin`.
/// Broken UTF-8 counts as symbols, byte by byte.
std::size_t wordEnd(const SplitRules& rules, std::string_view text, std::size_t begin);

} // namespace vitrine::engine
