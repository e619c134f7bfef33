// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/json_reading.h"

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/unicode.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kLargest = std::size_t{256} << 20;
constexpr std::size_t kMostValues = 8'000'000; // the largest published vocabularies need a quarter of it
constexpr int kDeepest = 64;

struct Shape
{
    std::size_t values = 1;
    int depth = 0;
};

/// How many values and levels the text has, where it is JSON at all.
Shape shapeOf(std::string_view bytes)
{
    Shape shape;
    int depth = 0;
    bool inText = false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (inText) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inText = false;
            continue;
        }
        inText = c == '"';
        shape.values += c == ',' || c == '[' || c == '{' ? 1U : 0U;
        depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
        shape.depth = std::max(shape.depth, depth);
    }
    return shape;
}

} // namespace

Result<nlohmann::json> parseBounded(std::string_view bytes, const std::string& where)
{
    if (bytes.size() > kLargest)
        return badInput(where + ": too large: " + std::to_string(bytes.size()) + " bytes");
    const Shape shape = shapeOf(bytes);
    if (shape.depth > kDeepest)
        return badInput(where + ": more than " + std::to_string(kDeepest) + " levels lie in each other");
    if (shape.values > kMostValues)
        return badInput(where + ": holds more than " + std::to_string(kMostValues) + " values");
    nlohmann::json parsed = nlohmann::json::parse(bytes, nullptr, false);
    if (parsed.is_discarded())
        return badInput(where + ": is not valid JSON");
    if (!parsed.is_object())
        return badInput(where + ": is not a JSON object");
    return parsed;
}

const nlohmann::json* findField(const nlohmann::json& object, const char* name)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

Result<bool> readFlag(const nlohmann::json& object, const char* name, bool fallback, const std::string& where)
{
    const nlohmann::json* value = findField(object, name);
    if (value == nullptr)
        return fallback;
    if (!value->is_boolean())
        return badInput(where + "." + name + ": is neither true nor false");
    return value->get<bool>();
}

Result<std::string> readText(const nlohmann::json& object, const char* name,
                             const std::optional<std::string>& fallback, const std::string& where)
{
    const nlohmann::json* value = findField(object, name);
    if (value == nullptr && fallback)
        return *fallback;
    if (value == nullptr || !value->is_string())
        return badInput(where + "." + name + ": is missing or not a text");
    return value->get<std::string>();
}

std::string inQuotes(std::string_view name)
{
    return "\"" + unicode::sanitized(name.substr(0, 80)) + "\"";
}

} // namespace vitrine::engine
