// SPDX-License-Identifier: GPL-3.0-or-later
// What the highlighter knows about a language: words and marks, as data. Pure; any thread.
#pragma once

#include <vector>

#include <QSet>
#include <QString>

namespace vitrine::ui {

enum class CodeToken : quint8;

/// A string, or a comment, between two marks.
struct CodeQuote
{
    QString begin, end;
    CodeToken token;
    bool lines = false;   ///< goes on in the next line
    bool escapes = true;  ///< a backslash keeps the end away
    bool atStart = false; ///< only at the beginning of a line
};

struct CodeGrammar
{
    /// Most languages: words and quotes. The others read a line as a whole.
    enum class Kind { Words, Markup, Diff, Markdown, Style };

    Kind kind = Kind::Words;
    QSet<QString> keywords;
    QSet<QString> types;
    QStringList lineComments;
    std::vector<CodeQuote> quotes; ///< longer marks before shorter ones with the same beginning
    QString extraWord;             ///< characters besides letters, digits and _ that words have
    bool foldsCase = false;        ///< keywords in any case
    bool capitalTypes = false;     ///< words with a capital letter are types
    bool keysBeforeColon = false;  ///< "key:" names something
    bool keysBeforeEquals = false; ///< "key = " at the beginning of a line names something
    bool lifetimes = false;        ///< 'a is no string that was left open
    bool variables = false;        ///< $name is a variable
    bool firstWordIsName = false;  ///< the first word of a line is a command or a rule
};

/// `language` as a fence names it; an unknown one has strings and comments of the common kinds.
const CodeGrammar& grammarOf(const QString& language);

} // namespace vitrine::ui
