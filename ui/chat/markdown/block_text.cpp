// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/markdown/block_text.h"

#include <algorithm>
#include <utility>

namespace vitrine::ui {

namespace {

/// Walks a block as BlockBuilder does.
class PieceWalker
{
public:
    std::vector<PieceText> take(const Block& block)
    {
        walk(block);
        return std::move(m_pieces);
    }

private:
    void walk(const Block& block);
    void walkTable(const Block& block);
    void walkItem(const Block& block);
    void add(const QString& text)
    {
        m_pieces.push_back({std::exchange(m_before, QStringLiteral("\n")), text});
    }

    std::vector<PieceText> m_pieces;
    QString m_before;
};

void PieceWalker::walk(const Block& block)
{
    switch (block.kind) {
    case Block::Kind::Paragraph:
    case Block::Kind::Heading:
        add(block.text.text);
        break;
    case Block::Kind::Code:
        for (const QString& line : block.code.split('\n'))
            add(line);
        break;
    case Block::Kind::ListItem:
        walkItem(block);
        break;
    case Block::Kind::Quote:
        for (const Block& child : block.children)
            walk(child);
        break;
    case Block::Kind::Table:
        walkTable(block);
        break;
    case Block::Kind::Math:
        add(QString(block.code).replace('\n', QChar(QChar::LineSeparator)));
        break;
    case Block::Kind::Image:
        add(block.text.text);
        break;
    case Block::Kind::Rule:
    case Block::Kind::Thought:
        break;
    }
}

void PieceWalker::walkItem(const Block& block)
{
    const std::size_t first = m_pieces.size();
    for (const Block& child : block.children)
        walk(child);
    if (first < m_pieces.size()) // a copy keeps the mark
        m_pieces[first].before += block.marker.isEmpty() ? QStringLiteral("- ") : block.marker + ' ';
}

void PieceWalker::walkTable(const Block& block)
{
    for (const QList<InlineText>& row : block.rows) {
        for (qsizetype c = 0; c < row.size(); ++c) {
            if (c > 0)
                m_before = QStringLiteral("\t");
            add(row[c].text);
        }
    }
}

QString blockText(const Block& block, PiecePosition from, PiecePosition to)
{
    QString text;
    const std::vector<PieceText> pieces = pieceTexts(block);
    for (std::size_t i = from.piece; i <= to.piece && i < pieces.size(); ++i) {
        const PieceText& piece = pieces[i];
        const int first = i == from.piece ? from.offset : 0;
        const int last = i == to.piece ? to.offset : int(piece.text.size());
        if (i > from.piece || first == 0)
            text += i > from.piece ? piece.before : QString(piece.before).remove('\n');
        text += piece.text.mid(first, std::max(0, last - first));
    }
    return text.replace(QChar(QChar::LineSeparator), '\n').replace(QChar(QChar::Nbsp), ' ');
}

QString between(const Block& above, const Block& below)
{
    if (below.continuesAbove)
        return below.kind == Block::Kind::Code ? codeBreak(above) : QString();
    const bool items = below.kind == Block::Kind::ListItem && above.kind == Block::Kind::ListItem;
    return items ? QStringLiteral("\n") : QStringLiteral("\n\n");
}

} // namespace

std::vector<PieceText> pieceTexts(const Block& block)
{
    return PieceWalker().take(block);
}

QString codeBreak(const Block& above)
{
    const qsizetype lastLine = above.code.size() - 1 - above.code.lastIndexOf('\n');
    return lastLine >= kMaxBlockText ? QString() : QStringLiteral("\n"); // a long line was cut
}

QString copiedText(const std::vector<Block>& blocks, const ItemPosition& from, const ItemPosition& to,
                   const QSet<int>& unfolded)
{
    constexpr PiecePosition kEnd{std::numeric_limits<std::size_t>::max(), 0};
    QString text;
    for (std::size_t i = from.block; i <= to.block && i < blocks.size(); ++i) {
        const Block& block = blocks[i];
        if (block.thought > 0 && !unfolded.contains(block.thought))
            continue;
        if (!text.isEmpty())
            text += between(blocks[i - 1], block);
        text +=
            blockText(block, i == from.block ? from.piece : PiecePosition{}, i == to.block ? to.piece : kEnd);
    }
    return text;
}

} // namespace vitrine::ui
