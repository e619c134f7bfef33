// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/bpe_encoder.h"

#include "engine/tokenizer/symbol_merger.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

namespace {

// Printable Latin-1 characters stand for themselves, the other bytes for U+0100 and on, in order.
struct ByteAlphabet
{
    std::array<std::string, 256> texts;
    std::array<std::int16_t, 0x144> bytes; // by character; -1: stands for no byte

    ByteAlphabet()
    {
        bytes.fill(-1);
        char32_t next = 0x100;
        for (int byte = 0; byte < 256; ++byte) {
            const bool printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
            const char32_t code = printable ? static_cast<char32_t>(byte) : next++;
            unicode::append(texts[static_cast<std::size_t>(byte)], code);
            bytes[code] = static_cast<std::int16_t>(byte);
        }
    }
};

const ByteAlphabet& byteAlphabet()
{
    static const ByteAlphabet alphabet;
    return alphabet;
}

} // namespace

BpeEncoder::BpeEncoder(const Vocabulary& vocabulary, const PreTokenizer& rules)
    : m_vocabulary(vocabulary), m_rules(&rules)
{
    for (std::size_t byte = 0; byte < 256; ++byte)
        m_byteSymbols[byte] = symbolOf(byteAlphabet().texts[byte]);
}

Result<std::unique_ptr<const BpeEncoder>> BpeEncoder::create(const GgufFile& file,
                                                             const Vocabulary& vocabulary)
{
    const std::string_view name = file.text("tokenizer.ggml.pre").value_or("default");
    const PreTokenizer* rules = findPreTokenizer(name);
    if (rules == nullptr)
        return badInput(file.path() + ": tokenizer.ggml.pre: \"" + unicode::sanitized(name.substr(0, 80)) +
                        "\" is a way of cutting text that this version does not know");
    std::unique_ptr<BpeEncoder> encoder(new BpeEncoder(vocabulary, *rules));
    if (auto read = encoder->readMerges(file); !read)
        return read.error();
    return std::unique_ptr<const BpeEncoder>(std::move(encoder));
}

std::int32_t BpeEncoder::symbolOf(std::string_view text)
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

Result<void> BpeEncoder::readMerges(const GgufFile& file)
{
    constexpr std::string_view key = "tokenizer.ggml.merges";
    const auto* merges = file.texts(key);
    if (merges == nullptr || merges->size() >= std::numeric_limits<std::int32_t>::max())
        return badInput(file.path() + ": " + std::string(key) + ": missing or not a list of texts");
    m_merges = MergeTable(merges->size());
    std::string joined;
    for (std::size_t rank = 0; rank < merges->size(); ++rank) {
        const std::string_view text = (*merges)[rank];
        const std::size_t space = text.find(' ', 1);
        if (text.empty() || text[0] == ' ' || space == std::string_view::npos || space + 1 == text.size())
            return badInput(file.path() + ": " + std::string(key) + ": entry " + std::to_string(rank) +
                            " is not two texts with a space between them");
        const std::string_view left = text.substr(0, space), right = text.substr(space + 1);
        joined.assign(left).append(right);
        const Merge merge{static_cast<std::uint32_t>(rank), symbolOf(joined)};
        m_merges.insert(symbolOf(left), symbolOf(right), merge);
    }
    return {};
}

void BpeEncoder::encode(std::string_view text, bool, std::vector<TokenId>& ids) const
{
    SymbolMerger merger;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = wordEnd(*m_rules->rules, text, begin);
        encodeWord(text.substr(begin, end - begin), merger, ids);
        begin = end;
    }
}

void BpeEncoder::encodeWord(std::string_view word, SymbolMerger& merger, std::vector<TokenId>& ids) const
{
    if (m_rules->wholeWordsFirst) {
        std::string text;
        for (const char byte : word)
            text += byteAlphabet().texts[static_cast<unsigned char>(byte)];
        if (const auto id = m_vocabulary.findPlain(text))
            return ids.push_back(*id);
    }
    auto& symbols = merger.symbols();
    symbols.resize(word.size());
    for (std::size_t i = 0; i < word.size(); ++i)
        symbols[i] = m_byteSymbols[static_cast<unsigned char>(word[i])];
    merger.run(m_merges);
    for (const std::int32_t symbol : symbols) {
        if (static_cast<std::size_t>(symbol) < m_vocabulary.size()) {
            ids.push_back(symbol);
            continue;
        }
        const auto& tokens = m_extraTokens[static_cast<std::size_t>(symbol) - m_vocabulary.size()];
        ids.insert(ids.end(), tokens.begin(), tokens.end());
    }
}

void BpeEncoder::appendBytes(std::string_view tokenText, std::string& bytes) const
{
    const ByteAlphabet& alphabet = byteAlphabet();
    for (std::size_t at = 0; at < tokenText.size();) {
        const unicode::Decoded decoded = unicode::decodeAt(tokenText, at);
        if (decoded.code < alphabet.bytes.size() && alphabet.bytes[decoded.code] >= 0)
            bytes += static_cast<char>(alphabet.bytes[decoded.code]);
        else
            bytes += tokenText.substr(at, decoded.length);
        at += decoded.length;
    }
}

} // namespace vitrine::engine
