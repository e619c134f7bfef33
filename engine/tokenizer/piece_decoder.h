// SPDX-License-Identifier: GPL-3.0-or-later
// Which bytes a token stands for, by the decoder of a tokenizer.json. Immutable; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/result.h"
#include "engine/tokenizer/regex/regex.h"

namespace vitrine::engine {

class PieceDecoder
{
public:
    /// `tree` may be null: tokens stand for their texts. Kinds that are not known are refused by name.
    static Result<PieceDecoder> fromJson(const nlohmann::json& tree, const std::string& where);

    /// The bytes of a token that the file writes as `text`.
    std::string bytesOf(std::string_view text) const;
    /// Whether a space that begins the whole text is removed.
    bool removesLeadingSpace() const { return m_removesLeadingSpace; }

private:
    enum class StepKind : std::uint8_t { Characters, Replace, ByteFallback, Suffix, Strip };
    struct Step
    {
        StepKind kind = StepKind::Characters;
        std::string literal; // to replace, the suffix, or what is stripped; empty: the expression
        std::string text;    // to put instead
        std::vector<regex::Regex> pattern; // one, or none
        std::size_t left = 0, right = 0;   // how many Strip takes
    };

    Result<void> add(const nlohmann::json& tree, const std::string& where);
    Result<void> addNamed(const std::string& type, const nlohmann::json& tree, const std::string& where);
    Result<void> addReplace(const nlohmann::json& tree, const std::string& where);
    Result<void> addStrip(const nlohmann::json& tree, const std::string& where);
    Result<void> addMetaspace(const nlohmann::json& tree, const std::string& where);
    static std::string apply(const Step& step, std::string text, bool& decided);

    std::vector<Step> m_steps;
    bool m_fused = false; // what comes after acts on the whole text
    bool m_removesLeadingSpace = false;
};

} // namespace vitrine::engine
