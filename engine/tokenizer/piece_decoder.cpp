// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/piece_decoder.h"

#include <nlohmann/json.hpp>

#include "engine/tokenizer/byte_alphabet.h"
#include "engine/tokenizer/json_reading.h"
#include "engine/tokenizer/text_normalizer.h"
#include "engine/tokenizer/text_splitter.h"
#include "engine/tokenizer/vocabulary.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostSteps = 64;
constexpr std::size_t kLongestInsert = 16;
constexpr std::size_t kLongestPiece = 4096; // steps beyond that are left out

/// Without up to `most` times `unit` at the one end or the other.
std::string stripped(std::string_view text, std::string_view unit, std::size_t left, std::size_t right)
{
    for (; left > 0 && text.starts_with(unit); --left)
        text.remove_prefix(unit.size());
    for (; right > 0 && text.ends_with(unit); --right)
        text.remove_suffix(unit.size());
    return std::string(text);
}

/// A small whole number, or 0.
std::size_t countField(const nlohmann::json& object, const char* name)
{
    const nlohmann::json* value = findField(object, name);
    return value != nullptr && value->is_number_unsigned() ? value->get<std::size_t>() : 0;
}

} // namespace

Result<PieceDecoder> PieceDecoder::fromJson(const nlohmann::json& tree, const std::string& where)
{
    PieceDecoder decoder;
    if (!tree.is_null())
        if (auto added = decoder.add(tree, where); !added)
            return added.error();
    if (decoder.m_steps.size() > kMostSteps)
        return badInput(where + ": more than " + std::to_string(kMostSteps) + " steps");
    return decoder;
}

Result<void> PieceDecoder::add(const nlohmann::json& tree, const std::string& where)
{
    const auto type = readText(tree, "type", std::nullopt, where);
    if (!type)
        return type.error();
    if (*type != "Sequence")
        return addNamed(*type, tree, where);
    const nlohmann::json* parts = findField(tree, "decoders");
    if (parts == nullptr || !parts->is_array())
        return badInput(where + ".decoders: is missing or not a list");
    for (std::size_t i = 0; i < parts->size(); ++i)
        if (auto added = add((*parts)[i], where + ".decoders[" + std::to_string(i) + "]"); !added)
            return added;
    return {};
}

Result<void> PieceDecoder::addNamed(const std::string& type, const nlohmann::json& tree,
                                    const std::string& where)
{
    if (type == "Replace")
        return addReplace(tree, where);
    if (type == "Strip")
        return addStrip(tree, where);
    if (type == "Metaspace")
        return addMetaspace(tree, where);
    Step step;
    if (type == "Fuse") {
        m_fused = true;
        return {};
    }
    if (type == "ByteFallback") {
        step.kind = StepKind::ByteFallback;
    } else if (type == "BPEDecoder") {
        auto suffix = readText(tree, "suffix", "</w>", where);
        if (!suffix || suffix->empty())
            return suffix ? badInput(where + ".suffix: is empty") : suffix.error();
        step.kind = StepKind::Suffix;
        step.literal = std::move(*suffix);
    } else if (type != "ByteLevel") {
        return badInput(where + ": " + inQuotes(type) +
                        " is a way back to text that this version does not know");
    }
    m_steps.push_back(std::move(step));
    return {};
}

Result<void> PieceDecoder::addReplace(const nlohmann::json& tree, const std::string& where)
{
    auto pattern = patternField(tree, where);
    auto content = readText(tree, "content", std::nullopt, where);
    if (!pattern || !content)
        return pattern ? content.error() : pattern.error();
    if (content->size() > kLongestInsert)
        return badInput(where + ".content: is too long");
    Step step;
    step.kind = StepKind::Replace;
    step.text = std::move(*content);
    if (findField(tree["pattern"], "String") != nullptr) {
        step.literal = tree["pattern"]["String"].get<std::string>();
    } else {
        auto compiled = regex::Regex::compile(*pattern);
        if (!compiled)
            return badInput(where + ".pattern: " + compiled.error().message);
        step.pattern.push_back(std::move(*compiled));
    }
    m_steps.push_back(std::move(step));
    return {};
}

/// Of each token; behind Fuse, of the whole text, where only the space that encoding adds is taken away.
Result<void> PieceDecoder::addStrip(const nlohmann::json& tree, const std::string& where)
{
    auto content = readText(tree, "content", " ", where);
    if (!content || content->empty())
        return content ? badInput(where + ".content: is empty") : content.error();
    Step step;
    step.kind = StepKind::Strip;
    step.literal = std::move(*content);
    step.left = countField(tree, "start");
    step.right = countField(tree, "stop");
    if (m_fused) {
        if (step.literal != " " || step.left > 1 || step.right > 0)
            return badInput(where + ": takes more from the whole text than one space before it, which is not "
                                    "supported");
        m_removesLeadingSpace = m_removesLeadingSpace || step.left == 1;
        return {};
    }
    m_steps.push_back(std::move(step));
    return {};
}

Result<void> PieceDecoder::addMetaspace(const nlohmann::json& tree, const std::string& where)
{
    auto space = readText(tree, "replacement", "\xE2\x96\x81", where);
    const auto old = readFlag(tree, "add_prefix_space", true, where);
    if (!space || !old || space->empty())
        return !space ? space.error() : !old ? old.error() : badInput(where + ".replacement: is empty");
    const auto scheme = readText(tree, "prepend_scheme", *old ? "always" : "never", where);
    if (!scheme)
        return scheme.error();
    m_removesLeadingSpace = m_removesLeadingSpace || *scheme != "never";
    Step step;
    step.kind = StepKind::Replace;
    step.literal = std::move(*space);
    step.text = " ";
    m_steps.push_back(std::move(step));
    return {};
}

std::string PieceDecoder::apply(const Step& step, std::string text, bool& decided)
{
    switch (step.kind) {
    case StepKind::Characters:
        if (auto bytes = bytesOfCharacters(text))
            return *bytes;
        return text; // an added token that is written as it is
    case StepKind::Replace:
        return step.pattern.empty() ? replaced(text, step.literal, step.text)
                                    : replaced(text, step.pattern[0], step.text);
    case StepKind::ByteFallback:
        if (const int byte = byteOfToken(text); byte >= 0) {
            decided = true;
            return std::string(1, static_cast<char>(byte));
        }
        return text;
    case StepKind::Suffix:
        return replaced(text, step.literal, " ");
    case StepKind::Strip:
        return stripped(text, step.literal, step.left, step.right);
    }
    return text;
}

std::string PieceDecoder::bytesOf(std::string_view text) const
{
    std::string out(text);
    bool decided = false;
    for (const Step& step : m_steps)
        if (!decided && out.size() <= kLongestPiece)
            out = apply(step, std::move(out), decided);
    return out;
}

} // namespace vitrine::engine
