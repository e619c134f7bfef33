// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/thinking.h"

#include <algorithm>
#include <array>

#include "ui/chat/markdown/line_kind.h"

namespace vitrine::ui {

namespace {

constexpr std::array<QStringView, 2> kOpen{u"<think>", u"<thinking>"};
constexpr std::array<QStringView, 2> kClose{u"</think>", u"</thinking>"};
constexpr qsizetype kLongestMark = 11;

struct Mark
{
    qsizetype at = -1;
    qsizetype length = 0;
};

Mark findClose(QStringView text)
{
    Mark first;
    for (const QStringView mark : kClose) {
        const qsizetype at = text.indexOf(mark);
        if (at >= 0 && (first.at < 0 || at < first.at))
            first = {at, mark.size()};
    }
    return first;
}

bool beginsMark(QStringView text, const std::array<QStringView, 2>& marks)
{
    return std::ranges::any_of(
        marks, [text](QStringView mark) { return text.size() < mark.size() && mark.startsWith(text); });
}

} // namespace

std::vector<ReplyPart> ThinkingScanner::update(QStringView source, bool open)
{
    for (qsizetype end = source.indexOf('\n', m_at); end >= 0; end = source.indexOf('\n', m_at)) {
        readLine(m_state, source, m_at, end);
        m_at = end + 1;
    }
    State state = m_state;
    readLine(state, source, m_at, source.size());
    const qsizetype hidden = open ? held(state, source.mid(m_at)) : 0;
    state.parts.back().end = std::max(state.parts.back().begin, source.size() - hidden);
    return std::move(state.parts);
}

/// The line between `begin` and `end`, or what a mark left of it.
void ThinkingScanner::readLine(State& state, QStringView source, qsizetype begin, qsizetype end)
{
    while (begin <= end) {
        ReplyPart& part = state.parts.back();
        const QStringView line = source.mid(begin, end - begin);
        if (part.thought > 0) {
            const Mark mark = findClose(line);
            if (mark.at < 0)
                return;
            part.end = begin + mark.at;
            part.closed = true;
            begin += mark.at + mark.length;
            state.parts.push_back({begin, begin, 0, false});
        } else if (state.fenceLength == 0 && openThought(state, source, begin, end)) {
            begin = state.parts.back().begin;
        } else {
            if (state.fenceLength > 0 || !closeFirst(state, source, begin, end))
                watchFence(state, line);
            return;
        }
    }
}

bool ThinkingScanner::openThought(State& state, QStringView source, qsizetype begin, qsizetype end)
{
    const QStringView line = source.mid(begin, end - begin);
    const qsizetype indent = indentOf(line);
    for (const QStringView mark : kOpen) {
        if (!line.mid(indent).startsWith(mark))
            continue;
        state.parts.back().end = begin;
        state.parts.back().closed = true;
        const qsizetype after = begin + indent + mark.size();
        state.parts.push_back({after, after, ++state.thoughts, false});
        return true;
    }
    return false;
}

/// A closing mark that nothing opened, first or last on its line: all above was thought.
bool ThinkingScanner::closeFirst(State& state, QStringView source, qsizetype begin, qsizetype end)
{
    const QStringView line = source.mid(begin, end - begin);
    const Mark mark = findClose(line);
    if (mark.at < 0 || state.thoughts > 0)
        return false;
    if (!isBlank(line.left(mark.at)) && !isBlank(line.mid(mark.at + mark.length)))
        return false;
    state.thoughts = 1;
    const qsizetype after = begin + mark.at + mark.length;
    state.parts = {{0, begin + mark.at, 1, true}, {after, after, 0, false}};
    return true;
}

void ThinkingScanner::watchFence(State& state, QStringView line)
{
    if (state.fenceLength > 0) {
        if (closesFence(line, state.fence, state.fenceLength))
            state.fenceLength = 0;
    } else if (const auto fence = fenceStart(line)) {
        state.fence = fence->mark;
        state.fenceLength = fence->length;
    }
}

/// How many characters at the end of the text could be the beginning of a mark.
qsizetype ThinkingScanner::held(const State& state, QStringView line)
{
    const ReplyPart& part = state.parts.back();
    if (state.fenceLength > 0 && part.thought == 0)
        return 0;
    const QStringView bare = line.mid(indentOf(line));
    if (part.thought == 0 && !bare.isEmpty() && beginsMark(bare, kOpen))
        return bare.size();
    if (part.thought == 0 && state.thoughts > 0)
        return 0;
    const qsizetype least = part.thought > 0 ? 1 : 2; // "<" alone is common in an answer
    for (qsizetype length = std::min(kLongestMark, line.size()); length >= least; --length) {
        if (beginsMark(line.right(length), kClose))
            return length;
    }
    return 0;
}

} // namespace vitrine::ui
