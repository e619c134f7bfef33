// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/json_text.h"

namespace vitrine::engine {

std::optional<nlohmann::ordered_json> parseJson(std::string_view text, std::string& error)
{
    using Json = nlohmann::ordered_json;
    constexpr int kDeepest = 200; // the parser's values are destroyed by recursion
    bool tooDeep = false;
    const auto guard = [&](int depth, Json::parse_event_t, Json&) {
        tooDeep = tooDeep || depth > kDeepest;
        return !tooDeep;
    };
    try {
        Json document = Json::parse(text.begin(), text.end(), guard);
        if (!tooDeep)
            return document;
        error = "nests deeper than " + std::to_string(kDeepest) + " levels";
    } catch (const Json::exception& failure) {
        const std::string what = failure.what();
        const std::size_t start = what.find("] ");
        error = "not valid JSON: " + (start == std::string::npos ? what : what.substr(start + 2));
    }
    return std::nullopt;
}

} // namespace vitrine::engine
