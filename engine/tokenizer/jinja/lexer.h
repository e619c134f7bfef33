// SPDX-License-Identifier: GPL-3.0-or-later
// Template source to tokens, with trim_blocks and lstrip_blocks as published chat templates expect.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace vitrine::engine::jinja {

enum class TokenType : std::uint8_t {
    Data,          ///< text between tags
    BlockBegin,    ///< {%
    BlockEnd,      ///< %}
    VariableBegin, ///< {{
    VariableEnd,   ///< }}
    Name,
    Quoted, ///< a quoted text, escapes resolved
    Integer,
    Float,
    Operator,
    End,
};

struct Token
{
    TokenType type = TokenType::End;
    std::string text;
    int line = 1;
    bool is(TokenType wanted, std::string_view wantedText) const
    {
        return type == wanted && text == wantedText;
    }
};

/// Ends with a token of type End. Errors name the line.
Result<std::vector<Token>> tokenize(std::string_view source);

} // namespace vitrine::engine::jinja
