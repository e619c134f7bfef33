// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/message_document.h"

#include <algorithm>
#include <iterator>

#include "ui/chat/markdown/block_text.h"

namespace vitrine::ui {

std::vector<Block> plainBlocks(QStringView source)
{
    std::vector<Block> blocks;
    qsizetype at = 0;
    while (at < source.size()) {
        qsizetype end = std::min(at + kMaxBlockText, source.size());
        if (end < source.size()) { // at a line end or a space when there is one, never inside a character
            const QStringView reach = source.left(end);
            const qsizetype cut = std::max(reach.lastIndexOf('\n'), reach.lastIndexOf(' '));
            end = cut > at + kMaxBlockText / 2 ? cut + 1 : end;
            end -= source[end - 1].isHighSurrogate() ? 1 : 0;
        }
        QStringView text = source.mid(at, end - at);
        const bool lineGoesOn = end < source.size() && !text.endsWith('\n');
        if (text.endsWith('\n') && end < source.size())
            text.chop(1);
        Block block;
        block.begin = at;
        block.end = end;
        block.continuesAbove = !blocks.empty();
        block.continuesBelow = end < source.size();
        block.lineGoesOn = lineGoesOn;
        block.text.text = text.toString().replace('\n', QChar(QChar::LineSeparator));
        blocks.push_back(std::move(block));
        at = end;
    }
    return blocks;
}

std::size_t MessageDocument::append(QStringView delta)
{
    m_source += delta;
    return refresh();
}

std::size_t MessageDocument::finish()
{
    m_finished = true;
    return refresh();
}

/// Parts of the reply that begin where they did and are of the same kind keep their blocks.
std::size_t MessageDocument::refresh()
{
    const std::vector<ReplyPart> parts = m_format == Format::Plain
                                             ? std::vector<ReplyPart>{{0, m_source.size(), 0, false}}
                                             : m_scanner.update(m_source, !m_finished);
    std::size_t same = 0;
    while (same < std::min(parts.size(), m_sections.size()) &&
           m_sections[same].part.begin == parts[same].begin &&
           m_sections[same].part.thought == parts[same].thought)
        ++same;
    if (same < m_sections.size()) {
        m_blocks.resize(m_sections[same].first);
        m_sections.resize(same);
    }
    std::size_t changed = m_blocks.size();
    for (std::size_t i = same > 0 ? same - 1 : 0; i < parts.size(); ++i) {
        if (i == m_sections.size())
            m_sections.push_back({parts[i], m_blocks.size()});
        m_sections[i].part = parts[i];
        changed = std::min(changed, parseSection(m_sections[i]));
    }
    m_parsed = m_source.size();
    return changed;
}

/// The first block that more text can change: the last one, and the one above while the last is so short that
/// it could still turn out to belong to it. `first`: of the section.
std::size_t MessageDocument::firstOpenBlock(std::size_t first) const
{
    if (m_blocks.size() <= first + 1)
        return first;
    const std::size_t last = m_blocks.size() - 1;
    const qsizetype begin = m_blocks[last].begin;
    const QStringView seen = QStringView(m_source).left(m_parsed);
    const bool undecided = m_blocks[last].kind == Block::Kind::Math ||
                           m_blocks[last].kind == Block::Kind::Image ||
                           seen.mid(begin).count('\n') < 2; // a table needs two lines
    const bool apart = begin < 2 || (seen[begin - 1] == '\n' && seen[begin - 2] == '\n');
    return undecided && !apart ? last - 1 : last;
}

/// REQUIRES: it is the last section that has blocks.
std::size_t MessageDocument::parseSection(const Section& section)
{
    const ReplyPart& part = section.part;
    const QStringView whole = QStringView(m_source).mid(part.begin, part.end - part.begin);
    const bool empty = std::ranges::all_of(whole, [](QChar c) { return c.isSpace(); });
    const bool head = part.thought > 0 && !(empty && (part.closed || m_finished));
    std::size_t changed = updateHead(section, head);
    const std::size_t first = section.first + (head ? 1 : 0);
    const std::size_t open = firstOpenBlock(first);
    const qsizetype tail = open < m_blocks.size() ? m_blocks[open].begin : part.begin;
    std::vector<Block> parsed = parse(open, part, tail);
    const auto old = m_blocks.begin() + std::ptrdiff_t(std::min(open, m_blocks.size()));
    const auto same = std::ranges::mismatch(old, m_blocks.end(), parsed.begin(), parsed.end()).in1 - old;
    m_blocks.resize(open);
    std::ranges::move(parsed, std::back_inserter(m_blocks));
    return std::min(changed, open + std::size_t(same));
}

/// The line above a thought is a block of its own. Returns its index when it changed, else what is beyond.
std::size_t MessageDocument::updateHead(const Section& section, bool wanted)
{
    const bool there =
        section.first < m_blocks.size() && m_blocks[section.first].kind == Block::Kind::Thought;
    if (!wanted) {
        if (there)
            m_blocks.resize(section.first);
        return m_blocks.size();
    }
    Block head;
    head.kind = Block::Kind::Thought;
    head.begin = head.end = section.part.begin;
    head.thought = section.part.thought;
    head.ended = section.part.closed || m_finished;
    if (there && m_blocks[section.first] == head)
        return m_blocks.size();
    if (there)
        m_blocks[section.first] = head;
    else
        m_blocks.push_back(head);
    return section.first;
}

std::vector<Block> MessageDocument::parse(std::size_t first, const ReplyPart& part, qsizetype tail) const
{
    const QStringView rest = QStringView(m_source).mid(tail, std::max<qsizetype>(0, part.end - tail));
    const bool continues =
        first > 0 && first <= m_blocks.size() && m_blocks[first - 1].continuesBelow && tail > part.begin;
    std::vector<Block> parsed;
    if (m_format == Format::Plain) {
        parsed = plainBlocks(rest);
        if (!parsed.empty())
            parsed.front().continuesAbove = first > 0;
    } else {
        const bool open = !m_finished && !part.closed;
        parsed = parseBlocks(rest, open, continues ? &m_blocks[first - 1] : nullptr);
    }
    for (Block& block : parsed) {
        block.begin += tail;
        block.end += tail;
        block.thought = part.thought;
    }
    return parsed;
}

QString MessageDocument::answer() const
{
    QString text;
    for (const Section& section : m_sections) {
        if (section.part.thought == 0)
            text += QStringView(m_source).mid(section.part.begin, section.part.end - section.part.begin);
    }
    return m_sections.size() > 1 ? text.trimmed() : text;
}

QString MessageDocument::codeFrom(std::size_t block) const
{
    QString code = m_blocks[block].code;
    while (m_blocks[block].continuesBelow && block + 1 < m_blocks.size()) {
        code += codeBreak(m_blocks[block]);
        code += m_blocks[++block].code;
    }
    return code;
}

} // namespace vitrine::ui
