// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tokenizer/jinja/lexer.h"

#include <algorithm>
#include <optional>

#include "engine/tokenizer/jinja/text_literal.h"
#include "engine/tokenizer/jinja/text_tools.h"
#include "engine/tokenizer/unicode.h"

namespace vitrine::engine::jinja {

namespace {

/// "\r\n" and "\r" become "\n"; one newline at the very end is dropped.
std::string normalized(std::string_view source)
{
    std::string out;
    out.reserve(source.size());
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] == '\r' && i + 1 < source.size() && source[i + 1] == '\n')
            continue;
        out += source[i] == '\r' ? '\n' : source[i];
    }
    if (out.ends_with('\n'))
        out.pop_back();
    return out;
}

bool nameStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}
bool digit(char c)
{
    return c >= '0' && c <= '9';
}

class Lexer
{
public:
    explicit Lexer(std::string_view source) : m_source(normalized(source)) {}

    Result<std::vector<Token>> run()
    {
        while (m_at < m_source.size() && !m_error)
            readData();
        if (m_error)
            return *m_error;
        add(TokenType::End, {});
        return std::move(m_tokens);
    }

private:
    bool here(std::string_view text) const
    {
        return std::string_view(m_source).substr(m_at).starts_with(text);
    }
    char peek(std::size_t ahead = 0) const
    {
        return m_at + ahead < m_source.size() ? m_source[m_at + ahead] : '\0';
    }
    void advance(std::size_t count)
    {
        const std::size_t end = std::min(m_at + count, m_source.size());
        m_line += static_cast<int>(std::count(m_source.begin() + static_cast<std::ptrdiff_t>(m_at),
                                              m_source.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
        if (end > m_at)
            m_lineStarts = m_source[end - 1] == '\n';
        m_at = end;
    }
    void add(TokenType type, std::string text) { m_tokens.push_back({type, std::move(text), m_line}); }
    void fail(std::string message)
    {
        if (!m_error)
            m_error = badInput("line " + std::to_string(m_line) + ": " + std::move(message));
    }

    void readData();
    void addData(std::size_t end, char sign, bool strippable);
    void readComment();
    bool readRaw();
    void readTag(bool block);
    void readToken();
    void readName();
    void readNumber();
    void readText();
    void readOperator();
    bool tagEnds(bool block);
    void skipSpace();
    void endBlock(std::size_t length, bool trims);
    std::size_t rawMarkLength(std::size_t from, std::string_view word, char& beginSign, char& endSign) const;

    std::string m_source;
    std::size_t m_at = 0;
    int m_line = 1;
    bool m_lineStarts = true; // what was read last ended a line
    std::string m_open;       // brackets not yet closed, by the bracket that closes them
    std::vector<Token> m_tokens;
    std::optional<Error> m_error;
};

void Lexer::readData()
{
    std::size_t tag = m_at;
    for (;; ++tag) {
        tag = m_source.find('{', tag);
        if (tag == std::string::npos || tag + 1 >= m_source.size())
            return addData(m_source.size(), '\0', false);
        if (const char next = m_source[tag + 1]; next == '{' || next == '%' || next == '#')
            break;
    }
    const char kind = m_source[tag + 1];
    const char sign = tag + 2 < m_source.size() ? m_source[tag + 2] : '\0';
    addData(tag, sign, kind != '{');
    if (kind == '#')
        return readComment();
    if (kind == '%' && readRaw())
        return;
    const bool signs = sign == '-' || sign == '+';
    add(kind == '%' ? TokenType::BlockBegin : TokenType::VariableBegin, {});
    advance(signs ? 3 : 2);
    readTag(kind == '%');
}

/// Text up to a tag. A '-' there strips it; a block alone on its line loses the indent before it.
void Lexer::addData(std::size_t end, char sign, bool strippable)
{
    std::string_view text = std::string_view(m_source).substr(m_at, end - m_at);
    if (sign == '-') {
        text = stripRight(text);
    } else if (sign != '+' && strippable) {
        const std::size_t newline = text.rfind('\n');
        const std::size_t lineBegin = newline == text.npos ? 0 : newline + 1;
        const bool starts = lineBegin > 0 || m_lineStarts;
        if (starts && stripLeft(text.substr(lineBegin)).empty())
            text = text.substr(0, lineBegin);
    }
    if (!text.empty())
        add(TokenType::Data, std::string(text));
    advance(end - m_at);
}

void Lexer::readComment()
{
    const std::size_t end = m_source.find("#}", m_at + 2);
    if (end == std::string::npos)
        return fail("a comment is not closed: \"#}\" is missing");
    const char sign = end > m_at + 2 ? m_source[end - 1] : '\0';
    advance(end - m_at);
    endBlock(2, sign != '+');
    if (sign == '-')
        skipSpace();
}

/// After "%}" or "#}": one newline belongs to the tag.
void Lexer::endBlock(std::size_t length, bool trims)
{
    advance(length);
    if (trims && peek() == '\n')
        advance(1);
}

void Lexer::skipSpace()
{
    const std::string_view rest = std::string_view(m_source).substr(m_at);
    advance(rest.size() - stripLeft(rest).size());
}

/// Length of "{%- word -%}" at `from`, 0 when something else stands there.
std::size_t Lexer::rawMarkLength(std::size_t from, std::string_view word, char& beginSign,
                                 char& endSign) const
{
    const std::string_view text = std::string_view(m_source).substr(from);
    std::string_view rest = text.substr(2);
    const auto takeSign = [&](char& sign, std::string_view end) {
        sign = '\0';
        if (!rest.empty() && (rest[0] == '-' || rest[0] == '+') &&
            (end.empty() || rest.substr(1).starts_with(end))) {
            sign = rest[0];
            rest.remove_prefix(1);
        }
    };
    takeSign(beginSign, {});
    rest = stripLeft(rest);
    if (!rest.starts_with(word))
        return 0;
    rest = stripLeft(rest.substr(word.size()));
    takeSign(endSign, "%}");
    return rest.starts_with("%}") ? text.size() - rest.size() + 2 : 0;
}

bool Lexer::readRaw()
{
    char beginSign = 0, endSign = 0;
    const std::size_t begin = rawMarkLength(m_at, "raw", beginSign, endSign);
    if (begin == 0)
        return false;
    advance(begin);
    if (endSign == '-')
        skipSpace();
    for (std::size_t end = m_source.find("{%", m_at); end != std::string::npos;
         end = m_source.find("{%", end + 2)) {
        const std::size_t length = rawMarkLength(end, "endraw", beginSign, endSign);
        if (length == 0)
            continue;
        addData(end, beginSign, true);
        endBlock(length, endSign != '+');
        if (endSign == '-')
            skipSpace();
        return true;
    }
    fail("\"{% endraw %}\" is missing");
    return true;
}

void Lexer::readTag(bool block)
{
    m_open.clear();
    while (!m_error) {
        skipSpace();
        if (m_at >= m_source.size())
            return fail(block ? "a tag is not closed: \"%}\" is missing" : "\"}}\" is missing");
        if (m_open.empty() && tagEnds(block))
            return;
        readToken();
    }
}

bool Lexer::tagEnds(bool block)
{
    const std::string_view mark = block ? "%}" : "}}";
    const bool minus = peek() == '-' && std::string_view(m_source).substr(m_at + 1).starts_with(mark);
    const bool plus = block && peek() == '+' && std::string_view(m_source).substr(m_at + 1).starts_with(mark);
    if (!minus && !plus && !here(mark))
        return false;
    add(block ? TokenType::BlockEnd : TokenType::VariableEnd, {});
    const std::size_t length = minus || plus ? 3 : 2;
    if (block)
        endBlock(length, !plus);
    else
        advance(length);
    if (minus)
        skipSpace();
    return true;
}

void Lexer::readToken()
{
    const char c = peek();
    if (nameStart(c))
        readName();
    else if (digit(c))
        readNumber();
    else if (c == '\'' || c == '"')
        readText();
    else
        readOperator();
}

void Lexer::readName()
{
    std::size_t length = 1;
    while (nameStart(peek(length)) || digit(peek(length)))
        ++length;
    add(TokenType::Name, m_source.substr(m_at, length));
    advance(length);
}

void Lexer::readNumber()
{
    std::size_t length = 0;
    const auto digits = [&] {
        while (digit(peek(length)) || (peek(length) == '_' && digit(peek(length + 1))))
            ++length;
    };
    bool isFloat = false;
    const bool afterDot = !m_tokens.empty() && m_tokens.back().is(TokenType::Operator, "."); // list.0.1
    digits();
    if (!afterDot && peek(length) == '.' && digit(peek(length + 1))) {
        isFloat = true;
        ++length;
        digits();
    }
    if (const char e = peek(length); e == 'e' || e == 'E') {
        const std::size_t sign = peek(length + 1) == '+' || peek(length + 1) == '-' ? 1 : 0;
        if (digit(peek(length + 1 + sign))) {
            isFloat = true;
            length += 1 + sign;
            digits();
        }
    }
    std::string text = m_source.substr(m_at, length);
    std::erase(text, '_');
    add(isFloat ? TokenType::Float : TokenType::Integer, std::move(text));
    advance(length);
}

void Lexer::readText()
{
    const char quote = peek();
    std::size_t length = 1;
    while (m_at + length < m_source.size() && peek(length) != quote)
        length += peek(length) == '\\' ? 2 : 1;
    if (m_at + length >= m_source.size())
        return fail("a text is not closed: a quote is missing");
    add(TokenType::Quoted, unescaped(std::string_view(m_source).substr(m_at + 1, length - 1)));
    advance(length + 1);
}

void Lexer::readOperator()
{
    static constexpr std::string_view kOperators[] = {"//", "**", "==", "!=", ">=", "<=", "+", "-", "/",
                                                      "*",  "%",  "~",  "[",  "]",  "(",  ")", "{", "}",
                                                      ">",  "<",  "=",  ".",  ":",  "|",  ","};
    const auto* found =
        std::find_if(std::begin(kOperators), std::end(kOperators), [&](auto o) { return here(o); });
    if (found == std::end(kOperators))
        return fail("\"" + m_source.substr(m_at, unicode::decodeAt(m_source, m_at).length) +
                    "\" is not expected here");
    const char c = (*found)[0];
    if (c == '(' || c == '[' || c == '{')
        m_open += c == '(' ? ')' : c == '[' ? ']' : '}';
    if (c == ')' || c == ']' || c == '}') {
        if (m_open.empty() || m_open.back() != c)
            return fail(std::string("\"") + c + "\" closes nothing");
        m_open.pop_back();
    }
    add(TokenType::Operator, std::string(*found));
    advance(found->size());
}

} // namespace

Result<std::vector<Token>> tokenize(std::string_view source)
{
    return Lexer(source).run();
}

} // namespace vitrine::engine::jinja
