// SPDX-License-Identifier: GPL-3.0-or-later
// Jinja's tests: what stands after `is`.
#pragma once

#include <string>

#include "engine/tokenizer/jinja/interpreter.h"
#include "engine/tokenizer/jinja/value.h"

namespace vitrine::engine::jinja {

bool applyTest(Interpreter& interpreter, const std::string& name, const Value& value,
               const Arguments& arguments);

} // namespace vitrine::engine::jinja
