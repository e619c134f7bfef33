// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/json_value.h"

#include <limits>

#include <nlohmann/json.hpp>

namespace vitrine::engine::jinja {

namespace {

Value fromArray(Interpreter& interpreter, const nlohmann::ordered_json& json, int level)
{
    std::vector<Value> items;
    for (const auto& item : json)
        items.push_back(fromJson(interpreter, item, level + 1));
    return interpreter.sequence(std::move(items));
}

Value fromObject(Interpreter& interpreter, const nlohmann::ordered_json& json, int level)
{
    Mapping mapping;
    for (const auto& [key, value] : json.items())
        mapping.set(interpreter.text(key), fromJson(interpreter, value, level + 1));
    return interpreter.mapping(std::move(mapping));
}

} // namespace

Value fromJson(Interpreter& interpreter, const nlohmann::ordered_json& json, int level)
{
    if (level > interpreter.limits().valueDepth)
        return interpreter.fail("the variables are nested too deeply");
    if (interpreter.failed())
        return {};
    if (json.is_string())
        return interpreter.text(json.get_ref<const std::string&>());
    if (json.is_boolean())
        return Value(json.get<bool>());
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
        return Value(json.get<double>());
    if (json.is_number_integer())
        return Value(json.get<std::int64_t>());
    if (json.is_number_float())
        return Value(json.get<double>());
    if (json.is_array())
        return fromArray(interpreter, json, level);
    if (json.is_object())
        return fromObject(interpreter, json, level);
    return Value(None{});
}

} // namespace vitrine::engine::jinja
