// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/vocabulary.h"

#include <algorithm>
#include <limits>

namespace vitrine::engine {

namespace {

// Longer than any real token; bounds the work that a hostile vocabulary can cause.
constexpr std::size_t kLongestToken = 1024;
constexpr std::size_t kLongestJsonToken = 8192; // one published vocabulary has a token of 2048 spaces

// Texts that end a turn or a document, whatever else the file says about them.
constexpr std::string_view kEndTexts[] = {
    "<|im_end|>", "<end_of_turn>",   "<|endoftext|>",      "<|eot_id|>", "<|eom_id|>",
    "<|end|>",    "<|end_of_text|>", "<end_of_utterance>", "<|return|>", "<|call|>",
    "<EOT>",      "<|endofturn|>",   "<|end_of_turn|>",
};

Error wrong(const GgufFile& file, std::string_view key, std::string what)
{
    return badInput(file.path() + ": " + std::string(key) + ": " + std::move(what));
}

Result<void> readId(const GgufFile& file, std::string_view key, std::size_t size, std::optional<TokenId>& out)
{
    if (file.find(key) == nullptr)
        return {};
    const auto value = file.integer(key);
    // All ones is how some converters write "none".
    if (value && *value == std::numeric_limits<std::uint32_t>::max())
        return {};
    if (!value || *value >= size)
        return wrong(file, key, "not the number of a token; there are " + std::to_string(size));
    out = static_cast<TokenId>(*value);
    return {};
}

std::string tooLong(std::string_view text)
{
    return "a token of " + std::to_string(text.size()) + " bytes is longer than allowed";
}

bool plain(TokenKind kind)
{
    return kind == TokenKind::Normal || kind == TokenKind::UserDefined || kind == TokenKind::Unused;
}

} // namespace

int byteOfToken(std::string_view text)
{
    if (text.size() != 6 || text.substr(0, 3) != "<0x" || text[5] != '>')
        return -1;
    int value = 0;
    for (const char c : text.substr(3, 2)) {
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

Result<Vocabulary> Vocabulary::read(const GgufFile& file)
{
    Vocabulary vocabulary;
    if (auto read = vocabulary.readTexts(file); !read)
        return read.error();
    if (auto read = vocabulary.readKinds(file); !read)
        return read.error();
    vocabulary.correctKinds();
    if (auto filled = vocabulary.fillTables(); !filled)
        return wrong(file, "tokenizer.ggml.tokens", filled.error().message);
    if (auto read = vocabulary.readSpecial(file); !read)
        return read.error();
    return vocabulary;
}

Result<void> Vocabulary::readTexts(const GgufFile& file)
{
    constexpr std::string_view key = "tokenizer.ggml.tokens";
    const auto* texts = file.texts(key);
    if (texts == nullptr)
        return wrong(file, key, "missing or not a list of texts, so the file holds no vocabulary");
    if (texts->empty() || texts->size() > std::numeric_limits<TokenId>::max() / 2)
        return wrong(file, key, "a vocabulary cannot have " + std::to_string(texts->size()) + " tokens");
    for (const std::string_view text : *texts)
        if (text.size() > kLongestToken)
            return wrong(file, key, tooLong(text));
    copyTexts(*texts);
    return {};
}

template<class Texts>
void Vocabulary::copyTexts(const Texts& texts)
{
    std::size_t bytes = 0;
    for (const std::string_view text : texts)
        bytes += text.size();
    m_arena.reserve(bytes);
    m_texts.reserve(texts.size());
    for (const std::string_view text : texts) {
        const char* begin = m_arena.data() + m_arena.size();
        m_arena.insert(m_arena.end(), text.begin(), text.end());
        m_texts.emplace_back(begin, text.size());
    }
}

Result<Vocabulary> Vocabulary::of(const std::vector<std::string>& texts, std::vector<TokenKind> kinds,
                                  SpecialTokenIds special)
{
    for (const std::string& text : texts)
        if (text.size() > kLongestJsonToken)
            return badInput(tooLong(text));
    Vocabulary vocabulary;
    vocabulary.copyTexts(texts);
    vocabulary.m_kinds = std::move(kinds);
    vocabulary.m_special = std::move(special);
    vocabulary.correctKinds();
    if (auto filled = vocabulary.fillTables(); !filled)
        return filled.error();
    vocabulary.markEndOfGeneration();
    return vocabulary;
}

Result<void> Vocabulary::readKinds(const GgufFile& file)
{
    constexpr std::string_view key = "tokenizer.ggml.token_type";
    m_kinds.assign(size(), TokenKind::Normal);
    if (file.find(key) == nullptr)
        return {};
    const auto kinds = file.numbers(key);
    if (!kinds || kinds->size() != size())
        return wrong(file, key, "needs one number for each of the " + std::to_string(size()) + " tokens");
    for (std::size_t i = 0; i < kinds->size(); ++i) {
        const double kind = (*kinds)[i];
        if (kind >= 1 && kind <= 6)
            m_kinds[i] = static_cast<TokenKind>(static_cast<std::uint8_t>(kind));
        else if (kind != 0) // 0 is "undefined": taken as normal
            return wrong(file, key, "token " + std::to_string(i) + " has no known kind");
    }
    return {};
}

/// Some files list end marks among the texts that a person may type.
void Vocabulary::correctKinds()
{
    for (std::size_t i = 0; i < size(); ++i) {
        const bool marked = m_kinds[i] == TokenKind::Normal || m_kinds[i] == TokenKind::UserDefined;
        if (marked &&
            std::find(std::begin(kEndTexts), std::end(kEndTexts), m_texts[i]) != std::end(kEndTexts))
            m_kinds[i] = TokenKind::Control;
    }
}

Result<void> Vocabulary::fillTables()
{
    m_plain.reset(m_texts, size());
    const auto others = std::count_if(m_kinds.begin(), m_kinds.end(), [](TokenKind k) { return !plain(k); });
    m_others.reset(m_texts, static_cast<std::size_t>(others));
    for (std::size_t i = 0; i < size(); ++i) {
        if (m_texts[i].empty())
            continue;
        const auto id = static_cast<TokenId>(i);
        const bool isNew = plain(m_kinds[i]) ? m_plain.insert(id) : m_others.insert(id);
        if (!isNew && m_kinds[i] != TokenKind::Unused)
            return badInput("token " + std::to_string(i) + " has the text of another token");
    }
    return {};
}

std::optional<TokenId> Vocabulary::find(std::string_view text) const
{
    if (const auto found = m_plain.find(text))
        return found;
    return m_others.find(text);
}

Result<void> Vocabulary::readSpecial(const GgufFile& file)
{
    struct Key
    {
        std::string_view name;
        std::optional<TokenId>* id;
    };
    std::optional<TokenId> endOfTurn, endOfMessage;
    const Key keys[] = {
        {"tokenizer.ggml.bos_token_id", &m_special.bos},
        {"tokenizer.ggml.eos_token_id", &m_special.eos},
        {"tokenizer.ggml.unknown_token_id", &m_special.unknown},
        {"tokenizer.ggml.padding_token_id", &m_special.padding},
        {"tokenizer.ggml.eot_token_id", &endOfTurn},
        {"tokenizer.ggml.eom_token_id", &endOfMessage},
    };
    for (const Key& key : keys)
        if (auto read = readId(file, key.name, size(), *key.id); !read)
            return read.error();
    for (const auto& id : {m_special.eos, endOfTurn, endOfMessage})
        if (id)
            m_special.endOfGeneration.push_back(*id);
    markEndOfGeneration();
    return {};
}

void Vocabulary::markEndOfGeneration()
{
    auto& ends = m_special.endOfGeneration;
    for (const std::string_view text : kEndTexts)
        if (const auto id = m_others.find(text); id && kind(*id) == TokenKind::Control)
            ends.push_back(*id);
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
}

} // namespace vitrine::engine
