// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/vocabulary_tokenizer.h"

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

void VocabularyTokenizer::addBytes(std::string_view bytes)
{
    m_bytes += bytes;
    m_byteOffsets.push_back(m_bytes.size());
}

std::string_view VocabularyTokenizer::bytes(TokenId id) const
{
    if (!m_vocabulary.contains(id))
        return {};
    const auto i = static_cast<std::size_t>(id);
    return std::string_view(m_bytes).substr(m_byteOffsets[i], m_byteOffsets[i + 1] - m_byteOffsets[i]);
}

bool VocabularyTokenizer::isControl(TokenId id) const
{
    return m_vocabulary.contains(id) && m_vocabulary.kind(id) == TokenKind::Control;
}

std::string VocabularyTokenizer::decode(const std::vector<TokenId>& ids, bool writeControl) const
{
    std::string text;
    bool atStart = addsLeadingSpace();
    for (const TokenId id : ids) {
        if (isControl(id) && !writeControl)
            continue;
        std::string_view piece = bytes(id);
        if (atStart && piece.starts_with(' '))
            piece.remove_prefix(1);
        atStart = false;
        text += piece;
    }
    return unicode::sanitized(text);
}

} // namespace vitrine::engine
