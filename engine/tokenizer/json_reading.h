// SPDX-License-Identifier: GPL-3.0-or-later
// Reading of JSON that a stranger wrote: bounded in size and depth, and fields with their kinds checked.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/result.h"

namespace vitrine::engine {

/// `where` begins the message. Files over 256 MiB, of more than eight million values or of more than 64
/// levels are refused before anything is built of them.
Result<nlohmann::json> parseBounded(std::string_view bytes, const std::string& where);

/// A field of an object; nullptr where it is missing or null, or where `object` is none.
const nlohmann::json* findField(const nlohmann::json& object, const char* name);

// The value of a field, `fallback` where it is missing or null; anything else of a wrong kind is an error.
Result<bool> readFlag(const nlohmann::json& object, const char* name, bool fallback,
                      const std::string& where);
Result<std::string> readText(const nlohmann::json& object, const char* name,
                             const std::optional<std::string>& fallback, const std::string& where);

/// A name from a file, short and valid, in quotes.
std::string inQuotes(std::string_view name);

} // namespace vitrine::engine
