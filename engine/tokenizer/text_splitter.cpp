// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/text_splitter.h"

#include <algorithm>

#include "engine/tokenizer/byte_alphabet.h"

namespace vitrine::engine {

using regex::Span;

namespace {

struct Segment
{
    Span span;
    bool matches;
};

/// Matches and what lies between them, in order.
std::vector<Segment> segments(const regex::Regex& pattern, std::string_view text, bool inverted,
                              regex::Budget& budget)
{
    std::vector<Segment> all;
    std::size_t done = 0;
    regex::Matches matches(pattern, text, budget);
    while (const auto match = matches.next()) {
        if (match->begin > done)
            all.push_back({{done, match->begin}, inverted});
        all.push_back({*match, !inverted});
        done = match->end;
    }
    if (done < text.size())
        all.push_back({{done, text.size()}, inverted});
    return all;
}

/// Whether a segment continues the piece before it.
bool joins(SplitBehavior behavior, bool matchedBefore, bool matches)
{
    switch (behavior) {
    case SplitBehavior::MergedWithPrevious:
        return matches && !matchedBefore;
    case SplitBehavior::MergedWithNext:
        return matchedBefore && !matches;
    case SplitBehavior::Contiguous:
        return matchedBefore == matches;
    default:
        return false;
    }
}

} // namespace

Result<void> TextSplitter::addSplit(std::string_view pattern, SplitBehavior behavior, bool inverted)
{
    auto compiled = regex::Regex::compile(pattern);
    if (!compiled)
        return compiled.error();
    Step step;
    step.pattern.push_back(std::move(*compiled));
    step.behavior = behavior;
    step.inverted = inverted;
    m_steps.push_back(std::move(step));
    return {};
}

void TextSplitter::addSpaces(std::string space, Prefix prefix)
{
    Step step;
    step.kind = StepKind::Spaces;
    step.space = std::move(space);
    step.prefix = prefix;
    m_steps.push_back(std::move(step));
}

void TextSplitter::cut(const Step& step, std::string_view piece, std::size_t offset, regex::Budget& budget,
                       std::vector<Span>& out)
{
    const std::size_t before = out.size();
    bool begun = false, matchedBefore = false;
    for (const Segment& segment : segments(step.pattern[0], piece, step.inverted, budget)) {
        const Span span{segment.span.begin + offset, segment.span.end + offset};
        if (begun && joins(step.behavior, matchedBefore, segment.matches))
            out.back().end = span.end;
        else if (step.behavior != SplitBehavior::Removed || !segment.matches)
            out.push_back(span);
        begun = true;
        matchedBefore = segment.matches;
    }
    // Matches that take nothing have done their part: they cut.
    out.erase(std::remove_if(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
                             [](const Span& span) { return span.begin == span.end; }),
              out.end());
}

/// Writes spaces in their way and puts one before pieces, or writes bytes as characters.
void TextSplitter::rewrite(const Step& step, bool first, Words& words)
{
    std::string text;
    for (Span& span : words.spans) {
        const std::string_view piece = words.text.substr(span.begin, span.end - span.begin);
        const bool prefixed =
            step.prefix == Prefix::Always || (step.prefix == Prefix::First && first && span.begin == 0);
        span.begin = text.size();
        if (step.kind == StepKind::ToCharacters) {
            for (const char byte : piece)
                text += byteCharacter(static_cast<std::uint8_t>(byte));
        } else {
            if (prefixed && !piece.starts_with(' ') && !piece.starts_with(step.space))
                text += step.space;
            for (const char byte : piece)
                if (byte == ' ')
                    text += step.space;
                else
                    text += byte;
        }
        span.end = text.size();
    }
    words.rewritten = std::move(text);
    words.text = words.rewritten;
}

void TextSplitter::restoreBytes(Words& words)
{
    std::string text;
    for (Span& span : words.spans) {
        const std::string_view piece = words.text.substr(span.begin, span.end - span.begin);
        span.begin = text.size();
        appendCharactersBytes(piece, text);
        span.end = text.size();
    }
    words.rewritten = std::move(text);
    words.text = words.rewritten;
}

void TextSplitter::split(std::string_view text, bool first, Words& words) const
{
    words.text = text;
    words.spans.assign(text.empty() ? 0 : 1, Span{0, text.size()});
    regex::Budget budget(text.size());
    bool characters = false;
    std::vector<Span> next;
    for (const Step& step : m_steps) {
        if (step.kind != StepKind::Split) {
            rewrite(step, first, words);
            characters = characters || step.kind == StepKind::ToCharacters;
            continue;
        }
        next.clear();
        for (const Span& span : words.spans)
            cut(step, words.text.substr(span.begin, span.end - span.begin), span.begin, budget, next);
        words.spans.swap(next);
    }
    if (characters)
        restoreBytes(words);
}

} // namespace vitrine::engine
