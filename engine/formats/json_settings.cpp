// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/json_settings.h"

#include <cmath>

#include "engine/base/text.h"

namespace vitrine::engine {

using Json = nlohmann::json;

Result<Json> parseSettings(std::string_view text, const std::string& name, std::size_t most, bool lists)
{
    constexpr int kDeepest = 64;
    if (text.size() > most)
        return badInput(name + ": has " + std::to_string(text.size()) + " bytes; " + std::to_string(most) +
                        " are the most that are read");
    bool tooDeep = false;
    const auto guard = [&](int depth, Json::parse_event_t event, Json&) {
        tooDeep = tooDeep || depth > kDeepest;
        return !tooDeep && (lists || event != Json::parse_event_t::array_start);
    };
    try {
        Json document = Json::parse(text.begin(), text.end(), guard);
        if (tooDeep)
            return badInput(name + ": nests deeper than " + std::to_string(kDeepest) + " levels");
        if (!document.is_object())
            return badInput(name + ": is not a JSON object");
        return document;
    } catch (const Json::parse_error& failure) {
        if (tooDeep)
            return badInput(name + ": nests deeper than " + std::to_string(kDeepest) + " levels");
        return badInput(name + ": is not valid JSON at byte " + std::to_string(failure.byte));
    } catch (const Json::out_of_range&) {
        return badInput(name + ": has a number that is too large");
    }
}

const Json* JsonSettings::find(const std::string& key) const
{
    const auto found = m_object->find(key);
    return found == m_object->end() || found->is_null() ? nullptr : &*found;
}

void JsonSettings::complain(const std::string& key, const std::string& what)
{
    if (!m_error)
        m_error = badInput(m_name + ": " + engine::quoted(key) + " " + what);
}

std::optional<std::uint64_t> JsonSettings::integer(const std::string& key)
{
    const Json* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    if (value->is_number_unsigned())
        return value->get<std::uint64_t>();
    complain(key, "must be a whole number, not below 0");
    return std::nullopt;
}

std::uint64_t JsonSettings::required(const std::string& key)
{
    if (find(key) == nullptr)
        complain(key, "is missing");
    return integer(key).value_or(1);
}

std::optional<double> JsonSettings::real(const std::string& key)
{
    const Json* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    if (value->is_number() && std::isfinite(value->get<double>()))
        return value->get<double>();
    complain(key, "must be a finite number");
    return std::nullopt;
}

std::optional<bool> JsonSettings::truth(const std::string& key)
{
    const Json* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    if (value->is_boolean())
        return value->get<bool>();
    complain(key, "must be true or false");
    return std::nullopt;
}

std::optional<std::string> JsonSettings::text(const std::string& key)
{
    const Json* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    if (value->is_string())
        return value->get<std::string>();
    complain(key, "must be a text");
    return std::nullopt;
}

std::optional<std::vector<double>> JsonSettings::reals(const std::string& key)
{
    const Json* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    std::vector<double> numbers;
    for (const Json& element : value->is_array() ? *value : Json::array({nullptr})) {
        if (!element.is_number()) {
            complain(key, "must be a list of numbers");
            return std::nullopt;
        }
        numbers.push_back(element.get<double>());
    }
    return numbers;
}

std::optional<std::vector<std::string>> JsonSettings::texts(const std::string& key)
{
    const Json* value = find(key);
    if (value == nullptr)
        return std::nullopt;
    std::vector<std::string> list;
    for (const Json& element : value->is_array() ? *value : Json::array({nullptr})) {
        if (!element.is_string()) {
            complain(key, "must be a list of texts");
            return std::nullopt;
        }
        list.push_back(element.get<std::string>());
    }
    return list;
}

} // namespace vitrine::engine
