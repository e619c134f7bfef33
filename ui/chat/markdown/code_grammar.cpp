// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/code_grammar.h"

#include "ui/chat/markdown/code_grammar_tables.h"

namespace vitrine::ui {

namespace {

CodeGrammar ofKind(CodeGrammar::Kind kind, const std::vector<CodeQuote>& quotes = {})
{
    CodeGrammar g;
    g.kind = kind;
    g.quotes = quotes;
    return g;
}

/// Also what a language that is not known gets: strings that end on their line.
CodeGrammar plain()
{
    return makeGrammar("", "", {}, {lineString("\""), lineString("'"), lineString("`")});
}

Grammars makeGrammars()
{
    using Kind = CodeGrammar::Kind;
    Grammars grammars;
    addBraceGrammars(grammars);
    addScriptGrammars(grammars);
    grammars["html"] = ofKind(Kind::Markup, {overLines("<!--", "-->", CodeToken::Comment)});
    grammars["css"] = ofKind(Kind::Style, {slashStar(), lineString("\""), lineString("'")});
    grammars["markdown"] = ofKind(Kind::Markdown);
    grammars["diff"] = ofKind(Kind::Diff);
    grammars[{}] = plain();
    return grammars;
}

const QHash<QString, QString>& aliases()
{
    static const QHash<QString, QString> kAliases{
        {"c", "cpp"},          {"c++", "cpp"},        {"cc", "cpp"},           {"h", "cpp"},
        {"hpp", "cpp"},        {"cuda", "cpp"},       {"cu", "cpp"},           {"objc", "cpp"},
        {"c#", "csharp"},      {"cs", "csharp"},      {"kt", "kotlin"},        {"scala", "kotlin"},
        {"golang", "go"},      {"rs", "rust"},        {"py", "python"},        {"python3", "python"},
        {"js", "javascript"},  {"jsx", "javascript"}, {"mjs", "javascript"},   {"node", "javascript"},
        {"ts", "typescript"},  {"tsx", "typescript"}, {"xml", "html"},         {"svg", "html"},
        {"xhtml", "html"},     {"vue", "html"},       {"qrc", "html"},         {"scss", "css"},
        {"less", "css"},       {"qss", "css"},        {"postgresql", "sql"},   {"postgres", "sql"},
        {"mysql", "sql"},      {"sqlite", "sql"},     {"plsql", "sql"},        {"tsql", "sql"},
        {"bash", "shell"},     {"sh", "shell"},       {"zsh", "shell"},        {"console", "shell"},
        {"fish", "shell"},     {"ps1", "powershell"}, {"pwsh", "powershell"},  {"json5", "json"},
        {"jsonc", "json"},     {"yml", "yaml"},       {"toml", "ini"},         {"conf", "ini"},
        {"properties", "ini"}, {"rb", "ruby"},        {"hs", "haskell"},       {"md", "markdown"},
        {"patch", "diff"},     {"make", "makefile"},  {"docker", "dockerfile"}};
    return kAliases;
}

} // namespace

QSet<QString> wordSet(const char* list)
{
    const QStringList split = QString::fromLatin1(list).split(' ', Qt::SkipEmptyParts);
    return {split.begin(), split.end()};
}

CodeQuote lineString(const char* mark)
{
    return {mark, mark, CodeToken::String};
}

CodeQuote overLines(const char* begin, const char* end, CodeToken token, bool escapes)
{
    return {begin, end, token, true, escapes};
}

CodeGrammar makeGrammar(const char* keywords, const char* types, const QStringList& lineComments,
                        const std::vector<CodeQuote>& quotes)
{
    CodeGrammar result;
    result.keywords = wordSet(keywords);
    result.types = wordSet(types);
    result.lineComments = lineComments;
    result.quotes = quotes;
    return result;
}

const CodeGrammar& grammarOf(const QString& language)
{
    static const Grammars kGrammars = makeGrammars();
    const QString name = language.toLower();
    const auto found = kGrammars.constFind(aliases().value(name, name));
    return (found != kGrammars.constEnd() ? found : kGrammars.constFind(QString())).value();
}

} // namespace vitrine::ui
