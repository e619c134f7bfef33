// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts text into words that a model never merges across, as a list of steps: each cuts the pieces of the one
// before it further. Built from the pre_tokenizer of a tokenizer.json. Immutable; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/result.h"
#include "engine/tokenizer/regex/regex.h"

namespace vitrine::engine {

/// What becomes of the matches of an expression; what lies between them is a piece of its own, except where
/// it is joined.
enum class SplitBehavior : std::uint8_t {
    Removed,
    Isolated,           ///< a piece each
    MergedWithPrevious, ///< joined to what lies before
    MergedWithNext,
    Contiguous, ///< neighbouring matches are one piece
};

/// Pieces of a text that the steps may have rewritten.
struct Words
{
    std::string_view text; ///< of the caller, or `rewritten`
    std::string rewritten;
    std::vector<regex::Span> spans;
};

class TextSplitter
{
public:
    /// `tree` may be null: the text stays whole. Steps that are not known are refused by name.
    static Result<TextSplitter> fromJson(const nlohmann::json& tree, const std::string& where);

    /// One step after the other, for ways of cutting that are known by name.
    Result<void> addSplit(std::string_view pattern, SplitBehavior behavior, bool inverted = false);

    /// Whether words are bytes for a byte-level vocabulary.
    bool byteLevel() const { return m_byteLevel; }
    /// `first`: nothing of the input lies before the text. `words` borrows from `text`.
    void split(std::string_view text, bool first, Words& words) const;

private:
    enum class StepKind : std::uint8_t { Split, Spaces, ToCharacters };
    enum class Prefix : std::uint8_t { Never, First, Always };
    struct Step
    {
        StepKind kind = StepKind::Split;
        std::vector<regex::Regex> pattern; // one; of a Split
        SplitBehavior behavior = SplitBehavior::Isolated;
        bool inverted = false;
        std::string space = " "; // of Spaces: what a space is written as, and put before a piece
        Prefix prefix = Prefix::Never;
    };

    Result<void> add(const nlohmann::json& tree, const std::string& where);
    Result<void> addNamed(const std::string& type, const nlohmann::json& tree, const std::string& where);
    Result<void> addPattern(const nlohmann::json& tree, const std::string& where);
    Result<void> addByteLevel(const nlohmann::json& tree, const std::string& where);
    Result<void> addMetaspace(const nlohmann::json& tree, const std::string& where);
    void addSpaces(std::string space, Prefix prefix);

    static void cut(const Step& step, std::string_view piece, std::size_t offset, regex::Budget& budget,
                    std::vector<regex::Span>& out);
    static void rewrite(const Step& step, bool first, Words& words);
    static void restoreBytes(Words& words);

    std::vector<Step> m_steps;
    bool m_byteLevel = false;
    bool m_metaspace = false;
};

Result<SplitBehavior> splitBehavior(std::string_view name, const std::string& where);
/// The expression that matches just this text.
std::string literalPattern(std::string_view text);
/// The expression that a "pattern" field holds: {"Regex": …} or {"String": …}.
Result<std::string> patternField(const nlohmann::json& object, const std::string& where);

} // namespace vitrine::engine
