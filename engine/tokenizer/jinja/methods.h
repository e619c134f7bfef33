// SPDX-License-Identifier: GPL-3.0-or-later
// Python's methods of texts, lists and dicts.
#pragma once

#include <string_view>

#include "engine/tokenizer/jinja/objects.h"

namespace vitrine::engine::jinja {

using Method = Value (*)(Interpreter& interpreter, const Value& self, const Arguments& arguments);
struct NamedMethod
{
    std::string_view name;
    Method method;
};
/// nullptr when there is none.
Method findTextMethod(std::string_view name);

} // namespace vitrine::engine::jinja
