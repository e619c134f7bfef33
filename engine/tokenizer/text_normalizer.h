// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to text before it is cut into words: Unicode normal forms, replacements, a prefix. Built from
// the normalizer of a tokenizer.json. Immutable; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/result.h"
#include "engine/tokenizer/regex/regex.h"
#include "engine/tokenizer/unicode_normalization.h"

namespace vitrine::engine {

class TextNormalizer
{
public:
    /// `tree` may be null: text stays as it is. Kinds that are not known are refused by name.
    static Result<TextNormalizer> fromJson(const nlohmann::json& tree, const std::string& where);

    bool changesNothing() const { return m_steps.empty(); }
    std::string apply(std::string_view text) const;

private:
    enum class StepKind : std::uint8_t { Form, Prepend, Replace, Lowercase, StripAccents, Strip };
    struct Step
    {
        StepKind kind = StepKind::Form;
        unicode::NormalForm form = unicode::NormalForm::C;
        std::string text;                  // to prepend, or to put instead
        std::string literal;               // to replace; empty: the expression
        std::vector<regex::Regex> pattern; // one, or none
        bool left = false, right = false;  // sides that Strip takes spaces from
    };

    Result<void> add(const nlohmann::json& tree, const std::string& where);
    Result<void> addNamed(const std::string& type, const nlohmann::json& tree, const std::string& where);
    Result<void> addReplace(const nlohmann::json& tree, const std::string& where);
    static std::string apply(const Step& step, std::string text);

    std::vector<Step> m_steps;
};

/// All of `literal` in `text` as `with`.
std::string replaced(std::string_view text, std::string_view literal, std::string_view with);
/// All matches in `text` as `with`.
std::string replaced(std::string_view text, const regex::Regex& pattern, std::string_view with);

} // namespace vitrine::engine
