// SPDX-License-Identifier: GPL-3.0-or-later
// One message in a MessageView, made when it comes near the window and forgotten far from it: its blocks,
// laid out when they come into sight, and what stands around them. Coordinates are relative to the item's top
// left corner. Thread: UI.
//
// Invariant: m_slots and the document's blocks correspond one to one; a block that was never in sight has an
// estimated height.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "ui/chat/block_layout.h"
#include "ui/chat/item_spot.h"
#include "ui/chat/markdown/message_document.h"
#include "ui/chat/message.h"
#include "ui/chat/message_style.h"
#include "ui/chat/message_tools.h"
#include "ui/chat/token_marks.h"
#include "ui/chat/why_card.h"

namespace vitrine::ui {

/// How long a section of thinking took, as far as it is known.
struct ThoughtFigures
{
    double seconds = 0; ///< 0: unknown
    quint32 tokens = 0; ///< 0: unknown
};

/// What belongs to a message in a view and outlives its item.
struct ItemState
{
    QSet<int> unfolded; ///< sections of thinking
    std::optional<ThoughtFigures> thought;
    std::optional<ReplyBreakdown> breakdown;
    MessageActions actions;
};

/// A stretch that Find found in an item.
struct ItemMark
{
    std::size_t block = 0;
    PieceMark mark;
};

class MessageItem
{
public:
    explicit MessageItem(const Message& message);

    void appendText(const QString& delta);
    /// State and figures.
    void setMessage(const Message& message);
    const Message& message() const { return m_message; }
    const MessageDocument& document() const { return m_document; }
    void setState(const ItemState& state);
    const ItemState& state() const { return m_state; }

    /// Tints the tokens; again when there are more. Nothing: no tints.
    void setTokens(const QList<TokenDetail>& details);
    const TokenTrack& track() const { return m_track; }
    int tokenAt(const QPointF& point) const; ///< -1: none
    /// Where it begins, as far as it is laid out; a token that shows nothing has the place of the next one.
    QRectF tokenRect(int token) const;
    std::size_t blockOfToken(int token) const;

    /// Forgets layouts when width or style changed; heights are estimates again.
    void setGeometry(const MessageStyle& style, qreal width, int generation);
    /// Lays out what lies between `top` and `bottom` and forgets what is far away. True when the height of
    /// something changed.
    bool layOut(qreal top, qreal bottom);
    /// Images came or cannot come.
    void forgetImages();
    qreal height() const { return m_height; }
    /// The first laid-out block between `top` and `bottom`, and its y: what should stay where it is.
    std::optional<std::pair<std::size_t, qreal>> settledBlock(qreal top, qreal bottom) const;
    qreal blockTop(std::size_t block) const;

    struct Look
    {
        QColor hue;
        double turn = 0;
        ItemPosition from, to; ///< selection, when they differ
        std::vector<ItemMark> marks;
        int hoveredSpot = -1;
        int focusedSpot = -1;
        int currentToken = -1, hoveredToken = -1;
        bool active = false; ///< the pointer or the focus is in it
    };
    void paint(QPainter& painter, qreal top, qreal bottom, const Look& look) const;

    ItemPosition positionAt(const QPointF& point) const;
    ItemPosition begin() const;
    ItemPosition end() const;
    /// The beginning of the next shown piece, or the end of the one before.
    std::optional<ItemPosition> pieceBeside(const ItemPosition& position, bool forward) const;
    /// Where its line begins and ends, in its piece.
    std::pair<int, int> lineOf(const ItemPosition& position) const;
    QString text(ItemPosition from, ItemPosition to) const;
    QRectF rectOf(const ItemPosition& position) const; ///< of laid-out text
    /// Those of laid-out blocks, top to bottom, then those of the line below.
    std::vector<ItemSpot> spots() const;
    QString pieceText(const ItemPosition& position) const;
    QRectF statsRect() const;

private:
    struct Slot
    {
        BlockLayout layout;
        qreal y = 0;
        qreal height = 0;
        bool laidOut = false;
        bool hidden = false; // in a folded section
        qreal indent = 0;    // of its first line, which begins where the block above ended
        qreal overlap = 0;   // that line is above y
        qreal end = -1;      // of its last line; -1: not known
        std::vector<TokenMark> tokens;
        bool tokensPlaced = false;
    };

    bool isUser() const { return m_message.role == Role::User; }
    void syncSlots(std::size_t from);
    void hideFolded();
    qreal estimate(const Block& block) const;
    qreal indentOf(const Block& block) const;
    qreal lineIndent(std::size_t slot) const;
    void layOutSlot(std::size_t index);
    void stack();
    QPointF origin(std::size_t slot) const;
    QRectF bubbleRect() const;
    QRectF chipRect(std::size_t attachment) const;
    QRectF cardRect() const;
    ToolRow tools() const;
    void layOutError();
    void placeTokenMarks(qreal top, qreal bottom);
    QString thoughtText(const Block& head) const;
    BlockLook lookOf(std::size_t slot, qreal top, qreal bottom, const Look& look) const;
    void paintBlocks(QPainter& painter, qreal top, qreal bottom, const Look& look) const;
    void paintThought(QPainter& painter, std::size_t slot) const;
    void paintError(QPainter& painter) const;
    void paintTools(QPainter& painter, const Look& look) const;
    void paintChips(QPainter& painter, const Look& look) const;
    void paintSpots(QPainter& painter, const Look& look) const;
    void paintSpot(QPainter& painter, const ItemSpot& spot, bool hovered, bool focused) const;

    Message m_message; // its text lives in the document only, its tokens in the track
    MessageDocument m_document;
    ItemState m_state;
    TokenTrack m_track;
    std::vector<Slot> m_slots;
    std::unique_ptr<QTextLayout> m_error;
    qreal m_errorHeight = 0;
    qreal m_width = 0;
    qreal m_padX = 0, m_padY = 0;
    std::vector<QRectF> m_chips; // of what is attached, from the corner of the padding
    qreal m_chipsHeight = 0;
    qreal m_textBottom = 0; // below the blocks and their padding
    qreal m_height = 0;
    int m_generation = -1;
    const MessageStyle* m_style = nullptr; // the view's, set with the geometry
};

/// Height of a message that was not parsed yet.
qreal estimatedHeight(const Message& message, const MessageStyle& style, qreal width);

} // namespace vitrine::ui
