// SPDX-License-Identifier: GPL-3.0-or-later
// One Markdown block, laid out for one width: pieces of text at places, and what is drawn behind them.
// Coordinates are relative to the block's top left corner. Thread: UI.
#pragma once

#include <memory>
#include <vector>

#include <QRectF>
#include <QString>
#include <QTextLayout>

#include "ui/chat/markdown/block.h"
#include "ui/chat/markdown/code_highlighter.h"
#include "ui/chat/markdown/text_position.h"
#include "ui/chat/token_marks.h"

class QPainter;

namespace vitrine::ui {

struct MessageStyle;

/// A run of text that can be selected: a paragraph, a line of code, a table cell. Which there are follows
/// from the block, see pieceTexts().
struct TextPiece
{
    std::unique_ptr<QTextLayout> layout;
    QPointF position;
    QList<InlineSpan> spans;
    bool secondary = false; ///< in the quieter colour
    bool hidden = false;    ///< stands for a picture
    QRectF bounds() const;
};

/// Something a person can activate.
struct HotSpot
{
    enum class Kind { CopyCode, Link, Thought };
    Kind kind = Kind::Link;
    QRectF rect;
    QString target; ///< of a link
};

/// A stretch that Find found.
struct PieceMark
{
    std::size_t piece = 0;
    int start = 0, length = 0;
    bool current = false;
};

/// How a block is drawn.
struct BlockLook
{
    PiecePosition from, to; ///< selected, when they differ
    std::vector<PieceMark> marks;
    TokenLook tokens;
    bool secondary = false;       ///< all text in the quieter colour
    qreal top = 0, bottom = 1e12; ///< only what lies between is drawn
};

class BlockLayout
{
public:
    /// Lays out. Lines of a code block that did not change since the last call are kept. `indent`: a
    /// paragraph goes on there, in the line above.
    void update(const Block& block, const MessageStyle& style, qreal width, qreal indent = 0);

    qreal height() const { return m_height; }
    qreal overlap() const { return m_overlap; } ///< what stands above it, beside the end of the block above
    const std::vector<TextPiece>& pieces() const { return m_pieces; }
    const std::vector<HotSpot>& hotSpots() const { return m_hotSpots; }

    void paint(QPainter& painter, const QPointF& origin, const MessageStyle& style,
               const BlockLook& look) const;
    PiecePosition positionAt(const QPointF& point) const; ///< the nearest
    PiecePosition end() const;
    QRectF rectOf(PiecePosition position) const;              ///< of the line it is on
    std::pair<int, int> lineOf(PiecePosition position) const; ///< where it begins and ends
    QPointF caret() const;                                    ///< top of where the next character would go

private:
    friend class BlockBuilder;

    enum class Surface {
        CodeCard,
        CodeHeader,
        TableCard,
        TableHead,
        InlineCode,
        Line,
        QuoteBar,
        Bullet,
        Label,
        Image,
        Placeholder,
        Note
    };
    struct Shape
    {
        Surface surface = Surface::Line;
        QRectF rect;
        QString label;
        bool openAbove = false, openBelow = false; // a card that goes on in the next block
    };
    struct CodeLine
    {
        QString text;
        CodeState before = CodeState::None, after = CodeState::None;
    };

    void paintPiece(QPainter& painter, std::size_t index, const MessageStyle& style,
                    const BlockLook& look) const;
    void paintShape(QPainter& painter, const Shape& shape, const MessageStyle& style, bool secondary) const;
    void paintCard(QPainter& painter, const Shape& shape, const MessageStyle& style) const;

    std::vector<TextPiece> m_pieces;
    std::vector<Shape> m_shapes;
    std::vector<HotSpot> m_hotSpots;
    std::vector<CodeLine> m_codeLines; // of a code block, one for each piece
    qreal m_codeWidth = 0;
    qreal m_height = 0;
    qreal m_overlap = 0;
};

} // namespace vitrine::ui
