// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/json_tokenizer.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 20;

/// The tokens of one of the two searches. Marks that end a turn are special, whatever the file says.
std::vector<AddedToken> searched(const TokenizerParts& parts, const Vocabulary& vocabulary, bool normalized)
{
    std::vector<AddedToken> tokens;
    for (AddedToken token : parts.added) {
        token.special = vocabulary.kind(token.id) == TokenKind::Control;
        if ((token.normalized && !token.special) != normalized)
            continue;
        if (normalized)
            token.text = parts.normalizer.apply(token.text);
        tokens.push_back(std::move(token));
    }
    return tokens;
}

} // namespace

JsonTokenizer::JsonTokenizer(Vocabulary vocabulary, TokenizerParts parts)
    : VocabularyTokenizer(std::move(vocabulary)), m_raw(searched(parts, m_vocabulary, false)),
      m_normalized(searched(parts, m_vocabulary, true))
{
    m_normalizer = std::move(parts.normalizer);
    m_splitter = std::move(parts.splitter);
    m_decoder = std::move(parts.decoder);
}

Result<void> JsonTokenizer::fillBytes(const std::string& where)
{
    std::size_t all = 0;
    for (std::size_t i = 0; i < m_vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        const bool control = m_vocabulary.kind(id) == TokenKind::Control;
        const std::string bytes =
            control ? std::string(m_vocabulary.text(id)) : m_decoder.bytesOf(m_vocabulary.text(id));
        all += bytes.size();
        if (all > kMostBytes)
            return badInput(where + ": decoder: makes more than " + std::to_string(kMostBytes) +
                            " bytes of the tokens");
        addBytes(bytes);
    }
    return {};
}

std::vector<TokenId> JsonTokenizer::encode(std::string_view text, SpecialTokens special) const
{
    return encodeParts(text, special, {});
}

std::vector<TokenId> JsonTokenizer::encodeAround(std::string_view text,
                                                 std::span<const std::size_t> typed) const
{
    return encodeParts(text, SpecialTokens::Recognised, typed);
}

std::vector<TokenId> JsonTokenizer::encodeParts(std::string_view text, SpecialTokens special,
                                                std::span<const std::size_t> typed) const
{
    std::vector<TokenId> ids;
    ids.reserve(text.size() / 4 + 8);
    WordMemory memory;
    std::size_t at = 0, searched = 0;
    while (const auto match = m_raw.next(text, searched, at, special, typed)) {
        encodeSegment(text.substr(at, match->begin - at), at == 0, memory, ids);
        ids.push_back(match->id);
        at = match->end;
        searched = match->textEnd;
    }
    encodeSegment(text.substr(at), at == 0, memory, ids);
    return ids;
}

/// Text between tokens that are found in it as it comes.
void JsonTokenizer::encodeSegment(std::string_view text, bool first, WordMemory& memory,
                                  std::vector<TokenId>& ids) const
{
    if (text.empty())
        return;
    std::string changed;
    if (!m_normalizer.changesNothing()) {
        changed = m_normalizer.apply(text);
        text = changed;
    }
    std::size_t at = 0, searched = 0;
    while (const auto match = m_normalized.next(text, searched, at, SpecialTokens::Literal, {})) {
        encodeWords(text.substr(at, match->begin - at), first && at == 0, memory, ids);
        ids.push_back(match->id);
        at = match->end;
        searched = match->textEnd;
    }
    encodeWords(text.substr(at), first && at == 0, memory, ids);
}

void JsonTokenizer::encodeWords(std::string_view text, bool first, WordMemory& memory,
                                std::vector<TokenId>& ids) const
{
    Words words;
    m_splitter.split(text, first, words);
    for (const regex::Span& span : words.spans)
        m_model->encode(words.text.substr(span.begin, span.end - span.begin), memory, ids);
}

} // namespace vitrine::engine
