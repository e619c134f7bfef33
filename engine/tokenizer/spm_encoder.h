// SPDX-License-Identifier: GPL-3.0-or-later
// SentencePiece-style BPE: characters merge into the token of the highest score; characters without a token
// become byte tokens. A space is written U+2581.
#pragma once

#include <array>
#include <memory>

#include "engine/base/result.h"
#include "engine/tokenizer/text_encoder.h"
#include "engine/tokenizer/vocabulary.h"

namespace vitrine::engine {

class SymbolMerger;

class SpmEncoder final : public TextEncoder
{
public:
    /// `vocabulary` must outlive the encoder.
    static Result<std::unique_ptr<const SpmEncoder>> create(const GgufFile& file,
                                                            const Vocabulary& vocabulary);

    void encode(std::string_view text, bool atStart, std::vector<TokenId>& ids) const override;
    void appendBytes(std::string_view tokenText, std::string& bytes) const override;
    bool addsLeadingSpace() const override { return m_addsLeadingSpace; }

private:
    explicit SpmEncoder(const Vocabulary& vocabulary) : m_vocabulary(vocabulary) {}
    Result<std::vector<std::uint32_t>> readRanks(const GgufFile& file) const;
    Result<void> findByteTokens(const GgufFile& file);
    void findMerges(const std::vector<std::uint32_t>& ranks);
    void findJoints();

    std::int32_t characterSymbol(std::string_view text, char32_t code) const;
    std::int32_t partSymbol(std::string_view text) const;
    bool mayJoin(std::int32_t symbolBeforeSpace) const;
    void flush(SymbolMerger& merger, std::vector<TokenId>& ids) const;
    void appendFallback(std::int32_t symbol, std::vector<TokenId>& ids) const;

    const Vocabulary& m_vocabulary;
    MergeTable m_merges;
    std::array<TokenId, 256> m_byteTokens{}; // -1: none
    std::array<std::int32_t, 128> m_asciiSymbols{};
    std::int32_t m_spaceSymbol = -1;
    // Characters that stand right before U+2581 inside some token, sorted. Elsewhere no merge can cross the
    // beginning of a word, so words are merged one by one, with the same outcome.
    std::vector<std::int32_t> m_joints;
    bool m_addsLeadingSpace = true;
};

} // namespace vitrine::engine
