// SPDX-License-Identifier: GPL-3.0-or-later
// The tokeniser of a GGUF file: special tokens are cut out first, an encoder does the text between them.
#pragma once

#include "engine/tokenizer/special_token_matcher.h"
#include "engine/tokenizer/text_encoder.h"
#include "engine/tokenizer/vocabulary_tokenizer.h"

namespace vitrine::engine {

class GgufTokenizer final : public VocabularyTokenizer
{
public:
    static Result<std::unique_ptr<const Tokenizer>> create(const GgufFile& file);

    std::vector<TokenId> encode(std::string_view text, SpecialTokens special) const override;
    std::vector<TokenId> encodeAround(std::string_view text,
                                      std::span<const std::size_t> typed) const override;
    bool needsRecognition(TokenId id) const override;
    bool addsLeadingSpace() const override { return m_encoder->addsLeadingSpace(); }

private:
    explicit GgufTokenizer(Vocabulary vocabulary)
        : VocabularyTokenizer(std::move(vocabulary)), m_matcher(m_vocabulary)
    {}
    std::vector<TokenId> encodeParts(std::string_view text, SpecialTokens special,
                                     std::span<const std::size_t> typed) const;
    Result<void> createEncoder(const GgufFile& file);
    void fillBytes();

    SpecialTokenMatcher m_matcher;
    std::unique_ptr<const TextEncoder> m_encoder;
};

} // namespace vitrine::engine
