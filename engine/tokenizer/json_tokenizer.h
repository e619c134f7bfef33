// SPDX-License-Identifier: GPL-3.0-or-later
// The tokeniser of a tokenizer.json: added tokens are found, the text between them is normalised, cut into
// words and given to the model word by word.
#pragma once

#include <memory>

#include "engine/tokenizer/added_tokens.h"
#include "engine/tokenizer/piece_decoder.h"
#include "engine/tokenizer/text_normalizer.h"
#include "engine/tokenizer/text_splitter.h"
#include "engine/tokenizer/vocabulary_tokenizer.h"
#include "engine/tokenizer/word_model.h"

namespace vitrine::engine {

/// What a file says beside its tokens and its model.
struct TokenizerParts
{
    TextNormalizer normalizer;
    TextSplitter splitter;
    PieceDecoder decoder;
    std::vector<AddedToken> added;
};

class JsonTokenizer final : public VocabularyTokenizer
{
public:
    JsonTokenizer(Vocabulary vocabulary, TokenizerParts parts);

    /// To be called once, before use: the model is made over the vocabulary that is in here.
    void setModel(std::unique_ptr<const WordModel> model) { m_model = std::move(model); }
    const Vocabulary& vocabulary() const { return m_vocabulary; }
    /// The bytes of all tokens. Refused where they are unreasonably many.
    Result<void> fillBytes(const std::string& where);

    std::vector<TokenId> encode(std::string_view text, SpecialTokens special) const override;
    std::vector<TokenId> encodeAround(std::string_view text,
                                      std::span<const std::size_t> typed) const override;
    bool needsRecognition(TokenId id) const override { return m_raw.isSpecial(id); }
    bool addsLeadingSpace() const override { return m_decoder.removesLeadingSpace(); }

private:
    std::vector<TokenId> encodeParts(std::string_view text, SpecialTokens special,
                                     std::span<const std::size_t> typed) const;
    void encodeSegment(std::string_view text, bool first, WordMemory& memory,
                       std::vector<TokenId>& ids) const;
    void encodeWords(std::string_view text, bool first, WordMemory& memory, std::vector<TokenId>& ids) const;

    TextNormalizer m_normalizer;
    TextSplitter m_splitter;
    PieceDecoder m_decoder;
    AddedTokens m_raw; // found in the text as it comes; all special ones, so that what is typed is told apart
    AddedTokens m_normalized; // found in normalised text
    std::unique_ptr<const WordModel> m_model;
};

} // namespace vitrine::engine
