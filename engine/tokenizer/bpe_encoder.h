// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-level BPE of a GGUF file: words of the pre-tokeniser, their bytes merged by the file's ranked list.
#pragma once

#include <memory>

#include "engine/base/result.h"
#include "engine/tokenizer/byte_bpe.h"
#include "engine/tokenizer/pre_tokenizer.h"
#include "engine/tokenizer/text_encoder.h"
#include "engine/tokenizer/text_splitter.h"
#include "engine/tokenizer/vocabulary.h"

namespace vitrine::engine {

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
    BpeEncoder(const Vocabulary& vocabulary, const PreTokenizer& rules, std::size_t merges)
        : m_rules(&rules), m_model(vocabulary, merges, rules.wholeWordsFirst)
    {}
    Result<void> readMerges(const GgufFile& file, const std::vector<std::string_view>& merges);

    const PreTokenizer* m_rules;
    TextSplitter m_splitter; // where the rules are expressions
    ByteBpe m_model;
};

} // namespace vitrine::engine
