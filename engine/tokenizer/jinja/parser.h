// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens to a tree. Nesting is bounded, so that a hostile template cannot exhaust the stack.
#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "engine/tokenizer/jinja/ast.h"

namespace vitrine::engine::jinja {

/// Errors name the line.
Result<Block> parse(std::string_view source);

} // namespace vitrine::engine::jinja
