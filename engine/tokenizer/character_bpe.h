// SPDX-License-Identifier: GPL-3.0-or-later
// BPE over characters, as tokenizer.json writes SentencePiece vocabularies: merges by a ranked list;
// characters without a token become byte tokens, or the unknown one. Immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/tokenizer/vocabulary.h"
#include "engine/tokenizer/word_model.h"

namespace vitrine::engine {

struct CharacterBpeOptions
{
    bool byteFallback = false;
    bool fuseUnknown = false; ///< neighbouring characters without a token are one unknown token
    bool wholeWordsFirst = false;
};

class CharacterBpe final : public WordModel
{
public:
    /// `vocabulary` must outlive the model.
    CharacterBpe(const Vocabulary& vocabulary, std::size_t merges, CharacterBpeOptions options);

    /// The next merge by rank. The three tokens: left, right, and what they become.
    void addMerge(TokenId left, TokenId right, TokenId joined);
    void encode(std::string_view word, WordMemory& memory, std::vector<TokenId>& ids) const override;

private:
    void findJoints();
    bool mayJoin(TokenId symbolBeforeSpace) const;
    void append(std::string_view character, std::vector<std::int32_t>& symbols) const;
    void flush(WordMemory& memory, std::vector<TokenId>& ids) const;

    const Vocabulary& m_vocabulary;
    CharacterBpeOptions m_options;
    MergeTable m_merges;
    std::uint32_t m_rank = 0;
    std::array<TokenId, 256> m_byteTokens{}; // -1: none
    std::array<TokenId, 128> m_asciiTokens{};
    // Characters that stand right before U+2581 inside some token, sorted. Elsewhere no merge can cross the
    // beginning of a word, so long texts are merged word by word, with the same outcome.
    std::vector<TokenId> m_joints;
};

/// Tokens of the 256 bytes, written <0x00> to <0xFF>; -1 where there is none.
std::array<TokenId, 256> byteTokensOf(const Vocabulary& vocabulary);
/// The ids of the bytes of `text`; false, and nothing appended, where one of them has no token.
bool appendByteTokens(const std::array<TokenId, 256>& tokens, std::string_view text,
                      std::vector<std::int32_t>& ids);

} // namespace vitrine::engine
