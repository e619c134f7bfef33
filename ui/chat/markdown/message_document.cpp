// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/message_document.h"

#include <algorithm>
#include <iterator>

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
        if (text.endsWith('\n') && end < source.size())
            text.chop(1);
        Block block;
        block.begin = at;
        block.end = end;
        block.continuesAbove = !blocks.empty();
        block.continuesBelow = end < source.size();
        block.text.text = text.toString().replace('\n', QChar(QChar::LineSeparator));
        blocks.push_back(std::move(block));
        at = end;
    }
    return blocks;
}

std::size_t MessageDocument::append(QStringView delta)
{
    const std::size_t first = firstOpenBlock();
    m_source += delta;
    return parseTail(first);
}

std::size_t MessageDocument::finish()
{
    m_finished = true;
    return parseTail(firstOpenBlock());
}

/// The first block that more text can change: the last one, and the one above while the last is so short that
/// it could still turn out to belong to it.
std::size_t MessageDocument::firstOpenBlock() const
{
    if (m_blocks.empty())
        return 0;
    const std::size_t last = m_blocks.size() - 1;
    const qsizetype begin = m_blocks[last].begin;
    const bool undecided = QStringView(m_source).mid(begin).count('\n') < 2; // a table needs two lines
    const bool apart = begin < 2 || (m_source[begin - 1] == '\n' && m_source[begin - 2] == '\n');
    return last > 0 && undecided && !apart ? last - 1 : last;
}

std::size_t MessageDocument::parseTail(std::size_t first)
{
    const qsizetype tail = m_blocks.empty() ? 0 : m_blocks[first].begin;
    const QStringView rest = QStringView(m_source).mid(tail);
    const bool continues = first > 0 && m_blocks[first - 1].continuesBelow;
    std::vector<Block> parsed;
    if (m_format == Format::Plain) {
        parsed = plainBlocks(rest);
        if (!parsed.empty())
            parsed.front().continuesAbove = first > 0;
    } else {
        parsed = parseBlocks(rest, !m_finished, continues ? &m_blocks[first - 1] : nullptr);
    }
    for (Block& block : parsed) {
        block.begin += tail;
        block.end += tail;
    }
    const auto old = m_blocks.begin() + std::ptrdiff_t(first);
    const auto same = std::ranges::mismatch(old, m_blocks.end(), parsed.begin(), parsed.end()).in1 - old;
    m_blocks.resize(first);
    std::ranges::move(parsed, std::back_inserter(m_blocks));
    return first + std::size_t(same);
}

QString MessageDocument::codeFrom(std::size_t block) const
{
    QString code = m_blocks[block].code;
    while (m_blocks[block].continuesBelow && block + 1 < m_blocks.size())
        code += '\n' + m_blocks[++block].code;
    return code;
}

} // namespace vitrine::ui
