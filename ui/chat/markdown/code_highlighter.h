// SPDX-License-Identifier: GPL-3.0-or-later
// Colours code by line: comments, strings, keywords and names of functions. A line needs only the state the
// line above left. Unknown languages get strings and comments of the common kinds. Pure; any thread.
#pragma once

#include <QList>
#include <QString>
#include <QStringView>

namespace vitrine::ui {

enum class CodeToken : quint8 { Keyword, String, Comment, Function };

struct CodeSpan
{
    qsizetype start = 0;
    qsizetype length = 0;
    CodeToken token = CodeToken::Keyword;

    bool operator==(const CodeSpan&) const = default;
};

/// What is still open at the end of a line.
enum class CodeState : quint8 { None, BlockComment, TripleSingle, TripleDouble };

struct CodeGrammar;

class CodeHighlighter
{
public:
    /// `language` as the fence names it: "py", "C++", "sql" …
    explicit CodeHighlighter(const QString& language);

    QList<CodeSpan> highlight(QStringView line, CodeState& state) const;

private:
    const CodeGrammar* m_grammar;
};

} // namespace vitrine::ui
