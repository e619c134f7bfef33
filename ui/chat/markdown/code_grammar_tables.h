// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of languages, put together by grammarOf(): helpers to write them down, and the two groups of them.
#pragma once

#include <vector>

#include <QHash>
#include <QStringList>

#include "ui/chat/markdown/code_grammar.h"
#include "ui/chat/markdown/code_highlighter.h"

namespace vitrine::ui {

using Grammars = QHash<QString, CodeGrammar>;

/// Languages with braces and // comments.
void addBraceGrammars(Grammars& grammars);
/// Scripts, data, shells, build files.
void addScriptGrammars(Grammars& grammars);

QSet<QString> wordSet(const char* list);
CodeGrammar makeGrammar(const char* keywords, const char* types, const QStringList& lineComments,
                        const std::vector<CodeQuote>& quotes);
CodeQuote lineString(const char* mark); ///< ends on its line
CodeQuote overLines(const char* begin, const char* end, CodeToken token, bool escapes = false);
inline CodeQuote slashStar()
{
    return overLines("/*", "*/", CodeToken::Comment);
}

} // namespace vitrine::ui
