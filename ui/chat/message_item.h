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
        bool active = false; ///< the pointer or the focus is in it
    };
    void paint(QPainter& painter, qreal top, qreal bottom, const Look& look) const;

    ItemPosition positionAt(const QPointF& point) const;
    ItemPosition end() const;
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
    };

    bool isUser() const { return m_message.role == Role::User; }
    void syncSlots(std::size_t from);
    void hideFolded();
    qreal estimate(const Block& block) const;
    qreal indentOf(const Block& block) const;
    void stack();
    QPointF origin(std::size_t slot) const;
    QRectF bubbleRect() const;
    QRectF chipRect(std::size_t attachment) const;
    QRectF cardRect() const;
    ToolRow tools() const;
    void layOutError();
    QString thoughtText(const Block& head) const;
    BlockLook lookOf(std::size_t slot, qreal top, qreal bottom, const Look& look) const;
    void paintBlocks(QPainter& painter, qreal top, qreal bottom, const Look& look) const;
    void paintThought(QPainter& painter, std::size_t slot) const;
    void paintError(QPainter& painter) const;
    void paintTools(QPainter& painter, const Look& look) const;
    void paintChips(QPainter& painter, const Look& look) const;
    void paintSpots(QPainter& painter, const Look& look) const;
    void paintSpot(QPainter& painter, const ItemSpot& spot, bool hovered, bool focused) const;

    Message m_message; // its text lives in the document only
    MessageDocument m_document;
    ItemState m_state;
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
