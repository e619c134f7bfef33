// SPDX-License-Identifier: GPL-3.0-or-later
// Typed look-ups in a JSON object from outside; the first complaint is kept and later ones are dropped, so
// that its user reads as a list. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/result.h"

namespace vitrine::engine {

/// Not in file order; of keys that come twice the last counts. `most` bytes and 64 levels at most. `lists`:
/// else lists are left out, which bounds what a hostile file takes. Errors begin with `name`.
Result<nlohmann::json> parseSettings(std::string_view text, const std::string& name, std::size_t most,
                                     bool lists = true);

class JsonSettings
{
public:
    /// Borrows the object; `name` begins complaints.
    JsonSettings(const nlohmann::json& object, std::string name) : m_object(&object), m_name(std::move(name))
    {}

    const nlohmann::json* find(const std::string& key) const;                  ///< nullptr: absent or null
    bool has(const std::string& key) const { return m_object->contains(key); } ///< a null too
    /// nullopt: absent, or of another kind after a complaint.
    std::optional<std::uint64_t> integer(const std::string& key);
    std::optional<double> real(const std::string& key); ///< finite
    std::optional<bool> truth(const std::string& key);
    std::optional<std::string> text(const std::string& key);
    std::optional<std::vector<double>> reals(const std::string& key);
    std::optional<std::vector<std::string>> texts(const std::string& key);
    /// 1 after a complaint that it is missing.
    std::uint64_t required(const std::string& key);

    void complain(const std::string& key, const std::string& what);
    const std::optional<Error>& error() const { return m_error; }
    const std::string& name() const { return m_name; }

private:
    const nlohmann::json* m_object;
    std::string m_name;
    std::optional<Error> m_error;
};

} // namespace vitrine::engine
