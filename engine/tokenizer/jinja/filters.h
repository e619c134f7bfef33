// SPDX-License-Identifier: GPL-3.0-or-later
// Jinja's filters. Each fails through the interpreter.
#pragma once

#include <string>
#include <string_view>

#include "engine/tokenizer/jinja/interpreter.h"
#include "engine/tokenizer/jinja/value.h"

namespace vitrine::engine::jinja {

using Filter = Value (*)(Interpreter& interpreter, const Value& input, const Arguments& arguments);
struct NamedFilter
{
    std::string_view name;
    Filter filter;
};
/// nullptr when there is none of this name.
Filter findTextFilter(std::string_view name);
Filter findNumberFilter(std::string_view name);
Filter findListFilter(std::string_view name);
Filter findSelectionFilter(std::string_view name);

Value applyFilter(Interpreter& interpreter, const std::string& name, const Value& input,
                  const Arguments& arguments);

/// toText, counted against the limits.
std::string print(Interpreter& interpreter, const Value& value);
/// "%s and %d" % arguments: a tuple of them, or a single one.
Value formatted(Interpreter& interpreter, std::string_view format, const Value& arguments);
/// json.dumps: `indent` < 0 writes one line.
Value toJson(Interpreter& interpreter, const Value& value, int indent, bool asciiOnly, bool sortKeys);
/// obj.a.0.b for a filter's `attribute` argument; the object itself when there is none.
Value attributePath(Interpreter& interpreter, const Value& object, const Value* path);

// Arguments by place or name
std::int64_t integerArgument(Interpreter& interpreter, const Arguments& arguments, std::size_t place,
                             std::string_view name, std::int64_t otherwise);
bool flagArgument(const Arguments& arguments, std::size_t place, std::string_view name, bool otherwise);
std::string textArgument(Interpreter& interpreter, const Arguments& arguments, std::size_t place,
                         std::string_view name, std::string_view otherwise);

} // namespace vitrine::engine::jinja
