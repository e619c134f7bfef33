// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/source_map.h"

#include <algorithm>
#include <utility>

#include "ui/chat/markdown/line_kind.h"

namespace vitrine::ui {

namespace {

constexpr qsizetype kProbe = 12;      // shown characters that are looked for where the walk lost its way
constexpr qsizetype kReach = 4'000;   // how far
constexpr qsizetype kMostMarks = 512; // beside each other
constexpr qsizetype kLongestEntity = 8;
constexpr int kMostLost = 32; // times; hostile text stays linear

/// How a shown character stands in the source.
bool isSame(QChar shown, QChar source)
{
    if (shown == source)
        return true;
    if (source == '\n')
        return shown == QChar(QChar::LineSeparator) || shown == ' ';
    return source == ' ' && shown == QChar(QChar::Nbsp);
}

/// What may stand for nothing that is shown.
bool isMark(QChar c)
{
    return c.isSpace() || (c.unicode() < 0x80 && !c.isLetterOrNumber());
}

class SourceWalker
{
public:
    SourceWalker(QStringView source, qsizetype begin, qsizetype end) : m_source(source.left(end)), m_at(begin)
    {}

    std::vector<std::vector<SourceRun>> take(const Block& block)
    {
        walk(block);
        return std::move(m_pieces);
    }

private:
    void walk(const Block& block);
    void walkCode(const Block& block);
    void walkTable(const Block& block);
    void walkText(const InlineText& text);
    void walkPlain(QStringView text, int from);
    bool walkCharacter(QChar shown, int at);
    bool walkEntity(QChar shown, int at, qsizetype source);
    bool lookAhead(QStringView rest);
    void leaveLink(const InlineSpan& span);
    void skipMarker();
    void note(int at, qsizetype source);
    qsizetype lineEnd() const
    {
        const qsizetype end = m_source.indexOf('\n', m_at);
        return end < 0 ? m_source.size() : end;
    }
    void nextLine() { m_at = std::min(m_source.size(), lineEnd() + 1); }

    QStringView m_source;
    qsizetype m_at;
    int m_lost = 0;
    std::vector<std::vector<SourceRun>> m_pieces;
};

void SourceWalker::note(int at, qsizetype source)
{
    std::vector<SourceRun>& runs = m_pieces.back();
    if (!runs.empty() && runs.back().start + runs.back().length == at &&
        runs.back().source + runs.back().length == source)
        ++runs.back().length;
    else
        runs.push_back({at, 1, source});
}

void SourceWalker::walk(const Block& block)
{
    switch (block.kind) {
    case Block::Kind::Paragraph:
    case Block::Kind::Heading:
    case Block::Kind::Image:
        walkText(block.text);
        break;
    case Block::Kind::Code:
        walkCode(block);
        break;
    case Block::Kind::ListItem:
        skipMarker();
        [[fallthrough]];
    case Block::Kind::Quote:
        for (const Block& child : block.children)
            walk(child);
        break;
    case Block::Kind::Table:
        walkTable(block);
        break;
    case Block::Kind::Math:
        m_pieces.emplace_back();
        walkPlain(QString(block.code).replace('\n', QChar(QChar::LineSeparator)), 0);
        break;
    case Block::Kind::Rule:
        while (m_at < m_source.size() && m_source[m_at].isSpace())
            ++m_at;
        nextLine();
        break;
    case Block::Kind::Thought:
        break;
    }
}

/// The mark of a list item: its number is no text of it.
void SourceWalker::skipMarker()
{
    while (m_at < m_source.size() && (m_source[m_at].isSpace() || m_source[m_at] == '>'))
        ++m_at;
    if (const auto item = listStart(m_source.mid(m_at, lineEnd() - m_at)))
        m_at += item->content;
}

/// Lines end as they do in the source; what stands in front of them may be the indent of a list.
void SourceWalker::walkCode(const Block& block)
{
    if (!block.continuesAbove) {
        const qsizetype fence = m_source.indexOf(QString(block.fenceLength, block.fence), m_at);
        m_at = std::max(m_at, fence);
        nextLine();
    }
    for (const QString& line : block.code.split('\n')) {
        m_pieces.emplace_back();
        const qsizetype end = lineEnd();
        const QStringView there = m_source.mid(m_at, end - m_at);
        const qsizetype inside = there.endsWith(line) ? there.size() - line.size() : there.indexOf(line);
        if (inside >= 0 && !line.isEmpty())
            m_pieces.back().push_back({0, int(line.size()), m_at + inside});
        nextLine();
    }
}

void SourceWalker::walkTable(const Block& block)
{
    for (qsizetype row = 0; row < block.rows.size(); ++row) {
        for (const InlineText& cell : block.rows[row])
            walkText(cell);
        nextLine();
        if (row == 0)
            nextLine(); // the rule below the head
    }
}

/// What is styled begins and ends at marks: these are passed there, and not in the middle of words.
void SourceWalker::walkText(const InlineText& text)
{
    m_pieces.emplace_back();
    qsizetype at = 0;
    for (const InlineSpan& span : text.spans) {
        walkPlain(QStringView(text.text).mid(at, span.start - at), int(at));
        walkPlain(QStringView(text.text).mid(span.start, span.length), int(span.start));
        if (span.styles & kLink)
            leaveLink(span);
        at = span.start + span.length;
    }
    walkPlain(QStringView(text.text).mid(at), int(at));
}

/// ](target) behind a link's text.
void SourceWalker::leaveLink(const InlineSpan& span)
{
    const qsizetype bracket = m_source.indexOf(QLatin1String("]("), m_at);
    const bool near = bracket >= 0 && std::ranges::all_of(m_source.mid(m_at, bracket - m_at), isMark);
    if (!near || !m_source.mid(bracket + 2).trimmed().startsWith(span.target))
        return;
    const qsizetype end = m_source.indexOf(')', bracket);
    if (end >= 0)
        m_at = end + 1;
}

void SourceWalker::walkPlain(QStringView text, int from)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (walkCharacter(text[i], from + int(i)))
            continue;
        if (lookAhead(text.mid(i)))
            (void)walkCharacter(text[i], from + int(i));
    }
}

/// Finds the character behind nothing but marks.
bool SourceWalker::walkCharacter(QChar shown, int at)
{
    const qsizetype end = std::min(m_source.size(), m_at + kMostMarks);
    for (qsizetype i = m_at; i < end; ++i) {
        if (m_source[i] == '&' && walkEntity(shown, at, i))
            return true;
        if (isSame(shown, m_source[i])) {
            note(at, i);
            m_at = i + 1;
            return true;
        }
        if (!isMark(m_source[i]))
            return false;
    }
    return false;
}

/// &amp; and the like: a shown character whose name is the source.
bool SourceWalker::walkEntity(QChar shown, int at, qsizetype source)
{
    const qsizetype length = m_source.mid(source, kLongestEntity).indexOf(';') + 1;
    const QString read = parseInline(m_source.mid(source, length), false).text;
    if (length == 0 || read.size() != 1 || read[0] != shown)
        return false;
    note(at, source);
    m_at = source + length;
    return true;
}

/// Something that is not shown stands between: goes to where the next characters are.
bool SourceWalker::lookAhead(QStringView rest)
{
    if (m_lost++ >= kMostLost)
        return false;
    const QStringView probe = rest.left(std::min(kProbe, rest.size()));
    const qsizetype found = m_source.mid(m_at, kReach).indexOf(probe);
    if (found < 0)
        return false;
    m_at += found;
    return true;
}

} // namespace

std::vector<std::vector<SourceRun>> sourceRuns(const Block& block, QStringView source)
{
    const qsizetype end = std::clamp<qsizetype>(block.end, 0, source.size());
    return SourceWalker(source, std::clamp<qsizetype>(block.begin, 0, end), end).take(block);
}

} // namespace vitrine::ui
