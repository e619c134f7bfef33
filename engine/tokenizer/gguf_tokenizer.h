// SPDX-License-Identifier: GPL-3.0-or-later
// The tokeniser of a GGUF file: special tokens are cut out first, an encoder does the text between them.
#pragma once

#include "engine/tokenizer/special_token_matcher.h"
#include "engine/tokenizer/text_encoder.h"
#include "engine/tokenizer/tokenizer.h"
#include "engine/tokenizer/vocabulary.h"

namespace vitrine::engine {

class GgufTokenizer final : public Tokenizer
{
public:
    static Result<std::unique_ptr<const Tokenizer>> create(const GgufFile& file);

    std::vector<TokenId> encode(std::string_view text, SpecialTokens special) const override;
    std::vector<TokenId> encodeAround(std::string_view text,
                                      std::span<const std::size_t> typed) const override;
    bool needsRecognition(TokenId id) const override;
    std::string_view bytes(TokenId id) const override;
    bool isControl(TokenId id) const override;
    std::size_t vocabularySize() const override { return m_vocabulary.size(); }
    const SpecialTokenIds& special() const override { return m_vocabulary.special(); }
    std::string decode(const std::vector<TokenId>& ids, bool writeControl) const override;
    bool addsLeadingSpace() const override { return m_encoder->addsLeadingSpace(); }

private:
    explicit GgufTokenizer(Vocabulary vocabulary)
        : m_vocabulary(std::move(vocabulary)), m_matcher(m_vocabulary)
    {}
    std::vector<TokenId> encodeParts(std::string_view text, SpecialTokens special,
                                     std::span<const std::size_t> typed) const;
    Result<void> createEncoder(const GgufFile& file);
    void fillBytes();

    Vocabulary m_vocabulary;
    SpecialTokenMatcher m_matcher;
    std::unique_ptr<const TextEncoder> m_encoder;
    std::string m_bytes; // of all tokens, one after the other
    std::vector<std::uint64_t> m_byteOffsets;
};

} // namespace vitrine::engine
