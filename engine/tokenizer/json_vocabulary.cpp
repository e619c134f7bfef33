// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/json_vocabulary.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/json_reading.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostHoles = 65536;                 // beside as many as there are tokens
constexpr std::size_t kMostTokens = std::size_t{1} << 22; // sixteen times the largest published vocabulary

class Reader
{
public:
    Reader(const nlohmann::json& root, std::size_t rows, const std::string& where)
        : m_root(root), m_model(root["model"]), m_rows(rows), m_where(where)
    {}

    Result<JsonVocabulary> run()
    {
        const auto count = [](const nlohmann::json* list) { return list != nullptr ? list->size() : 0; };
        const std::size_t tokens =
            count(findField(m_model, "vocab")) + count(findField(m_root, "added_tokens"));
        m_most = std::min(kMostTokens, 2 * tokens + kMostHoles);
        if (m_rows > kMostTokens)
            return badInput(m_where + ": a model of " + std::to_string(m_rows) + " tokens is too large");
        for (const auto step :
             {&Reader::readTexts, &Reader::readScored, &Reader::readAdded, &Reader::markBytes})
            if (auto read = (this->*step)(); !read)
                return read.error();
        if (m_all.texts.empty())
            return badInput(m_where + ": model.vocab: holds no tokens");
        resize(m_rows);
        return std::move(m_all);
    }

private:
    Result<void> readTexts();
    void collectAddedTexts();
    Result<void> readScored();
    Result<void> readAdded();
    Result<void> readAddedToken(const nlohmann::json& entry, const std::string& where);
    Result<void> markBytes();
    Result<void> place(std::int64_t id, const std::string& text, const std::string& where);
    Result<std::int64_t> idOf(const nlohmann::json& value, const std::string& where) const;
    void resize(std::size_t size)
    {
        if (size <= m_all.texts.size())
            return;
        m_all.texts.resize(size);
        m_all.kinds.resize(size, TokenKind::Unused);
    }

    const nlohmann::json& m_root;
    const nlohmann::json& m_model;
    std::size_t m_rows;
    std::size_t m_most = 0; // numbers of tokens
    const std::string& m_where;
    std::unordered_set<std::string> m_addedTexts;
    JsonVocabulary m_all;
};

Result<std::int64_t> Reader::idOf(const nlohmann::json& value, const std::string& where) const
{
    if (value.is_number_unsigned() && value.get<std::uint64_t>() < m_most)
        return static_cast<std::int64_t>(value.get<std::uint64_t>());
    return badInput(where + ": is not the number of a token, 0 to " + std::to_string(m_most - 1));
}

Result<void> Reader::place(std::int64_t id, const std::string& text, const std::string& where)
{
    const auto at = static_cast<std::size_t>(id);
    if (m_rows != 0 && at >= m_rows)
        return badInput(where + ": token " + std::to_string(id) + " is beyond the " + std::to_string(m_rows) +
                        " tokens of the model");
    resize(at + 1);
    if (!m_all.texts[at].empty() && m_all.texts[at] != text)
        return badInput(where + ": token " + std::to_string(id) + " is both " + inQuotes(m_all.texts[at]) +
                        " and " + inQuotes(text));
    m_all.texts[at] = text;
    m_all.kinds[at] = TokenKind::Normal;
    return {};
}

/// {"text": id, …}
Result<void> Reader::readTexts()
{
    const nlohmann::json* vocabulary = findField(m_model, "vocab");
    const std::string where = m_where + ": model.vocab";
    if (vocabulary == nullptr || !vocabulary->is_structured())
        return badInput(where + ": is missing");
    if (!vocabulary->is_object())
        return {};
    collectAddedTexts();
    for (const auto& [text, value] : vocabulary->items()) {
        const auto id = idOf(value, where + "[" + inQuotes(text) + "]");
        if (!id)
            return id.error();
        if (m_rows != 0 && static_cast<std::size_t>(*id) >= m_rows && m_addedTexts.contains(text))
            continue;
        if (auto placed = place(*id, text, where); !placed)
            return placed;
    }
    return {};
}

/// Some files list added tokens in the vocabulary as well.
void Reader::collectAddedTexts()
{
    const nlohmann::json* tokens = findField(m_root, "added_tokens");
    if (m_rows == 0 || tokens == nullptr || !tokens->is_array())
        return;
    for (const nlohmann::json& token : *tokens)
        if (const nlohmann::json* content = findField(token, "content"); content && content->is_string())
            m_addedTexts.insert(content->get<std::string>());
}

/// [["text", score], …]
Result<void> Reader::readScored()
{
    const nlohmann::json& vocabulary = m_model["vocab"];
    if (!vocabulary.is_array())
        return {};
    for (std::size_t id = 0; id < vocabulary.size(); ++id) {
        const nlohmann::json& entry = vocabulary[id];
        const std::string where = m_where + ": model.vocab[" + std::to_string(id) + "]";
        if (!entry.is_array() || entry.size() != 2 || !entry[0].is_string() || !entry[1].is_number() ||
            !std::isfinite(entry[1].get<double>()))
            return badInput(where + ": is not a text with its score");
        if (id >= kMostTokens)
            return badInput(where + ": too many tokens");
        if (auto placed = place(static_cast<std::int64_t>(id), entry[0].get<std::string>(), where); !placed)
            return placed;
        m_all.scores.push_back(entry[1].get<double>());
    }
    return {};
}

Result<void> Reader::readAdded()
{
    const nlohmann::json* tokens = findField(m_root, "added_tokens");
    if (tokens == nullptr)
        return {};
    if (!tokens->is_array())
        return badInput(m_where + ": added_tokens: is not a list");
    for (std::size_t i = 0; i < tokens->size(); ++i)
        if (auto read = readAddedToken((*tokens)[i], m_where + ": added_tokens[" + std::to_string(i) + "]");
            !read)
            return read;
    return {};
}

Result<AddedToken> readFlags(const nlohmann::json& entry, const std::string& where)
{
    AddedToken token;
    struct Flag
    {
        const char* name;
        bool* value;
    };
    const Flag flags[] = {{"special", &token.special},
                          {"single_word", &token.singleWord},
                          {"lstrip", &token.takesLeft},
                          {"rstrip", &token.takesRight},
                          {"normalized", &token.normalized}};
    for (const Flag& flag : flags) {
        const auto read = readFlag(entry, flag.name, false, where);
        if (!read)
            return read.error();
        *flag.value = *read;
    }
    return token;
}

Result<void> Reader::readAddedToken(const nlohmann::json& entry, const std::string& where)
{
    auto token = readFlags(entry, where);
    if (!token)
        return token.error();
    auto text = readText(entry, "content", std::nullopt, where);
    if (!text)
        return text.error();
    const nlohmann::json* number = findField(entry, "id");
    const auto id = number != nullptr ? idOf(*number, where + ".id") : badInput(where + ".id: is missing");
    if (!id)
        return id.error();
    if (text->empty() || (m_rows != 0 && static_cast<std::size_t>(*id) >= m_rows))
        return {}; // the model has no place for it
    if (auto placed = place(*id, *text, where); !placed)
        return placed;
    m_all.kinds[static_cast<std::size_t>(*id)] = token->special ? TokenKind::Control : TokenKind::UserDefined;
    token->id = static_cast<TokenId>(*id);
    token->text = std::move(*text);
    m_all.added.push_back(std::move(*token));
    return {};
}

/// "<0x0A>" is a byte only where the model says so.
Result<void> Reader::markBytes()
{
    const auto fallback = readFlag(m_model, "byte_fallback", false, m_where + ": model");
    if (!fallback)
        return fallback.error();
    for (std::size_t i = 0; *fallback && i < m_all.texts.size(); ++i)
        if (m_all.kinds[i] == TokenKind::Normal && byteOfToken(m_all.texts[i]) >= 0)
            m_all.kinds[i] = TokenKind::Byte;
    return {};
}

} // namespace

Result<JsonVocabulary> readJsonVocabulary(const nlohmann::json& root, std::size_t rows,
                                          const std::string& where)
{
    const nlohmann::json* model = findField(root, "model");
    if (model == nullptr || !model->is_object())
        return badInput(where + ": model: is missing");
    return Reader(root, rows, where).run();
}

} // namespace vitrine::engine
