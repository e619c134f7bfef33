// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-level BPE: words of the pre-tokeniser, their bytes merged by the file's ranked list.
// Tokens are written in the 256 printable characters that stand for bytes, as GPT-2 introduced them.
#pragma once

#include <array>
#include <memory>
#include <unordered_map>

#include "engine/base/result.h"
#include "engine/tokenizer/pre_tokenizer.h"
#include "engine/tokenizer/text_encoder.h"
#include "engine/tokenizer/vocabulary.h"

namespace vitrine::engine {

class SymbolMerger;

class BpeEncoder final : public TextEncoder
{
public:
    /// `vocabulary` must outlive the encoder.
    static Result<std::unique_ptr<const BpeEncoder>> create(const GgufFile& file,
                                                            const Vocabulary& vocabulary);

    void encode(std::string_view text, bool atStart, std::vector<TokenId>& ids) const override;
    void appendBytes(std::string_view tokenText, std::string& bytes) const override;
    bool addsBos() const { return m_rules->addsBos; }

private:
    BpeEncoder(const Vocabulary& vocabulary, const PreTokenizer& rules);
    Result<void> readMerges(const GgufFile& file);
    std::int32_t symbolOf(std::string_view text);
    void encodeWord(std::string_view word, SymbolMerger& merger, std::vector<TokenId>& ids) const;

    const Vocabulary& m_vocabulary;
    const PreTokenizer* m_rules;
    MergeTable m_merges;
    std::array<std::int32_t, 256> m_byteSymbols{};
    // Symbols that are no tokens (vocabularies lack some bytes): numbered from the vocabulary's size on, each
    // with the tokens of its bytes.
    std::unordered_map<std::string, std::int32_t> m_extraSymbols;
    std::vector<std::vector<TokenId>> m_extraTokens;
};

} // namespace vitrine::engine
