// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/tokenizer_config.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/json_reading.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

namespace {

constexpr std::string_view kDefault = "default";

} // namespace

Result<TokenizerConfig> TokenizerConfig::read(const TokenizerFiles& files)
{
    TokenizerConfig config;
    if (!files.chatTemplate.empty())
        config.addTemplate({std::string(kDefault), unicode::sanitized(files.chatTemplate)});
    for (const NamedTemplate& more : files.moreTemplates)
        config.addTemplate(more);
    struct File
    {
        const char* name;
        std::string_view bytes;
    };
    for (const File& file : {File{"/tokenizer_config.json", files.config},
                             File{"/special_tokens_map.json", files.specialTokens}}) {
        if (file.bytes.empty())
            continue;
        const std::string where = files.folder + file.name;
        const auto root = parseBounded(file.bytes, where);
        if (!root)
            return root.error();
        if (auto read = config.readTokens(*root, where); !read)
            return read.error();
        if (auto read = config.readTemplates(*root, where); !read)
            return read.error();
    }
    return config;
}

/// Texts, or objects that hold one as "content".
Result<void> TokenizerConfig::readTokens(const nlohmann::json& file, const std::string& where)
{
    for (const char* name : {"bos_token", "eos_token", "unk_token", "pad_token"}) {
        const nlohmann::json* value = findField(file, name);
        if (value == nullptr)
            continue;
        const auto text = value->is_object() ? readText(*value, "content", std::nullopt, where + ": " + name)
                                             : readText(file, name, std::nullopt, where + ": ");
        if (!text)
            return text.error();
        m_tokens.emplace_back(name, *text);
    }
    if (findField(file, "add_bos_token") != nullptr) {
        const auto adds = readFlag(file, "add_bos_token", false, where + ": ");
        if (!adds)
            return adds.error();
        m_addsBos = *adds;
    }
    return {};
}

/// One text, or a list of {"name": …, "template": …}.
Result<void> TokenizerConfig::readTemplates(const nlohmann::json& file, const std::string& where)
{
    const nlohmann::json* value = findField(file, "chat_template");
    if (value == nullptr)
        return {};
    if (value->is_string()) {
        addTemplate({std::string(kDefault), value->get<std::string>()});
        return {};
    }
    if (!value->is_array())
        return badInput(where + ": chat_template: is neither a text nor a list");
    for (std::size_t i = 0; i < value->size(); ++i) {
        const std::string entry = where + ": chat_template[" + std::to_string(i) + "]";
        auto name = readText((*value)[i], "name", std::nullopt, entry);
        auto source = readText((*value)[i], "template", std::nullopt, entry);
        if (!name || !source)
            return name ? source.error() : name.error();
        addTemplate({std::move(*name), std::move(*source)});
    }
    return {};
}

/// The first of a name counts.
void TokenizerConfig::addTemplate(NamedTemplate added)
{
    const auto same = [&](const NamedTemplate& known) { return known.name == added.name; };
    if (std::any_of(m_templates.begin(), m_templates.end(), same))
        return;
    const bool first = added.name == kDefault;
    m_templates.insert(first ? m_templates.begin() : m_templates.end(), std::move(added));
}

const std::string& TokenizerConfig::tokenText(const std::string& name) const
{
    static const std::string none;
    const auto found = std::find_if(m_tokens.begin(), m_tokens.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    return found != m_tokens.end() ? found->second : none;
}

} // namespace vitrine::engine
