// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/plain_text.h"

namespace vitrine::ui {
namespace {

bool isMark(QChar c, const char* marks)
{
    return c.unicode() < 128 && QByteArrayView(marks).contains(char(c.unicode()));
}

class Reader
{
public:
    explicit Reader(QStringView text) : m_text(text) {}

    PlainText read(bool atLineStart)
    {
        if (atLineStart)
            beginLine();
        while (m_at < m_text.size())
            step();
        return std::move(m_plain);
    }

private:
    QChar peek(qsizetype ahead = 0) const
    {
        const qsizetype at = m_at + ahead;
        return at >= 0 && at < m_text.size() ? m_text[at] : QChar('\n');
    }

    qsizetype runLength(QChar c) const
    {
        qsizetype length = 0;
        while (m_at + length < m_text.size() && m_text[m_at + length] == c)
            ++length;
        return length;
    }

    qsizetype lineEnd() const
    {
        const qsizetype end = m_text.indexOf(QChar('\n'), m_at);
        return end < 0 ? m_text.size() : end;
    }

    void put(qsizetype at)
    {
        const QChar c = m_text[at];
        const bool space = c.isSpace() || c.category() == QChar::Other_Control;
        if (space && (m_plain.text.isEmpty() || m_plain.text.endsWith(' ')))
            return;
        m_plain.text += space ? QChar(' ') : c;
        m_plain.origins += at;
    }

    /// Skips what stands before the text of a line.
    void beginLine()
    {
        m_inTable = false;
        while (peek() == ' ' || peek() == '\t' || peek() == '>')
            ++m_at;
        const QChar first = peek();
        if ((first == '`' || first == '~') && runLength(first) >= 3) {
            m_inCode = !m_inCode;
            m_at = lineEnd();
            return;
        }
        if (m_inCode)
            return;
        if (isRule()) {
            m_at = lineEnd();
            return;
        }
        m_inTable = first == '|';
        const qsizetype hashes = runLength('#');
        if (hashes >= 1 && hashes <= 6 && peek(hashes).isSpace())
            m_at += hashes;
        else if (isMark(first, "-*+") && peek(1) == ' ')
            m_at += 2;
    }

    /// A line, or the one below a table's head.
    bool isRule() const
    {
        const QStringView line = m_text.mid(m_at, lineEnd() - m_at).trimmed();
        if (line.size() < 3)
            return false;
        for (const QChar c : line) {
            if (!isMark(c, "-*_|: "))
                return false;
        }
        return true;
    }

    void step()
    {
        const QChar c = peek();
        if (m_at == m_linkTextEnd) {
            m_at = m_linkEnd;
        } else if (c == '\n') {
            put(m_at++);
            beginLine();
        } else if (m_inCode) {
            put(m_at++);
        } else if (c == '\\' && isMark(peek(1), "\\`*_{}[]()#+-.!~|>")) {
            put(m_at + 1);
            m_at += 2;
        } else if (c == '`') {
            readCode();
        } else if (c == '*' || c == '_' || c == '~') {
            readEmphasis(c);
        } else if (c == '[' || (c == '!' && peek(1) == '[')) {
            readLink();
        } else if (c == '|' && m_inTable) {
            ++m_at;
            if (!m_plain.text.isEmpty() && !m_plain.text.endsWith(' ')) {
                m_plain.text += ' ';
                m_plain.origins += m_at - 1;
            }
        } else {
            put(m_at++);
        }
    }

    /// Between backticks everything stands as it is.
    void readCode()
    {
        const qsizetype ticks = runLength('`');
        const QString fence(ticks, '`');
        const qsizetype from = m_at + ticks;
        const qsizetype close = m_text.indexOf(fence, from);
        m_at = from;
        if (close < 0 || close > lineEnd())
            return;
        while (m_at < close)
            put(m_at++);
        m_at += ticks;
    }

    void readEmphasis(QChar c)
    {
        const qsizetype run = runLength(c);
        const QChar before = peek(-1), after = peek(run);
        const bool apart = before.isSpace() && after.isSpace();
        const bool inWord = before.isLetterOrNumber() && after.isLetterOrNumber();
        const bool power = before.isDigit() && after.isDigit();
        const bool text = apart || (c == '~' && run != 2) || (inWord && (c == '_' || run == 1 || power));
        for (qsizetype i = 0; i < run; ++i, ++m_at) {
            if (text)
                put(m_at);
        }
    }

    /// Of a link or a picture only the words are left.
    void readLink()
    {
        const qsizetype open = m_at + (peek() == '!' ? 1 : 0);
        const qsizetype end = lineEnd();
        const qsizetype close = m_text.indexOf(QStringView(u"]("), open);
        const qsizetype last = close < 0 || close > end ? -1 : m_text.indexOf(QChar(')'), close);
        if (last < 0 || last > end || m_linkTextEnd > m_at) {
            put(m_at++);
            return;
        }
        m_linkTextEnd = close;
        m_linkEnd = last + 1;
        m_at = open + 1;
    }

    QStringView m_text;
    PlainText m_plain;
    qsizetype m_at = 0;
    qsizetype m_linkTextEnd = -1, m_linkEnd = -1; // of the link that is being read
    bool m_inCode = false;
    bool m_inTable = false;
};

} // namespace

PlainText withoutMarks(QStringView markdown, bool atLineStart)
{
    return Reader(markdown).read(atLineStart);
}

} // namespace vitrine::ui
