// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/text_normalizer.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/tokenizer/json_reading.h"
#include "engine/tokenizer/text_splitter.h"

namespace vitrine::engine {

namespace {

constexpr std::size_t kMostSteps = 64; // each may make the text longer
constexpr std::size_t kLongestInsert = 32;
constexpr std::size_t kMostGrowth = 8; // beyond that, a file is hostile and further steps are left out

std::string withoutMarks(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const unicode::Decoded decoded = unicode::decodeAt(text, at);
        if (unicode::classOf(decoded.code) != unicode::CharClass::Mark)
            out += text.substr(at, decoded.length);
        at += decoded.length;
    }
    return out;
}

std::string stripped(std::string_view text, bool left, bool right)
{
    std::size_t begin = text.size(), end = 0;
    for (std::size_t at = 0; at < text.size();) {
        const unicode::Decoded decoded = unicode::decodeAt(text, at);
        if (unicode::classOf(decoded.code) != unicode::CharClass::Space) {
            begin = std::min(begin, at);
            end = at + decoded.length;
        }
        at += decoded.length;
    }
    begin = left ? begin : 0;
    end = right ? std::max(begin, end) : text.size();
    return std::string(text.substr(begin, end - begin));
}

} // namespace

std::string replaced(std::string_view text, std::string_view literal, std::string_view with)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0;;) {
        const std::size_t found = text.find(literal, at);
        if (found == std::string_view::npos) {
            out += text.substr(at);
            return out;
        }
        out += text.substr(at, found - at);
        out += with;
        at = found + literal.size();
    }
}

std::string replaced(std::string_view text, const regex::Regex& pattern, std::string_view with)
{
    regex::Budget budget(text.size());
    std::string out;
    std::size_t done = 0;
    regex::Matches matches(pattern, text, budget);
    while (const auto match = matches.next()) {
        out += text.substr(done, match->begin - done);
        out += with;
        done = match->end;
    }
    out += text.substr(done);
    return out;
}

Result<TextNormalizer> TextNormalizer::fromJson(const nlohmann::json& tree, const std::string& where)
{
    TextNormalizer normalizer;
    if (!tree.is_null())
        if (auto added = normalizer.add(tree, where); !added)
            return added.error();
    if (normalizer.m_steps.size() > kMostSteps)
        return badInput(where + ": more than " + std::to_string(kMostSteps) + " steps");
    return normalizer;
}

Result<void> TextNormalizer::add(const nlohmann::json& tree, const std::string& where)
{
    const auto type = readText(tree, "type", std::nullopt, where);
    if (!type)
        return type.error();
    if (*type != "Sequence")
        return addNamed(*type, tree, where);
    const nlohmann::json* parts = findField(tree, "normalizers");
    if (parts == nullptr || !parts->is_array())
        return badInput(where + ".normalizers: is missing or not a list");
    for (std::size_t i = 0; i < parts->size(); ++i)
        if (auto added = add((*parts)[i], where + ".normalizers[" + std::to_string(i) + "]"); !added)
            return added;
    return {};
}

Result<void> TextNormalizer::addNamed(const std::string& type, const nlohmann::json& tree,
                                      const std::string& where)
{
    Step step;
    if (type == "NFC" || type == "NFD" || type == "NFKC" || type == "NFKD") {
        const bool composes = type.back() == 'C', compatible = type.size() == 4;
        step.form = composes ? (compatible ? unicode::NormalForm::KC : unicode::NormalForm::C)
                             : (compatible ? unicode::NormalForm::KD : unicode::NormalForm::D);
    } else if (type == "Lowercase") {
        step.kind = StepKind::Lowercase;
    } else if (type == "StripAccents") {
        step.kind = StepKind::StripAccents;
    } else if (type == "Strip") {
        const auto left = readFlag(tree, "strip_left", true, where);
        const auto right = readFlag(tree, "strip_right", true, where);
        if (!left || !right)
            return left ? right.error() : left.error();
        step.kind = StepKind::Strip;
        step.left = *left;
        step.right = *right;
    } else if (type == "Prepend") {
        auto text = readText(tree, "prepend", std::nullopt, where);
        if (!text || text->size() > kLongestInsert)
            return text ? badInput(where + ".prepend: is too long") : text.error();
        step.kind = StepKind::Prepend;
        step.text = std::move(*text);
    } else if (type == "Replace") {
        return addReplace(tree, where);
    } else {
        return badInput(where + ": " + inQuotes(type) +
                        " is a way of changing text that this version does not know");
    }
    m_steps.push_back(std::move(step));
    return {};
}

Result<void> TextNormalizer::addReplace(const nlohmann::json& tree, const std::string& where)
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

std::string TextNormalizer::apply(const Step& step, std::string text)
{
    switch (step.kind) {
    case StepKind::Form:
        return unicode::normalized(text, step.form);
    case StepKind::Prepend:
        return text.empty() ? text : step.text + text;
    case StepKind::Replace:
        return step.pattern.empty() ? replaced(text, step.literal, step.text)
                                    : replaced(text, step.pattern[0], step.text);
    case StepKind::Lowercase:
        return unicode::lower(text);
    case StepKind::StripAccents:
        return withoutMarks(text);
    case StepKind::Strip:
        return stripped(text, step.left, step.right);
    }
    return text;
}

std::string TextNormalizer::apply(std::string_view text) const
{
    std::string out(text);
    for (const Step& step : m_steps)
        if (out.size() <= kMostGrowth * (text.size() + 64))
            out = apply(step, std::move(out));
    return out;
}

} // namespace vitrine::engine
