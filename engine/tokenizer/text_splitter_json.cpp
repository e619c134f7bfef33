// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of a splitter from the pre_tokenizer of a tokenizer.json.
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/json_reading.h"
#include "engine/tokenizer/text_splitter.h"

namespace vitrine::engine {

namespace {

constexpr std::string_view kGpt2Words =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr std::size_t kMostSteps = 64;
constexpr std::size_t kLongestSpace = 16;
// \w+|[^\w\s]+ by Unicode's definition of \w, which has joiners and lacks six characters of Oniguruma's.
constexpr std::string_view kWordsAndSigns =
    R"([[\w\x{200C}\x{200D}]&&[^²³¹¼½¾]]+|[[^\w\s\x{200C}\x{200D}]²³¹¼½¾]+)";
constexpr std::string_view kPunctuation = R"([\p{P}!-/:-@\[-`{-~])"; // Unicode's and all of ASCII's

} // namespace

Result<SplitBehavior> splitBehavior(std::string_view name, const std::string& where)
{
    struct Named
    {
        std::string_view name;
        SplitBehavior behavior;
    };
    static constexpr Named kNames[] = {{"Removed", SplitBehavior::Removed},
                                       {"Isolated", SplitBehavior::Isolated},
                                       {"MergedWithPrevious", SplitBehavior::MergedWithPrevious},
                                       {"MergedWithNext", SplitBehavior::MergedWithNext},
                                       {"Contiguous", SplitBehavior::Contiguous}};
    for (const Named& known : kNames)
        if (known.name == name)
            return known.behavior;
    return badInput(where + ".behavior: " + inQuotes(name) + " is not known");
}

std::string literalPattern(std::string_view text)
{
    std::string pattern;
    for (const char c : text) {
        if (std::string_view("\\^$.[]|()?*+{}-&").find(c) != std::string_view::npos)
            pattern += '\\';
        pattern += c;
    }
    return pattern;
}

Result<std::string> patternField(const nlohmann::json& object, const std::string& where)
{
    const nlohmann::json* pattern = findField(object, "pattern");
    if (pattern == nullptr)
        return badInput(where + ".pattern: is missing");
    if (findField(*pattern, "String") == nullptr)
        return readText(*pattern, "Regex", std::nullopt, where + ".pattern");
    auto text = readText(*pattern, "String", std::nullopt, where + ".pattern");
    if (!text || text->empty())
        return text ? badInput(where + ".pattern.String: is empty") : text;
    return literalPattern(*text);
}

Result<TextSplitter> TextSplitter::fromJson(const nlohmann::json& tree, const std::string& where)
{
    TextSplitter splitter;
    if (!tree.is_null())
        if (auto added = splitter.add(tree, where); !added)
            return added.error();
    if (splitter.m_steps.size() > kMostSteps)
        return badInput(where + ": more than " + std::to_string(kMostSteps) + " steps");
    // Bytes need not be written as characters where no step looks at them any more.
    if (!splitter.m_steps.empty() && splitter.m_steps.back().kind == StepKind::ToCharacters)
        splitter.m_steps.pop_back();
    return splitter;
}

Result<void> TextSplitter::add(const nlohmann::json& tree, const std::string& where)
{
    const auto type = readText(tree, "type", std::nullopt, where);
    if (!type)
        return type.error();
    if (*type != "Sequence")
        return addNamed(*type, tree, where);
    const nlohmann::json* parts = findField(tree, "pretokenizers");
    if (parts == nullptr || !parts->is_array())
        return badInput(where + ".pretokenizers: is missing or not a list");
    for (std::size_t i = 0; i < parts->size(); ++i)
        if (auto added = add((*parts)[i], where + ".pretokenizers[" + std::to_string(i) + "]"); !added)
            return added;
    return {};
}

Result<void> TextSplitter::addNamed(const std::string& type, const nlohmann::json& tree,
                                    const std::string& where)
{
    if (type == "ByteLevel")
        return addByteLevel(tree, where);
    if (type == "Metaspace")
        return addMetaspace(tree, where);
    if (type == "Whitespace")
        return addSplit(kWordsAndSigns, SplitBehavior::Removed, true);
    if (type == "WhitespaceSplit")
        return addSplit(R"(\s)", SplitBehavior::Removed);
    if (type == "Digits") {
        const auto individual = readFlag(tree, "individual_digits", false, where);
        if (!individual)
            return individual.error();
        return addSplit(R"(\p{N})", *individual ? SplitBehavior::Isolated : SplitBehavior::Contiguous);
    }
    if (type == "BertPreTokenizer") {
        if (auto spaces = addSplit(R"(\s)", SplitBehavior::Removed); !spaces)
            return spaces;
        return addSplit(kPunctuation, SplitBehavior::Isolated);
    }
    if (type == "Split" || type == "Punctuation" || type == "CharDelimiterSplit")
        return addPattern(tree, where);
    return badInput(where + ": " + inQuotes(type) +
                    " is a way of cutting text that this version does not know");
}

/// Split, Punctuation and CharDelimiterSplit.
Result<void> TextSplitter::addPattern(const nlohmann::json& tree, const std::string& where)
{
    std::string pattern(kPunctuation);
    if (findField(tree, "pattern") != nullptr || tree["type"] == "Split") {
        auto said = patternField(tree, where);
        if (!said)
            return said.error();
        pattern = std::move(*said);
    } else if (tree["type"] == "CharDelimiterSplit") {
        const auto delimiter = readText(tree, "delimiter", std::nullopt, where);
        if (!delimiter || delimiter->empty())
            return badInput(where + ".delimiter: is missing or empty");
        return addSplit(literalPattern(*delimiter), SplitBehavior::Removed);
    }
    const auto name = readText(tree, "behavior", "Isolated", where);
    const auto behavior = name ? splitBehavior(*name, where) : Result<SplitBehavior>(name.error());
    const auto inverted = readFlag(tree, "invert", false, where);
    if (!behavior || !inverted)
        return behavior ? inverted.error() : behavior.error();
    if (auto added = addSplit(pattern, *behavior, *inverted); !added)
        return badInput(where + ".pattern: " + added.error().message);
    return {};
}

Result<void> TextSplitter::addByteLevel(const nlohmann::json& tree, const std::string& where)
{
    const auto prefixed = readFlag(tree, "add_prefix_space", true, where);
    const auto words = readFlag(tree, "use_regex", true, where);
    if (!prefixed || !words)
        return prefixed ? words.error() : prefixed.error();
    if (m_byteLevel)
        return badInput(where + ": text is cut into bytes twice");
    m_byteLevel = true;
    if (*prefixed)
        addSpaces(" ", Prefix::Always);
    if (*words)
        if (auto added = addSplit(kGpt2Words, SplitBehavior::Isolated); !added)
            return added;
    Step step;
    step.kind = StepKind::ToCharacters;
    m_steps.push_back(std::move(step));
    return {};
}

Result<void> TextSplitter::addMetaspace(const nlohmann::json& tree, const std::string& where)
{
    const auto space = readText(tree, "replacement", "\xE2\x96\x81", where);
    const auto old = readFlag(tree, "add_prefix_space", true, where);
    const auto cuts = readFlag(tree, "split", true, where);
    if (!space || !old || !cuts)
        return !space ? space.error() : !old ? old.error() : cuts.error();
    const auto scheme = readText(tree, "prepend_scheme", *old ? "always" : "never", where);
    if (std::exchange(m_metaspace, true))
        return badInput(where + ": spaces are written in two ways");
    if (!scheme || space->empty() || space->size() > kLongestSpace ||
        (*scheme != "always" && *scheme != "first" && *scheme != "never"))
        return badInput(
            where + ": needs a replacement, and \"always\", \"first\" or \"never\" to put it before text");
    const Prefix prefix = *scheme == "always"  ? Prefix::Always
                          : *scheme == "first" ? Prefix::First
                                               : Prefix::Never;
    addSpaces(*space, prefix);
    return *cuts ? addSplit(literalPattern(*space), SplitBehavior::MergedWithNext) : Result<void>{};
}

} // namespace vitrine::engine
