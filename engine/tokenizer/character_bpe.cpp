// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/character_bpe.h"

#include <algorithm>

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

namespace {

constexpr std::string_view kSpaceText = "\xE2\x96\x81"; // U+2581

std::size_t characterLength(std::string_view text, std::size_t at)
{
    const unicode::Decoded decoded = unicode::decodeAt(text, at);
    return decoded.status == unicode::DecodeStatus::Valid ? decoded.length : 1U;
}

} // namespace

std::array<TokenId, 256> byteTokensOf(const Vocabulary& vocabulary)
{
    std::array<TokenId, 256> tokens{};
    tokens.fill(-1);
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        if (vocabulary.kind(id) != TokenKind::Byte)
            continue;
        if (const int byte = byteOfToken(vocabulary.text(id)); byte >= 0)
            tokens[static_cast<std::size_t>(byte)] = id;
    }
    return tokens;
}

bool appendByteTokens(const std::array<TokenId, 256>& tokens, std::string_view text,
                      std::vector<std::int32_t>& ids)
{
    const auto tokenOf = [&](char byte) { return tokens[static_cast<unsigned char>(byte)]; };
    if (std::any_of(text.begin(), text.end(), [&](char byte) { return tokenOf(byte) < 0; }))
        return false;
    for (const char byte : text)
        ids.push_back(tokenOf(byte));
    return true;
}

CharacterBpe::CharacterBpe(const Vocabulary& vocabulary, std::size_t merges, CharacterBpeOptions options)
    : m_vocabulary(vocabulary), m_options(options), m_merges(merges), m_byteTokens(byteTokensOf(vocabulary))
{
    for (std::size_t code = 0; code < m_asciiTokens.size(); ++code) {
        const char text = static_cast<char>(code);
        m_asciiTokens[code] = vocabulary.findPlain({&text, 1}).value_or(-1);
    }
    findJoints();
}

void CharacterBpe::findJoints()
{
    for (std::size_t i = 0; i < m_vocabulary.size(); ++i) {
        const std::string_view text = m_vocabulary.text(static_cast<TokenId>(i));
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t length = characterLength(text, at);
            if (text.substr(at + length).starts_with(kSpaceText))
                m_joints.push_back(m_vocabulary.findPlain(text.substr(at, length)).value_or(-1));
            at += length;
        }
    }
    std::sort(m_joints.begin(), m_joints.end());
    m_joints.erase(std::unique(m_joints.begin(), m_joints.end()), m_joints.end());
}

bool CharacterBpe::mayJoin(TokenId symbolBeforeSpace) const
{
    return std::binary_search(m_joints.begin(), m_joints.end(), symbolBeforeSpace);
}

void CharacterBpe::addMerge(TokenId left, TokenId right, TokenId joined)
{
    m_merges.insert(left, right, {m_rank++, joined});
}

void CharacterBpe::append(std::string_view character, std::vector<std::int32_t>& symbols) const
{
    const auto byte = static_cast<unsigned char>(character[0]);
    const auto id = byte < 0x80 ? m_asciiTokens[byte] : m_vocabulary.findPlain(character).value_or(-1);
    if (id >= 0)
        return symbols.push_back(id);
    if (m_options.byteFallback && appendByteTokens(m_byteTokens, character, symbols))
        return;
    const auto unknown = m_vocabulary.special().unknown;
    if (unknown && (!m_options.fuseUnknown || symbols.empty() || symbols.back() != *unknown))
        symbols.push_back(*unknown);
}

void CharacterBpe::encode(std::string_view word, WordMemory& memory, std::vector<TokenId>& ids) const
{
    if (m_options.wholeWordsFirst)
        if (const auto id = m_vocabulary.findPlain(word))
            return ids.push_back(*id);
    auto& symbols = memory.merger.symbols();
    symbols.clear();
    for (std::size_t at = 0; at < word.size();) {
        const std::size_t length = characterLength(word, at);
        const std::string_view character = word.substr(at, length);
        if (character == kSpaceText && !symbols.empty() && !mayJoin(symbols.back()))
            flush(memory, ids);
        append(character, symbols);
        at += length;
    }
    flush(memory, ids);
}

void CharacterBpe::flush(WordMemory& memory, std::vector<TokenId>& ids) const
{
    memory.merger.run(m_merges);
    auto& symbols = memory.merger.symbols();
    ids.insert(ids.end(), symbols.begin(), symbols.end());
    symbols.clear();
}

} // namespace vitrine::engine
