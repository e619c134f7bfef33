// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/byte_bpe.h"

#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

ByteBpe::ByteBpe(const Vocabulary& vocabulary, std::size_t merges, bool wholeWordsFirst)
    : m_vocabulary(vocabulary), m_merges(merges), m_wholeWordsFirst(wholeWordsFirst)
{
    for (std::size_t byte = 0; byte < 256; ++byte)
        m_byteSymbols[byte] = symbolOf(byteCharacter(static_cast<std::uint8_t>(byte)));
}

std::int32_t ByteBpe::symbolOf(std::string_view text)
{
    if (const auto id = m_vocabulary.findPlain(text))
        return *id;
    const auto next = static_cast<std::int32_t>(m_vocabulary.size() + m_extraTokens.size());
    const auto [entry, isNew] = m_extraSymbols.emplace(text, next);
    if (isNew) {
        std::vector<TokenId>& tokens = m_extraTokens.emplace_back();
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t length = unicode::decodeAt(text, at).length;
            if (const auto id = m_vocabulary.findPlain(text.substr(at, length)))
                tokens.push_back(*id);
            at += length;
        }
    }
    return entry->second;
}

void ByteBpe::addMerge(std::string_view left, std::string_view right)
{
    const std::string joined = std::string(left).append(right);
    const Merge merge{m_rank++, symbolOf(joined)};
    m_merges.insert(symbolOf(left), symbolOf(right), merge);
}

void ByteBpe::encode(std::string_view word, WordMemory& memory, std::vector<TokenId>& ids) const
{
    if (m_wholeWordsFirst) {
        std::string text;
        for (const char byte : word)
            text += byteCharacter(static_cast<std::uint8_t>(byte));
        if (const auto id = m_vocabulary.findPlain(text))
            return ids.push_back(*id);
    }
    auto& symbols = memory.merger.symbols();
    symbols.resize(word.size());
    for (std::size_t i = 0; i < word.size(); ++i)
        symbols[i] = m_byteSymbols[static_cast<unsigned char>(word[i])];
    memory.merger.run(m_merges);
    for (const std::int32_t symbol : symbols) {
        if (static_cast<std::size_t>(symbol) < m_vocabulary.size()) {
            ids.push_back(symbol);
            continue;
        }
        const auto& tokens = m_extraTokens[static_cast<std::size_t>(symbol) - m_vocabulary.size()];
        ids.insert(ids.end(), tokens.begin(), tokens.end());
    }
}

} // namespace vitrine::engine
