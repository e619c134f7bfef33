// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/inline_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "ui/chat/markdown/math.h"

namespace vitrine::ui {

namespace {

constexpr qsizetype kLinkReach = 2000; // how far the end of a link is looked for
constexpr qsizetype kEntityReach = 8;

/// A run of characters with one meaning. Marks become text again where they find no partner.
struct Piece
{
    enum class Kind { Text, Code, Mark };
    Kind kind = Kind::Text;
    QString text;   // Mark: unused
    QString target; // of a link
    QChar mark;     // '*', '_' or '~'
    int count = 0;  // Mark: characters not matched yet
    bool canOpen = false;
    bool canClose = false;
    quint8 styles = kPlain; // given by pairs of marks around it
};

bool isPunctuation(QChar c)
{
    return c.isPunct() || c.isSymbol();
}

class InlineParser
{
public:
    InlineParser(QStringView source, bool open) : m_source(source), m_open(open) {}

    InlineText parse()
    {
        while (m_at < m_source.size())
            readOne();
        endText();
        pairMarks();
        return assemble();
    }

private:
    void readOne();
    bool readMath();
    bool readEscape();
    bool readCode();
    bool readMark();
    bool readLink();
    bool readBareLink();
    bool readAngleLink();
    bool readEntity();
    bool readNewline();
    void endText();
    void pairMarks();
    bool pairOne(std::size_t closer);
    void style(std::size_t first, std::size_t last, quint8 styles);
    InlineText assemble() const;

    QChar at(qsizetype i) const { return i >= 0 && i < m_source.size() ? m_source[i] : QChar(' '); }
    bool startsWith(QLatin1String text) const { return m_source.mid(m_at, text.size()) == text; }

    QStringView m_source;
    bool m_open;
    qsizetype m_at = 0;
    QString m_text; // plain text read so far and not in m_pieces
    std::vector<Piece> m_pieces;
    std::vector<std::size_t> m_openers; // marks that may still find a partner
};

void InlineParser::readOne()
{
    const QChar c = m_source[m_at];
    switch (c.unicode()) {
    case '$':
        if (readMath())
            return;
        break;
    case '\\':
        if (readMath() || readEscape())
            return;
        break;
    case '`':
        if (readCode())
            return;
        break;
    case '*':
    case '_':
    case '~':
        if (readMark())
            return;
        break;
    case '[':
    case '!':
        if (readLink())
            return;
        break;
    case '<':
        if (readAngleLink())
            return;
        break;
    case '&':
        if (readEntity())
            return;
        break;
    case 'h':
        if (readBareLink())
            return;
        break;
    case '\n':
        if (readNewline())
            return;
        break;
    default:
        break;
    }
    m_text += c;
    ++m_at;
}

bool InlineParser::readMath()
{
    const qsizetype length = inlineMath(m_source, m_at);
    if (length == 0)
        return false;
    endText();
    Piece piece;
    piece.text = m_source.mid(m_at, length).toString().replace('\n', QChar(QChar::LineSeparator));
    piece.styles = kMath;
    m_pieces.push_back(std::move(piece));
    m_at += length;
    return true;
}

bool InlineParser::readEscape()
{
    const QChar next = at(m_at + 1);
    if (next == '\n' && m_at + 1 < m_source.size()) {
        m_text += QChar(QChar::LineSeparator);
        m_at += 2;
        return true;
    }
    if (next.unicode() > 127 || !isPunctuation(next))
        return false;
    m_text += next;
    m_at += 2;
    return true;
}

bool InlineParser::readCode()
{
    qsizetype ticks = 0;
    while (at(m_at + ticks) == '`')
        ++ticks;
    const qsizetype begin = m_at + ticks;
    qsizetype end = begin;
    qsizetype run = 0;
    for (; end < m_source.size(); ++end) {
        run = m_source[end] == '`' ? run + 1 : 0;
        if (run == ticks && at(end + 1) != '`')
            break;
    }
    const bool closed = end < m_source.size();
    if (!closed && !(m_open && begin < m_source.size())) {
        m_text += m_source.mid(m_at, ticks).toString();
        m_at = begin;
        return true;
    }
    QString code = m_source.mid(begin, (closed ? end - ticks + 1 : end) - begin).toString();
    code.replace('\n', ' ');
    if (code.size() > 2 && code.startsWith(' ') && code.endsWith(' '))
        code = code.mid(1, code.size() - 2);
    endText();
    Piece piece;
    piece.kind = Piece::Kind::Code;
    piece.text = code;
    m_pieces.push_back(std::move(piece));
    m_at = closed ? end + 1 : end;
    return true;
}

bool InlineParser::readMark()
{
    const QChar mark = m_source[m_at];
    int count = 0;
    while (m_at + count < m_source.size() && m_source[m_at + count] == mark)
        ++count;
    if (mark == '~' && count != 2)
        return false;
    const QChar before = at(m_at - 1);
    const QChar after = at(m_at + count);
    const bool leftOpen =
        !after.isSpace() && (!isPunctuation(after) || before.isSpace() || isPunctuation(before));
    const bool rightOpen =
        !before.isSpace() && (!isPunctuation(before) || after.isSpace() || isPunctuation(after));
    endText();
    Piece piece;
    piece.kind = Piece::Kind::Mark;
    piece.mark = mark;
    piece.count = count;
    const bool inWord = mark == '_';
    piece.canOpen = leftOpen && (!inWord || !rightOpen || isPunctuation(before));
    piece.canClose = rightOpen && (!inWord || !leftOpen || isPunctuation(after));
    m_pieces.push_back(std::move(piece));
    m_at += count;
    return true;
}

/// [text](target) and ![text](target), the latter as a link: images are not fetched.
bool InlineParser::readLink()
{
    const qsizetype bracket = m_source[m_at] == '!' ? m_at + 1 : m_at;
    if (at(bracket) != '[')
        return false;
    const QStringView reach = m_source.mid(bracket, kLinkReach);
    const qsizetype middle = reach.indexOf(QLatin1String("]("));
    const qsizetype nested = reach.indexOf('[', 1);
    if (middle < 0 || (nested > 0 && nested < middle))
        return false;
    const qsizetype end = reach.indexOf(')', middle);
    if (end < 0)
        return false;
    QString target = reach.mid(middle + 2, end - middle - 2).trimmed().toString();
    target = target.section(' ', 0, 0); // a title may follow
    const InlineText label = parseInline(reach.mid(1, middle - 1), false);
    if (target.isEmpty() || label.text.isEmpty())
        return false;
    endText();
    Piece piece;
    piece.text = label.text;
    piece.target = target;
    piece.styles = kLink;
    m_pieces.push_back(std::move(piece));
    m_at = bracket + end + 1;
    return true;
}

bool InlineParser::readBareLink()
{
    if (!startsWith(QLatin1String("http://")) && !startsWith(QLatin1String("https://")))
        return false;
    if (at(m_at - 1).isLetterOrNumber())
        return false;
    qsizetype end = m_at;
    const auto ends = [](QChar c) { return c.isSpace() || c == '<' || c == '>' || c == '"' || c == '`'; };
    while (end < m_source.size() && end - m_at < kLinkReach && !ends(m_source[end]))
        ++end;
    while (end > m_at && QStringView(u".,;:!?)*'_").contains(m_source[end - 1]))
        --end;
    endText();
    Piece piece;
    piece.text = m_source.mid(m_at, end - m_at).toString();
    piece.target = piece.text;
    piece.styles = kLink;
    m_pieces.push_back(std::move(piece));
    m_at = end;
    return true;
}

bool InlineParser::readAngleLink()
{
    const qsizetype end = m_source.mid(m_at, kLinkReach).indexOf('>');
    const QStringView inside = m_source.mid(m_at + 1, end - 1);
    if (end < 0 || !inside.startsWith(QLatin1String("http")) || inside.contains(' '))
        return false;
    endText();
    Piece piece;
    piece.text = piece.target = inside.toString();
    piece.styles = kLink;
    m_pieces.push_back(std::move(piece));
    m_at += end + 1;
    return true;
}

bool InlineParser::readEntity()
{
    static constexpr std::array<std::pair<const char*, char16_t>, 6> kEntities{{{"&amp;", u'&'},
                                                                                {"&lt;", u'<'},
                                                                                {"&gt;", u'>'},
                                                                                {"&quot;", u'"'},
                                                                                {"&#39;", u'\''},
                                                                                {"&nbsp;", 0xA0}}};
    const QStringView reach = m_source.mid(m_at, kEntityReach);
    for (const auto& [name, character] : kEntities) {
        if (!reach.startsWith(QLatin1String(name)))
            continue;
        m_text += QChar(character);
        m_at += QLatin1String(name).size();
        return true;
    }
    return false;
}

/// A line end stays one, and so does the indent after it: models write verses, addresses and code without a
/// fence, and hardly ever wrap prose.
bool InlineParser::readNewline()
{
    while (m_text.endsWith(' '))
        m_text.chop(1);
    m_text += QChar(QChar::LineSeparator);
    ++m_at;
    for (; m_at < m_source.size() && m_source[m_at] == ' '; ++m_at)
        m_text += QChar(QChar::Nbsp);
    return true;
}

void InlineParser::endText()
{
    if (m_text.isEmpty())
        return;
    Piece piece;
    piece.text = std::exchange(m_text, {});
    m_pieces.push_back(std::move(piece));
}

void InlineParser::pairMarks()
{
    for (std::size_t i = 0; i < m_pieces.size(); ++i) {
        if (m_pieces[i].kind != Piece::Kind::Mark)
            continue;
        while (m_pieces[i].canClose && m_pieces[i].count > 0 && pairOne(i)) {
        }
        if (m_pieces[i].canOpen && m_pieces[i].count > 0)
            m_openers.push_back(i);
    }
    if (!m_open)
        return;
    for (const std::size_t opener : m_openers) { // begun and not ended yet
        Piece& mark = m_pieces[opener];
        style(opener + 1, m_pieces.size(), mark.mark == '~' ? kStrike : mark.count >= 2 ? kBold : kItalic);
        mark.count = 0;
    }
}

/// Joins the closer with the nearest opener of its kind; what lies open between them stays text.
bool InlineParser::pairOne(std::size_t closer)
{
    constexpr std::size_t kDepth = 32; // keeps hostile text linear
    const std::size_t lowest = m_openers.size() > kDepth ? m_openers.size() - kDepth : 0;
    for (std::size_t i = m_openers.size(); i-- > lowest;) {
        Piece& opener = m_pieces[m_openers[i]];
        Piece& end = m_pieces[closer];
        if (opener.mark != end.mark)
            continue;
        const int used = opener.count >= 2 && end.count >= 2 ? 2 : 1;
        style(m_openers[i] + 1, closer, end.mark == '~' ? kStrike : used == 2 ? kBold : kItalic);
        opener.count -= used;
        end.count -= used;
        m_openers.resize(opener.count > 0 ? i + 1 : i);
        return true;
    }
    return false;
}

void InlineParser::style(std::size_t first, std::size_t last, quint8 styles)
{
    for (std::size_t i = first; i < last; ++i)
        m_pieces[i].styles |= styles;
}

InlineText InlineParser::assemble() const
{
    InlineText result;
    for (const Piece& piece : m_pieces) {
        const bool mark = piece.kind == Piece::Kind::Mark;
        const QString text = mark ? QString(piece.count, piece.mark) : piece.text;
        const quint8 styles = piece.styles | (piece.kind == Piece::Kind::Code ? kCode : kPlain);
        if (text.isEmpty())
            continue;
        if (styles != kPlain)
            result.spans.append({result.text.size(), text.size(), styles, piece.target});
        result.text += text;
    }
    return result;
}

} // namespace

InlineText parseInline(QStringView source, bool open)
{
    return InlineParser(source, open).parse();
}

} // namespace vitrine::ui
