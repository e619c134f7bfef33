// SPDX-License-Identifier: GPL-3.0-or-later
// Chat templates in the subset of Jinja2 that published models use (trim_blocks, lstrip_blocks, loop
// controls). Compiled once; immutable; any thread may render. Recursion, loop rounds and output are limited,
// so that a hostile template ends with an error.
// Language: https://jinja.palletsprojects.com/en/stable/templates/
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/result.h"

namespace vitrine::engine {

struct ChatMessage
{
    std::string role; ///< "system", "user", "assistant"
    std::string content;
};

class ChatTemplate
{
public:
    /// Syntax errors name the line.
    static Result<std::unique_ptr<const ChatTemplate>> compile(std::string_view source);
    ~ChatTemplate();

    /// Every key of `variables` (an object) is a variable: messages, tools, add_generation_prompt, bos_token
    /// … Key "now" (ISO date and time) fixes strftime_now. raise_exception(text) ends with that text as the
    /// error.
    Result<std::string> render(const nlohmann::ordered_json& variables) const;

    /// The common case: messages, the generation prompt after them, and the model's bos/eos texts.
    Result<std::string> render(const std::vector<ChatMessage>& messages, bool addGenerationPrompt,
                               std::string_view bosText, std::string_view eosText) const;

private:
    struct Program;
    explicit ChatTemplate(std::unique_ptr<const Program> program);
    std::unique_ptr<const Program> m_program;
};

} // namespace vitrine::engine
