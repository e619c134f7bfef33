// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of a reply: what the model thought, between <think> and </think> (or <thinking>), and what it
// answered. An opening mark counts at the beginning of a line outside code; a closing mark ends a thought
// wherever it stands. A reply whose first mark is a closing one began inside a thought: the prompt had opened
// it. Any thread, one at a time.
#pragma once

#include <vector>

#include <QChar>
#include <QStringView>

namespace vitrine::ui {

struct ReplyPart
{
    qsizetype begin = 0, end = 0; ///< in the source, without the marks
    int thought = 0;              ///< 1, 2, … for thoughts, 0 for an answer
    bool closed = false;          ///< no text comes to it any more
};

class ThinkingScanner
{
public:
    /// `source` may only have grown since the last call. `open`: more text may follow, so what could become a
    /// mark at its end belongs to no part yet. Every line is looked at once, but for the last.
    std::vector<ReplyPart> update(QStringView source, bool open);

private:
    struct State
    {
        std::vector<ReplyPart> parts{ReplyPart{}};
        int thoughts = 0;
        QChar fence;
        int fenceLength = 0; // 0: not in code
    };

    static void readLine(State& state, QStringView source, qsizetype begin, qsizetype end);
    static bool openThought(State& state, QStringView source, qsizetype begin, qsizetype end);
    static bool closeFirst(State& state, QStringView source, qsizetype begin, qsizetype end);
    static void watchFence(State& state, QStringView line);
    static qsizetype held(const State& state, QStringView line);

    State m_state; // after the last complete line
    qsizetype m_at = 0;
};

} // namespace vitrine::ui
