// SPDX-License-Identifier: GPL-3.0-or-later
// What all tokenisers over a vocabulary share: the bytes of each token, and the way from ids to text.
#pragma once

#include <string>
#include <vector>

#include "engine/tokenizer/tokenizer.h"
#include "engine/tokenizer/vocabulary.h"

namespace vitrine::engine {

class VocabularyTokenizer : public Tokenizer
{
public:
    std::string_view bytes(TokenId id) const final;
    bool isControl(TokenId id) const final;
    std::size_t vocabularySize() const final { return m_vocabulary.size(); }
    const SpecialTokenIds& special() const final { return m_vocabulary.special(); }
    std::string decode(const std::vector<TokenId>& ids, bool writeControl) const final;

protected:
    explicit VocabularyTokenizer(Vocabulary vocabulary) : m_vocabulary(std::move(vocabulary)) {}
    /// Of one token after the other, in the order of ids, when the tokeniser is made.
    void addBytes(std::string_view bytes);

    Vocabulary m_vocabulary;

private:
    std::string m_bytes; // of all tokens, one after the other
    std::vector<std::uint64_t> m_byteOffsets{0};
};

} // namespace vitrine::engine
