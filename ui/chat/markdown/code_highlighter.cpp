// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/code_highlighter.h"

#include <algorithm>
#include <utility>

#include "ui/chat/markdown/code_grammar.h"

namespace vitrine::ui {

namespace {

/// One pass over one line.
class LineScanner
{
public:
    LineScanner(const CodeGrammar& grammar, QStringView line, CodeState& state)
        : m_grammar(grammar), m_line(line), m_state(state)
    {}

    QList<CodeSpan> scan()
    {
        switch (m_grammar.kind) {
        case CodeGrammar::Kind::Diff:
            scanDiff();
            break;
        case CodeGrammar::Kind::Markdown:
            scanMarkdown();
            break;
        default:
            resume();
            while (m_at < m_line.size())
                readOne();
        }
        return std::move(m_spans);
    }

private:
    void scanDiff();
    void scanMarkdown();
    void resume();
    void readOne();
    bool readLineComment();
    bool readQuote();
    void finishQuote(std::size_t quote, qsizetype from);
    bool readVariable();
    void readNumber();
    void readWord();
    void readMarkup();
    void readTag();
    void readStyle();
    CodeToken* classify(const QString& word, qsizetype from);
    bool isNext(QChar c) const;

    bool isWord(QChar c) const { return c.isLetterOrNumber() || c == '_' || m_grammar.extraWord.contains(c); }
    QChar at(qsizetype i) const { return i >= 0 && i < m_line.size() ? m_line[i] : QChar(' '); }
    bool here(QStringView text) const { return !text.isEmpty() && m_line.mid(m_at).startsWith(text); }
    bool isFirst(qsizetype from) const { return m_line.left(from).trimmed().isEmpty(); }
    void add(qsizetype from, CodeToken token)
    {
        m_at = std::min(m_at, m_line.size());
        if (m_at > from)
            m_spans.append({from, m_at - from, token});
    }
    void addAll(CodeToken token)
    {
        m_at = m_line.size();
        add(0, token);
    }

    const CodeGrammar& m_grammar;
    QStringView m_line;
    CodeState& m_state;
    qsizetype m_at = 0;
    QList<CodeSpan> m_spans;
    CodeToken m_class = CodeToken::Keyword; // of the word read last
};

void LineScanner::scanDiff()
{
    if (m_line.startsWith(u"@@"))
        addAll(CodeToken::Function);
    else if (m_line.startsWith(u"+++") || m_line.startsWith(u"---") || m_line.startsWith(u"diff ") ||
             m_line.startsWith(u"index "))
        addAll(CodeToken::Comment);
    else if (m_line.startsWith('+'))
        addAll(CodeToken::Keyword);
    else if (m_line.startsWith('-'))
        addAll(CodeToken::String);
}

void LineScanner::scanMarkdown()
{
    const QStringView text = m_line.trimmed();
    if (text.startsWith(u"```") || text.startsWith(u"~~~")) {
        m_state = m_state == CodeState::None ? CodeState::Tag : CodeState::None;
        return addAll(CodeToken::Comment);
    }
    if (m_state != CodeState::None)
        return addAll(CodeToken::String);
    if (text.startsWith('#'))
        return addAll(CodeToken::Keyword);
    if (text.startsWith('>'))
        return addAll(CodeToken::Comment);
    while (m_at < m_line.size()) {
        const qsizetype from = m_at++;
        if (m_line[from] == '`') {
            const qsizetype end = m_line.indexOf('`', m_at);
            m_at = end < 0 ? m_line.size() : end + 1;
            add(from, CodeToken::String);
        } else if (m_line[from] == '[' && m_line.indexOf(u"](", m_at) > 0 && m_line.indexOf(')', m_at) > 0) {
            m_at = m_line.indexOf(')', m_line.indexOf(u"](", m_at));
            m_at = m_at < 0 ? m_line.size() : m_at + 1;
            add(from, CodeToken::Function);
        }
    }
}

void LineScanner::resume()
{
    const CodeState open = std::exchange(m_state, CodeState::None);
    if (open == CodeState::Tag)
        readTag();
    else if (open != CodeState::None && std::size_t(open) < m_grammar.quotes.size())
        finishQuote(std::size_t(open), 0);
}

void LineScanner::readOne()
{
    const QChar c = m_line[m_at];
    if (readLineComment() || (m_grammar.kind != CodeGrammar::Kind::Markup && readQuote()))
        return;
    if (m_grammar.kind == CodeGrammar::Kind::Markup)
        readMarkup();
    else if (m_grammar.kind == CodeGrammar::Kind::Style)
        readStyle();
    else if (m_grammar.variables && c == '$' && readVariable())
        return;
    else if (c.isDigit())
        readNumber();
    else if (isWord(c))
        readWord();
    else
        ++m_at;
}

bool LineScanner::readLineComment()
{
    const auto begins = [this](const QString& mark) { return here(mark); };
    if (!std::ranges::any_of(m_grammar.lineComments, begins))
        return false;
    if (m_line[m_at] == '#' && (isWord(at(m_at - 1)) || at(m_at - 1) == '$'))
        return false; // part of a word
    const bool quoted = std::ranges::any_of(m_grammar.quotes, [this](const CodeQuote& quote) {
        return quote.token == CodeToken::Comment && here(quote.begin);
    });
    if (quoted)
        return false; // --[[ and #[[ go on over lines
    const qsizetype from = std::exchange(m_at, m_line.size());
    add(from, CodeToken::Comment);
    return true;
}

bool LineScanner::readQuote()
{
    for (std::size_t i = 0; i < m_grammar.quotes.size(); ++i) {
        const CodeQuote& quote = m_grammar.quotes[i];
        if (!here(quote.begin) || (quote.atStart && !isFirst(m_at)))
            continue;
        const bool word = quote.begin[0].isLetter() || quote.begin == u"'";
        if (word && at(m_at - 1).isLetterOrNumber())
            continue; // an apostrophe
        const qsizetype from = m_at;
        m_at += quote.begin.size();
        finishQuote(i, from);
        return true;
    }
    if (m_grammar.lifetimes && here(u"'")) { // 'x' is a character, 'x a lifetime
        const qsizetype from = m_at++;
        const qsizetype end = m_line.indexOf('\'', m_at + (at(m_at) == '\\' ? 2 : 0));
        const bool character = end > 0 && (end - from <= 2 || at(from + 1) == '\\');
        while (!character && isWord(at(m_at)))
            ++m_at;
        m_at = character ? end + 1 : m_at;
        add(from, character ? CodeToken::String : CodeToken::Type);
        return true;
    }
    return false;
}

/// From behind its beginning to its end, or to that of the line.
void LineScanner::finishQuote(std::size_t index, qsizetype from)
{
    const CodeQuote& quote = m_grammar.quotes[index];
    while (m_at < m_line.size() && !here(quote.end))
        m_at += quote.escapes && m_line[m_at] == '\\' ? 2 : 1;
    const bool closed = m_at < m_line.size();
    if (!closed && !quote.lines) { // no end on this line: an apostrophe
        m_at = from + quote.begin.size();
        return;
    }
    m_at = closed ? m_at + quote.end.size() : m_line.size();
    if (!closed)
        m_state = CodeState(index);
    CodeToken token = quote.token;
    if (m_grammar.keysBeforeColon && isNext(':'))
        token = CodeToken::Function; // "key":
    add(from, token);
}

bool LineScanner::isNext(QChar c) const
{
    qsizetype next = m_at;
    while (next < m_line.size() && m_line[next].isSpace())
        ++next;
    return next < m_line.size() && m_line[next] == c;
}

/// $name, ${name} and $(…), of which only the mark.
bool LineScanner::readVariable()
{
    const qsizetype from = m_at++;
    if (at(m_at) == '{') {
        const qsizetype end = m_line.indexOf('}', m_at);
        m_at = end < 0 ? m_line.size() : end + 1;
    } else {
        while (at(m_at).isLetterOrNumber() || at(m_at) == '_')
            ++m_at;
    }
    if (m_at - from > 1)
        add(from, CodeToken::Type);
    return true;
}

void LineScanner::readNumber()
{
    const qsizetype from = m_at;
    const auto part = [this](QChar c) {
        const bool sign = (c == '-' || c == '+') && at(m_at - 1).toLower() == 'e' && at(m_at + 1).isDigit() &&
                          at(m_at - 2).isDigit();
        return c.isLetterOrNumber() || c == '_' || (c == '.' && at(m_at + 1).isDigit()) || sign;
    };
    while (m_at < m_line.size() && part(m_line[m_at]))
        ++m_at;
    add(from, CodeToken::Number);
}

/// What a word is, or nullptr.
CodeToken* LineScanner::classify(const QString& word, qsizetype from)
{
    const QString key = m_grammar.foldsCase ? word.toLower() : word;
    if (m_grammar.keywords.contains(key))
        m_class = CodeToken::Keyword;
    else if (m_grammar.types.contains(key))
        m_class = CodeToken::Type;
    else if ((m_grammar.keysBeforeColon && at(m_at) == ':' && at(m_at + 1).isSpace()) ||
             (m_grammar.keysBeforeEquals && isNext('=')) || (m_grammar.firstWordIsName && isFirst(from)))
        m_class = CodeToken::Function;
    else if (m_grammar.capitalTypes && word[0].isUpper() && (word.size() == 1 || word != word.toUpper()) &&
             at(m_at) != '(')
        m_class = CodeToken::Type;
    else if (at(m_at) == '(' || (at(m_at) == '!' && at(m_at + 1) == '('))
        m_class = CodeToken::Function;
    else
        return nullptr;
    return &m_class;
}

void LineScanner::readWord()
{
    const qsizetype from = m_at;
    while (m_at < m_line.size() && isWord(m_line[m_at]))
        ++m_at;
    if (const CodeToken* token = classify(m_line.mid(from, m_at - from).toString(), from))
        add(from, *token);
}

void LineScanner::readMarkup()
{
    if (readQuote()) // a comment
        return;
    if (m_line[m_at] == '<') {
        const qsizetype from = m_at++;
        while (m_at < m_line.size() && (isWord(m_line[m_at]) || QStringView(u"/!?:-").contains(m_line[m_at])))
            ++m_at;
        add(from, CodeToken::Keyword);
        readTag();
    } else if (m_line[m_at] == '&' && m_line.mid(m_at, 10).contains(';')) {
        const qsizetype from = std::exchange(m_at, m_line.indexOf(';', m_at) + 1);
        add(from, CodeToken::Number);
    } else {
        ++m_at;
    }
}

/// Names and values of attributes, up to the end of the tag.
void LineScanner::readTag()
{
    while (m_at < m_line.size()) {
        const qsizetype from = m_at;
        const QChar c = m_line[m_at];
        if (c == '>' || (c == '/' && at(m_at + 1) == '>')) {
            m_at += c == '>' ? 1 : 2;
            return add(from, CodeToken::Keyword);
        }
        if (c == '"' || c == '\'') {
            const qsizetype end = m_line.indexOf(c, m_at + 1);
            m_at = end < 0 ? m_line.size() : end + 1;
            add(from, CodeToken::String);
        } else if (isWord(c)) {
            while (isWord(at(m_at)) || at(m_at) == '-' || at(m_at) == ':')
                ++m_at;
            add(from, CodeToken::Function);
        } else {
            ++m_at;
        }
    }
    m_state = CodeState::Tag;
}

/// CSS: properties, selectors, numbers with their units, colours, @rules.
void LineScanner::readStyle()
{
    const qsizetype from = m_at;
    const QChar c = m_line[m_at];
    const auto name = [this] { return at(m_at).isLetterOrNumber() || at(m_at) == '-' || at(m_at) == '_'; };
    const bool negative = c == '-' && at(m_at + 1).isDigit();
    if (c == '@' || c == '#' || c == '.' || c == '!' || name())
        ++m_at;
    else {
        ++m_at;
        return;
    }
    while (name() || (at(m_at) == '.' && (c.isDigit() || negative)) || (at(m_at) == '%' && c.isDigit()))
        ++m_at;
    const QStringView rest = m_line.mid(m_at);
    const bool declared = m_line.left(from).contains(':');
    if (c == '@' || c == '!')
        add(from, CodeToken::Keyword);
    else if (c.isDigit() || negative || (c == '#' && declared))
        add(from, CodeToken::Number);
    else if (rest.trimmed().startsWith(':') && !rest.contains('{'))
        add(from, CodeToken::Function); // a property
    else if (at(m_at) == '(')
        add(from, CodeToken::Function);
    else if (!declared && (rest.contains('{') || rest.trimmed().endsWith(',')))
        add(from, CodeToken::Type); // a selector
}

} // namespace

CodeHighlighter::CodeHighlighter(const QString& language) : m_grammar(&grammarOf(language)) {}

QList<CodeSpan> CodeHighlighter::highlight(QStringView line, CodeState& state) const
{
    return LineScanner(*m_grammar, line, state).scan();
}

} // namespace vitrine::ui
