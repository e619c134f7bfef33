// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/gguf_tokenizer.h"

#include "engine/tokenizer/bpe_encoder.h"
#include "engine/tokenizer/spm_encoder.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

Result<std::unique_ptr<const Tokenizer>> Tokenizer::fromGguf(const GgufFile& file)
{
    return GgufTokenizer::create(file);
}

Result<std::unique_ptr<const Tokenizer>> GgufTokenizer::create(const GgufFile& file)
{
    auto vocabulary = Vocabulary::read(file);
    if (!vocabulary)
        return vocabulary.error();
    std::unique_ptr<GgufTokenizer> tokenizer(new GgufTokenizer(std::move(*vocabulary)));
    if (auto created = tokenizer->createEncoder(file); !created)
        return created.error();
    tokenizer->fillBytes();
    return std::unique_ptr<const Tokenizer>(std::move(tokenizer));
}

Result<void> GgufTokenizer::createEncoder(const GgufFile& file)
{
    const std::string_view model = file.text("tokenizer.ggml.model").value_or("");
    bool addsBos = false;
    if (model == "gpt2") {
        auto encoder = BpeEncoder::create(file, m_vocabulary);
        if (!encoder)
            return encoder.error();
        addsBos = (*encoder)->addsBos();
        m_encoder = std::move(*encoder);
    } else if (model == "llama") {
        auto encoder = SpmEncoder::create(file, m_vocabulary);
        if (!encoder)
            return encoder.error();
        addsBos = true;
        m_encoder = std::move(*encoder);
    } else {
        const std::string said = unicode::sanitized(model.substr(0, 80));
        return badInput(file.path() + ": tokenizer.ggml.model: \"" + said +
                        "\" is not known; this version reads \"gpt2\" and \"llama\"");
    }
    m_vocabulary.special().addBos = file.boolean("tokenizer.ggml.add_bos_token").value_or(addsBos);
    return {};
}

void GgufTokenizer::fillBytes()
{
    std::string bytes;
    for (std::size_t i = 0; i < m_vocabulary.size(); ++i) {
        const auto id = static_cast<TokenId>(i);
        const std::string_view text = m_vocabulary.text(id);
        bytes.clear();
        switch (m_vocabulary.kind(id)) {
        case TokenKind::Byte:
            if (const int byte = byteOfToken(text); byte >= 0)
                bytes += static_cast<char>(byte);
            else
                bytes += text;
            break;
        case TokenKind::Normal:
        case TokenKind::Unused:
            m_encoder->appendBytes(text, bytes);
            break;
        default:
            bytes += text;
        }
        addBytes(bytes);
    }
}

std::vector<TokenId> GgufTokenizer::encode(std::string_view text, SpecialTokens special) const
{
    return encodeParts(text, special, {});
}

std::vector<TokenId> GgufTokenizer::encodeAround(std::string_view text,
                                                 std::span<const std::size_t> typed) const
{
    return encodeParts(text, SpecialTokens::Recognised, typed);
}

bool GgufTokenizer::needsRecognition(TokenId id) const
{
    const bool ordinary = !m_vocabulary.contains(id) || m_vocabulary.kind(id) == TokenKind::Normal;
    return !ordinary && m_matcher.needsRecognition(m_vocabulary.text(id));
}

std::vector<TokenId> GgufTokenizer::encodeParts(std::string_view text, SpecialTokens special,
                                                std::span<const std::size_t> typed) const
{
    std::vector<TokenId> ids;
    ids.reserve(text.size() / 4 + 8);
    std::size_t at = 0;
    bool atStart = true;
    while (const auto match = m_matcher.next(text, at, special, typed)) {
        if (match->begin > at)
            m_encoder->encode(text.substr(at, match->begin - at), atStart, ids);
        ids.push_back(match->id);
        at = match->end;
        atStart = true;
    }
    if (at < text.size())
        m_encoder->encode(text.substr(at), atStart, ids);
    return ids;
}

} // namespace vitrine::engine
