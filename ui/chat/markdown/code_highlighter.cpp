// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/code_highlighter.h"

#include <QHash>
#include <QSet>
#include <QStringList>

namespace vitrine::ui {

struct CodeGrammar
{
    QSet<QString> keywords;
    QString lineComment;
    QString blockBegin, blockEnd;
    bool tripleStrings = false;
    bool foldsCase = false; // keywords in any case
};

namespace {

QSet<QString> words(const char* list)
{
    const QStringList split = QString::fromLatin1(list).split(' ');
    return {split.begin(), split.end()};
}

CodeGrammar cLike(const char* more)
{
    constexpr const char* kCommon =
        "if else for while do switch case break continue return default const static "
        "true false null new this class struct enum public private protected void int "
        "float double char bool long short unsigned try catch throw finally ";
    return {words((QByteArray(kCommon) + more).constData()), "//", "/*", "*/", false, false};
}

QHash<QString, CodeGrammar> makeGrammars()
{
    QHash<QString, CodeGrammar> grammars;
    grammars["cpp"] =
        cLike("auto namespace using template typename constexpr inline virtual override nullptr "
              "delete sizeof noexcept explicit operator friend include define std co_await");
    grammars["js"] = cLike("let var function async await import export from typeof instanceof of in extends "
                           "undefined interface type implements readonly string number boolean yield");
    grammars["java"] =
        cLike("import package extends implements interface abstract final super instanceof throws "
              "String boolean byte var record namespace using string override internal val fun");
    grammars["go"] = cLike("func package import type map chan go defer range var interface select string nil "
                           "error make fallthrough goto byte rune");
    grammars["rust"] =
        cLike("fn let mut pub impl trait use mod match loop ref self Self crate where async await "
              "dyn move unsafe as in type i32 u32 i64 u64 usize f32 f64 str String Option Result");
    grammars["python"] = {
        words("def class if elif else for while return import from as in is not and or None "
              "True False try except finally raise with lambda pass break continue yield "
              "global nonlocal assert del async await match case self print"),
        "#",
        {},
        {},
        true,
        false};
    grammars["shell"] = {
        words("if then else elif fi for while do done case esac function in return export local "
              "echo cd sudo exit set source read shift eval exec trap"),
        "#",
        {},
        {},
        false,
        false};
    grammars["sql"] = {
        words("select from where and or not in is null insert into values update set delete create "
              "table index view drop alter add column primary key foreign references join left "
              "right inner outer on group by order having limit offset as distinct union all case "
              "when then else end begin commit if exists unique concurrently include desc asc with "
              "analyze explain between like default constraint int integer text varchar"),
        "--",
        "/*",
        "*/",
        false,
        true};
    grammars["data"] = {words("true false null yes no on off"), "#", {}, {}, false, false};
    grammars["markup"] = {{}, {}, "<!--", "-->", false, false};
    grammars["css"] = {words("important"), {}, "/*", "*/", false, false};
    grammars["ruby"] = {
        words("def class module end if elsif else unless while until do return nil true false "
              "require puts yield begin rescue ensure self attr_accessor then case when"),
        "#",
        {},
        {},
        false,
        false};
    grammars[{}] = {{}, {}, {}, {}, false, false};
    return grammars;
}

const CodeGrammar* grammarFor(const QString& language)
{
    static const QHash<QString, CodeGrammar> kGrammars = makeGrammars();
    static const QHash<QString, QString> kAliases{
        {"c", "cpp"},          {"c++", "cpp"},        {"cc", "cpp"},         {"h", "cpp"},
        {"hpp", "cpp"},        {"cuda", "cpp"},       {"javascript", "js"},  {"ts", "js"},
        {"typescript", "js"},  {"jsx", "js"},         {"tsx", "js"},         {"c#", "java"},
        {"cs", "java"},        {"csharp", "java"},    {"kotlin", "java"},    {"swift", "java"},
        {"scala", "java"},     {"php", "js"},         {"golang", "go"},      {"rs", "rust"},
        {"py", "python"},      {"python3", "python"}, {"bash", "shell"},     {"sh", "shell"},
        {"zsh", "shell"},      {"console", "shell"},  {"postgresql", "sql"}, {"mysql", "sql"},
        {"sqlite", "sql"},     {"json", "data"},      {"yaml", "data"},      {"yml", "data"},
        {"toml", "data"},      {"ini", "data"},       {"cmake", "shell"},    {"dockerfile", "shell"},
        {"makefile", "shell"}, {"r", "python"},       {"html", "markup"},    {"xml", "markup"},
        {"svg", "markup"},     {"scss", "css"},       {"rb", "ruby"},        {"lua", "ruby"},
    };
    const QString name = language.toLower();
    const auto found = kGrammars.constFind(kAliases.value(name, name));
    return &(found != kGrammars.constEnd() ? found : kGrammars.constFind(QString())).value();
}

bool isWord(QChar c)
{
    return c.isLetterOrNumber() || c == '_';
}

/// One pass over one line.
class LineScanner
{
public:
    LineScanner(const CodeGrammar& grammar, QStringView line, CodeState& state)
        : m_grammar(grammar), m_line(line), m_state(state)
    {}

    QList<CodeSpan> scan()
    {
        resume();
        while (m_at < m_line.size())
            readOne();
        return std::move(m_spans);
    }

private:
    void resume();
    void readOne();
    void readUntil(const QString& end, CodeToken token, CodeState unfinished, qsizetype skip);
    void readString(QChar quote);
    void readWord();
    bool here(const QString& text) const { return !text.isEmpty() && m_line.mid(m_at).startsWith(text); }
    void add(qsizetype from, CodeToken token) { m_spans.append({from, m_at - from, token}); }

    const CodeGrammar& m_grammar;
    QStringView m_line;
    CodeState& m_state;
    qsizetype m_at = 0;
    QList<CodeSpan> m_spans;
};

void LineScanner::resume()
{
    const CodeState open = std::exchange(m_state, CodeState::None);
    if (open == CodeState::BlockComment)
        readUntil(m_grammar.blockEnd, CodeToken::Comment, open, 0);
    else if (open == CodeState::TripleSingle)
        readUntil("'''", CodeToken::String, open, 0);
    else if (open == CodeState::TripleDouble)
        readUntil("\"\"\"", CodeToken::String, open, 0);
}

void LineScanner::readOne()
{
    const QChar c = m_line[m_at];
    if (here(m_grammar.lineComment) &&
        (m_grammar.lineComment != "#" || m_at == 0 || !isWord(m_line[m_at - 1]))) {
        const qsizetype from = std::exchange(m_at, m_line.size());
        add(from, CodeToken::Comment);
    } else if (here(m_grammar.blockBegin)) {
        readUntil(m_grammar.blockEnd, CodeToken::Comment, CodeState::BlockComment,
                  m_grammar.blockBegin.size());
    } else if (m_grammar.tripleStrings && here("'''")) {
        readUntil("'''", CodeToken::String, CodeState::TripleSingle, 3);
    } else if (m_grammar.tripleStrings && here("\"\"\"")) {
        readUntil("\"\"\"", CodeToken::String, CodeState::TripleDouble, 3);
    } else if (c == '"' || c == '\'' || c == '`') {
        readString(c);
    } else if (isWord(c)) {
        readWord();
    } else {
        ++m_at;
    }
}

void LineScanner::readUntil(const QString& end, CodeToken token, CodeState unfinished, qsizetype skip)
{
    const qsizetype from = m_at;
    const qsizetype found = m_line.indexOf(end, m_at + skip);
    m_at = found < 0 ? m_line.size() : found + end.size();
    if (found < 0)
        m_state = unfinished;
    add(from, token);
}

void LineScanner::readString(QChar quote)
{
    const qsizetype from = m_at++;
    while (m_at < m_line.size() && m_line[m_at] != quote)
        m_at += m_line[m_at] == '\\' ? 2 : 1;
    if (m_at >= m_line.size()) { // no end on this line: an apostrophe
        m_at = from + 1;
        return;
    }
    ++m_at;
    add(from, CodeToken::String);
}

void LineScanner::readWord()
{
    const qsizetype from = m_at;
    while (m_at < m_line.size() && isWord(m_line[m_at]))
        ++m_at;
    const QString word = m_line.mid(from, m_at - from).toString();
    if (m_grammar.keywords.contains(m_grammar.foldsCase ? word.toLower() : word))
        add(from, CodeToken::Keyword);
    else if (m_at < m_line.size() && m_line[m_at] == '(' && !word[0].isDigit())
        add(from, CodeToken::Function);
}

} // namespace

CodeHighlighter::CodeHighlighter(const QString& language) : m_grammar(grammarFor(language)) {}

QList<CodeSpan> CodeHighlighter::highlight(QStringView line, CodeState& state) const
{
    return LineScanner(*m_grammar, line, state).scan();
}

} // namespace vitrine::ui
