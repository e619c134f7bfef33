// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/block.h"

#include <algorithm>
#include <optional>

#include "ui/chat/markdown/item_images.h"
#include "ui/chat/markdown/line_kind.h"
#include "ui/chat/markdown/math.h"

namespace vitrine::ui {

namespace {

constexpr int kMaxDepth = 6;
constexpr qsizetype kMaxColumns = 24;
constexpr qsizetype kMaxTableRows = 200;

QStringView withoutIndent(QStringView line, qsizetype columns)
{
    return line.mid(std::min(columns, indentOf(line)));
}

bool isNumber(QStringView line)
{
    const QStringView text = line.trimmed();
    return !text.isEmpty() && text.size() <= 3 &&
           std::ranges::all_of(text, [](QChar c) { return c.isDigit(); });
}

/// Cells of a table row; a | inside a code span or after a backslash does not part them.
QList<QString> splitCells(QStringView line)
{
    QStringView text = line.trimmed();
    if (text.startsWith('|'))
        text = text.mid(1);
    if (text.endsWith('|') && !text.endsWith(u"\\|"))
        text.chop(1);
    QList<QString> cells;
    QString cell;
    bool code = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == '`')
            code = !code;
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '|') {
            cell += text[++i];
        } else if (text[i] == '|' && !code) {
            cells.append(cell.trimmed());
            cell.clear();
        } else {
            cell += text[i];
        }
    }
    cells.append(cell.trimmed());
    return cells;
}

Block::Align alignOf(const QString& rule)
{
    const bool left = rule.startsWith(':');
    const bool right = rule.endsWith(':');
    return left && right ? Block::Align::Centre : right ? Block::Align::Right : Block::Align::Left;
}

class BlockParser
{
public:
    BlockParser(QStringView source, bool open, int depth) : m_source(source), m_open(open), m_depth(depth) {}

    std::vector<Block> parse(const Block* above)
    {
        while (m_at < m_source.size()) {
            const Block* last = m_blocks.empty() ? above : &m_blocks.back();
            if (last == nullptr || !last->continuesBelow)
                readBlock();
            else if (last->kind == Block::Kind::Code)
                readCode({last->fence, last->fenceLength, last->language}, 0, true);
            else
                readParagraph(true);
        }
        return std::move(m_blocks);
    }

private:
    /// The line at `from` without its end; `next` is where the following one begins.
    struct Line
    {
        QStringView text;
        qsizetype next = 0;
        qsizetype begin = 0;
    };
    Line lineAt(qsizetype from) const
    {
        const qsizetype end = m_source.indexOf('\n', from);
        return end < 0 ? Line{m_source.mid(from), m_source.size(), from}
                       : Line{m_source.mid(from, end - from), end + 1, from};
    }
    /// The text may still grow here.
    bool isLast(qsizetype next) const { return m_open && next >= m_source.size(); }

    void readBlock();
    void readHeading(const Line& line);
    void readCode(const FenceStart& fence, qsizetype indent, bool continues);
    void readList(const ListStart& start);
    void readQuote();
    bool readMath();
    bool readImage(const Line& line);
    bool readTable(const Line& head);
    void readParagraph(bool continues);
    bool endsParagraph(const Line& line) const;
    bool belongsToItem(QStringView line, const ListStart& item, bool afterBlank) const;
    QList<Block> childrenOf(const QString& text) const;
    QList<InlineText> cellsOf(QStringView line, qsizetype columns) const;
    Block& add(Block::Kind kind, qsizetype begin);

    QStringView m_source;
    bool m_open;
    int m_depth;
    qsizetype m_at = 0;
    std::vector<Block> m_blocks;
};

Block& BlockParser::add(Block::Kind kind, qsizetype begin)
{
    Block block;
    block.kind = kind;
    block.begin = begin;
    block.end = m_at;
    return m_blocks.emplace_back(std::move(block));
}

void BlockParser::readBlock()
{
    const Line line = lineAt(m_at);
    if (isBlank(line.text) || (isLast(line.next) && !m_source.endsWith('\n') && isUndecided(line.text))) {
        m_at = line.next;
    } else if (const auto fence = fenceStart(line.text)) {
        readCode(*fence, indentOf(line.text), false);
    } else if (headingLevel(line.text) > 0) {
        readHeading(line);
    } else if (readMath() || readImage(line)) {
        return;
    } else if (isRule(line.text)) {
        const qsizetype begin = std::exchange(m_at, line.next);
        add(Block::Kind::Rule, begin);
    } else if (isQuote(line.text) && m_depth < kMaxDepth) {
        readQuote();
    } else if (const auto item = listStart(line.text); item && m_depth < kMaxDepth) {
        readList(*item);
    } else if (!readTable(line)) {
        readParagraph(false);
    }
}

void BlockParser::readHeading(const Line& line)
{
    const int level = headingLevel(line.text);
    QStringView text = line.text.mid(indentOf(line.text) + level).trimmed();
    while (text.endsWith('#'))
        text.chop(1);
    const qsizetype begin = std::exchange(m_at, line.next);
    Block& block = add(Block::Kind::Heading, begin);
    block.level = level;
    block.text = parseInline(text.left(kMaxBlockText).trimmed(), isLast(line.next));
}

void BlockParser::readCode(const FenceStart& fence, qsizetype indent, bool continues)
{
    const qsizetype begin = m_at;
    if (!continues)
        m_at = lineAt(m_at).next;
    QString code;
    int lines = 0;
    bool closed = false;
    while (m_at < m_source.size() && !closed && lines < kMaxCodeLines && code.size() < kMaxBlockText) {
        const Line line = lineAt(m_at);
        // A longer line is cut: its rest begins the next block.
        const QStringView text = withoutIndent(line.text, indent).left(kMaxBlockText);
        const bool cut = line.text.size() > kMaxBlockText;
        closed = !cut && closesFence(line.text, fence.mark, fence.length);
        const bool undecided = isLast(line.next) && !m_source.endsWith('\n') && !text.isEmpty() &&
                               isUndecided(text) && text.trimmed().startsWith(fence.mark);
        m_at = cut ? m_at + kMaxBlockText : line.next;
        if (!closed && !undecided)
            code += (lines++ > 0 ? QStringLiteral("\n") : QString()) + text.toString();
    }
    Block& block = add(Block::Kind::Code, begin);
    block.code = code;
    block.language = fence.language;
    block.fence = fence.mark;
    block.fenceLength = fence.length;
    block.continuesAbove = continues;
    block.continuesBelow = !closed && m_at < m_source.size();
}

bool BlockParser::belongsToItem(QStringView line, const ListStart& item, bool afterBlank) const
{
    const bool deeper = indentOf(line) >= item.indent + 2;
    if (deeper || afterBlank)
        return deeper;
    return !startsBlock(line); // a paragraph that goes on without its indent
}

void BlockParser::readList(const ListStart& start)
{
    const qsizetype begin = m_at;
    const Line first = lineAt(m_at);
    QString text = first.text.mid(start.content, kMaxBlockText).toString();
    qsizetype blanks = 0;
    m_at = first.next;
    if (first.text.size() > kMaxBlockText)
        m_at = begin + start.content + kMaxBlockText;
    while (m_at < m_source.size() && text.size() < kMaxBlockText) {
        const Line line = lineAt(m_at);
        if (isLast(line.next) && !m_source.endsWith('\n') && isNumber(line.text)) {
            m_at = line.next; // the mark of the next item, perhaps
            break;
        }
        if (isBlank(line.text)) {
            ++blanks;
        } else if (line.text.size() < kMaxBlockText && belongsToItem(line.text, start, blanks > 0)) {
            text += QString(blanks + 1, '\n') + withoutIndent(line.text, start.content).toString();
            blanks = 0;
        } else {
            break;
        }
        m_at = line.next;
    }
    Block& block = add(Block::Kind::ListItem, begin);
    block.marker = start.marker;
    block.children = childrenOf(imagesApart(text));
}

void BlockParser::readQuote()
{
    const qsizetype begin = m_at;
    QString text;
    while (m_at < m_source.size() && text.size() < kMaxBlockText) {
        const Line line = lineAt(m_at);
        if (isBlank(line.text) || (!isQuote(line.text) && startsBlock(line.text)))
            break;
        QStringView inside = line.text;
        if (isQuote(inside))
            inside = inside.mid(indentOf(inside) + 1);
        if (inside.startsWith(' '))
            inside = inside.mid(1);
        const bool cut = line.text.size() > kMaxBlockText;
        text += (text.isEmpty() ? QString() : QStringLiteral("\n")) + inside.left(kMaxBlockText).toString();
        m_at = cut ? m_at + kMaxBlockText : line.next;
    }
    add(Block::Kind::Quote, begin).children = childrenOf(text);
}

QList<Block> BlockParser::childrenOf(const QString& text) const
{
    const bool open = m_open && m_at >= m_source.size();
    const std::vector<Block> blocks = BlockParser(text, open, m_depth + 1).parse(nullptr);
    return {blocks.begin(), blocks.end()};
}

QList<InlineText> BlockParser::cellsOf(QStringView line, qsizetype columns) const
{
    QList<InlineText> cells;
    for (const QString& cell : splitCells(line.left(kMaxBlockText)).mid(0, columns))
        cells.append(parseInline(cell, false));
    cells.resize(columns);
    return cells;
}

bool BlockParser::readMath()
{
    const qsizetype length = displayMath(m_source.mid(m_at), m_open);
    if (length == 0)
        return false;
    const qsizetype begin = std::exchange(m_at, m_at + length);
    add(Block::Kind::Math, begin).code = m_source.mid(begin, length).trimmed().toString();
    return true;
}

/// An image on a line of its own.
bool BlockParser::readImage(const Line& line)
{
    const auto image = imageStart(line.text, isLast(line.next) && !m_source.endsWith('\n'));
    if (!image)
        return false;
    const qsizetype begin = std::exchange(m_at, line.next);
    Block& block = add(Block::Kind::Image, begin);
    block.target = image->target;
    block.text.text = image->label;
    return true;
}

bool BlockParser::readTable(const Line& head)
{
    if (!head.text.contains('|'))
        return false;
    if (isLast(head.next)) { // a table may be coming: wait for its second line
        const qsizetype begin = m_at;
        if (!head.text.trimmed().startsWith('|') || head.text.size() > kMaxBlockText)
            return false;
        m_at = head.next;
        add(Block::Kind::Paragraph, begin);
        return true;
    }
    const Line rule = lineAt(head.next);
    const bool growing = isLast(rule.next) && !m_source.endsWith('\n');
    if (!isTableRule(rule.text) &&
        !(growing && isUndecided(rule.text) && head.text.trimmed().startsWith('|')))
        return false;
    const qsizetype begin = std::exchange(m_at, rule.next);
    const qsizetype columns = std::min(splitCells(head.text).size(), kMaxColumns);
    QList<QList<InlineText>> rows{cellsOf(head.text, columns)};
    while (m_at < m_source.size() && rows.size() < kMaxTableRows) {
        const Line line = lineAt(m_at);
        if (!line.text.contains('|') || (isLast(line.next) && isUndecided(line.text)))
            break;
        rows.append(cellsOf(line.text, columns));
        m_at = line.next;
    }
    Block& block = add(Block::Kind::Table, begin);
    for (const QString& cell : splitCells(rule.text).mid(0, columns))
        block.columns.append(alignOf(cell));
    block.columns.resize(columns);
    block.rows = std::move(rows);
    return true;
}

bool BlockParser::endsParagraph(const Line& line) const
{
    if (isBlank(line.text) || startsBlock(line.text))
        return true;
    const bool undecided = isLast(line.next) && !m_source.endsWith('\n') && isUndecided(line.text);
    if (undecided || (line.text.contains('|') && isTableRule(lineAt(line.next).text)))
        return true;
    const bool growing = isLast(line.next) && !m_source.endsWith('\n');
    return imageStart(line.text, growing) || displayMath(m_source.mid(line.begin), m_open) > 0;
}

void BlockParser::readParagraph(bool continues)
{
    const qsizetype begin = m_at;
    Line line = lineAt(m_at);
    qsizetype end = line.next;
    while (end < m_source.size() && end - begin < kMaxBlockText) {
        line = lineAt(end);
        if (endsParagraph(line))
            break;
        end = line.next;
    }
    const bool cut = end - begin > kMaxBlockText;
    if (cut) { // at a space, never inside a character
        end = begin + kMaxBlockText;
        const qsizetype space = m_source.left(end).lastIndexOf(' ');
        end = space > begin + kMaxBlockText / 2 ? space + 1 : end;
        end -= m_source[end - 1].isHighSurrogate() ? 1 : 0;
    }
    m_at = end;
    QStringView text = m_source.mid(begin, end - begin);
    text = cut && text.endsWith(' ') ? text.mid(indentOf(text)) : text.trimmed(); // words stay apart
    Block& block = add(Block::Kind::Paragraph, begin);
    block.text = parseInline(text, isLast(end));
    block.continuesAbove = continues;
    block.continuesBelow = cut;
    block.lineGoesOn = cut && m_source[end - 1] != '\n';
}

} // namespace

std::vector<Block> parseBlocks(QStringView source, bool open, const Block* above)
{
    return BlockParser(source, open, 0).parse(above);
}

} // namespace vitrine::ui
