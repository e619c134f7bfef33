// SPDX-License-Identifier: GPL-3.0-or-later
// What tokenizer_config.json and special_tokens_map.json add to a tokenizer.json: which tokens are special,
// and the chat templates.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/result.h"
#include "engine/tokenizer/tokenizer_json.h"

namespace vitrine::engine {

class TokenizerConfig
{
public:
    static Result<TokenizerConfig> read(const TokenizerFiles& files);

    /// The text of "bos_token", "eos_token", …; empty: there is none.
    const std::string& tokenText(const std::string& name) const;
    const std::optional<bool>& addsBos() const { return m_addsBos; }
    std::vector<NamedTemplate> takeTemplates() { return std::move(m_templates); }

private:
    Result<void> readTokens(const nlohmann::json& file, const std::string& where);
    Result<void> readTemplates(const nlohmann::json& file, const std::string& where);
    void addTemplate(NamedTemplate added);

    std::vector<std::pair<std::string, std::string>> m_tokens; // name and text; the first of a name counts
    std::optional<bool> m_addsBos;
    std::vector<NamedTemplate> m_templates;
};

} // namespace vitrine::engine
