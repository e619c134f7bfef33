// SPDX-License-Identifier: GPL-3.0-or-later
// Fills a BlockLayout: walks a block and its children from top to bottom. Lives for one layout. Thread: UI.
#pragma once

#include "ui/chat/block_layout.h"
#include "ui/chat/message_style.h"

namespace vitrine::ui {

class BlockBuilder
{
public:
    BlockBuilder(BlockLayout& layout, const MessageStyle& style) : m_layout(layout), m_style(style) {}

    /// Returns the y below the block.
    qreal place(const Block& block, qreal x, qreal y, qreal width);
    /// A paragraph that goes on at `indent` in the line above, unless its first word has no room there.
    qreal placeRest(const Block& block, qreal width, qreal indent);
    /// Keeps lines of `old` where they still hold.
    qreal placeCode(const Block& block, qreal x, qreal y, qreal width, BlockLayout* old);

private:
    struct Flow
    {
        QFont font;
        qreal lineHeight = 0;
        Qt::Alignment align = Qt::AlignLeft;
        bool plainCode = false; // code spans without a background
        bool secondary = false; // in the quieter colour
        qreal indent = 0;       // of the first line, which stands above
    };

    qreal placeText(const InlineText& text, const Flow& flow, qreal x, qreal y, qreal width);
    qreal placeItem(const Block& block, qreal x, qreal y, qreal width);
    qreal placeQuote(const Block& block, qreal x, qreal y, qreal width);
    qreal placeMath(const Block& block, qreal x, qreal y, qreal width);
    qreal placeImage(const Block& block, qreal x, qreal y, qreal width);
    qreal placePlaceholder(const Block& block, const QString& note, qreal x, qreal y, qreal width);
    qreal placeRemote(const Block& block, qreal x, qreal y, qreal width);
    qreal placeTable(const Block& block, qreal x, qreal y, qreal width);
    qreal placeChildren(const QList<Block>& children, qreal x, qreal y, qreal width);
    QList<qreal> columnWidths(const Block& table, qreal width) const;
    QList<QTextLayout::FormatRange> formats(const InlineText& text, const Flow& flow) const;
    void markSpans(const TextPiece& piece, bool plainCode);
    TextPiece& addPiece(std::unique_ptr<QTextLayout> layout, const QPointF& position);
    std::unique_ptr<QTextLayout> lineUp(const QString& text, const Flow& flow,
                                        const QList<QTextLayout::FormatRange>& formats, qreal width,
                                        qreal& height) const;

    BlockLayout& m_layout;
    const MessageStyle& m_style;
};

/// Distance between two blocks that follow each other.
qreal gapBetween(const Block& above, const Block& below, const MessageStyle& style);

} // namespace vitrine::ui
