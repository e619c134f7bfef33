// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-level BPE: the bytes of a word, merged by a ranked list. Immutable; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/tokenizer/vocabulary.h"
#include "engine/tokenizer/word_model.h"

namespace vitrine::engine {

class ByteBpe final : public WordModel
{
public:
    /// `vocabulary` must outlive the model. `wholeWordsFirst`: a word that is a token is taken without
    /// merging.
    ByteBpe(const Vocabulary& vocabulary, std::size_t merges, bool wholeWordsFirst);

    /// The next merge by rank, of texts as the vocabulary writes them; they need not be tokens.
    void addMerge(std::string_view left, std::string_view right);
    void encode(std::string_view word, WordMemory& memory, std::vector<TokenId>& ids) const override;

private:
    std::int32_t symbolOf(std::string_view text);

    const Vocabulary& m_vocabulary;
    MergeTable m_merges;
    std::uint32_t m_rank = 0;
    bool m_wholeWordsFirst;
    std::array<std::int32_t, 256> m_byteSymbols{};
    // Symbols that are no tokens (vocabularies lack some bytes): numbered from the vocabulary's size on, each
    // with the tokens of its bytes.
    std::unordered_map<std::string, std::int32_t> m_extraSymbols;
    std::vector<std::vector<TokenId>> m_extraTokens;
};

} // namespace vitrine::engine
