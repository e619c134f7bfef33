// SPDX-License-Identifier: GPL-3.0-or-later
// JSON from outside, read with a limit to how deep it nests. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace vitrine::engine {

/// nullopt with a message in `error` when `text` is not one JSON document or nests too deep.
std::optional<nlohmann::ordered_json> parseJson(std::string_view text, std::string& error);

} // namespace vitrine::engine
