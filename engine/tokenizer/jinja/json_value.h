// SPDX-License-Identifier: GPL-3.0-or-later
// JSON to the values of a template.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/tokenizer/jinja/interpreter.h"

namespace vitrine::engine::jinja {

/// Fails through the interpreter when nested too deeply or too large.
Value fromJson(Interpreter& interpreter, const nlohmann::ordered_json& json, int level = 0);

} // namespace vitrine::engine::jinja
