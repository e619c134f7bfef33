// SPDX-License-Identifier: GPL-3.0-or-later
// Colours code by line: comments, strings, keywords, types, numbers and names of functions. A line needs only
// the state the line above left. Pure; any thread.
#pragma once

#include <QList>
#include <QString>
#include <QStringView>

namespace vitrine::ui {

enum class CodeToken : quint8 { Keyword, String, Comment, Function, Number, Type };

struct CodeSpan
{
    qsizetype start = 0;
    qsizetype length = 0;
    CodeToken token = CodeToken::Keyword;

    bool operator==(const CodeSpan&) const = default;
};

/// What is still open at the end of a line: which of the grammar's quotes, or a tag.
enum class CodeState : qint8 { None = -1, Tag = 100 };

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
