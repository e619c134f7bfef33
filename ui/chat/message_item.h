// SPDX-License-Identifier: GPL-3.0-or-later
// One message in a MessageView: its blocks, laid out when they come into sight, and what stands around them.
// Coordinates are relative to the item's top left corner. Thread: UI.
//
// Invariant: blocks() and the document's blocks correspond one to one; a block that was never in sight has an
// estimated height.
#pragma once

#include <memory>
#include <vector>

#include "ui/chat/block_layout.h"
#include "ui/chat/markdown/message_document.h"
#include "ui/chat/message.h"
#include "ui/chat/message_style.h"

namespace vitrine::ui {

/// Inside an item.
struct ItemPosition
{
    std::size_t block = 0;
    PiecePosition piece;
    auto operator<=>(const ItemPosition&) const = default;
};

/// Something in an item that can be activated, by mouse or keyboard.
struct ItemSpot
{
    enum class Kind { CopyCode, CopyReply, Link };
    Kind kind = Kind::Link;
    QRectF rect;
    QString target; ///< of a link: where to; of CopyCode and CopyReply: the text
};

class MessageItem
{
public:
    explicit MessageItem(const Message& message);

    void appendText(const QString& delta);
    /// State and figures.
    void setMessage(const Message& message);
    const Message& message() const { return m_message; }

    /// Forgets layouts when width or style changed; heights stay as estimates.
    void setGeometry(const MessageStyle& style, qreal width, int generation);
    /// Lays out what lies between `top` and `bottom`. True when the height of something changed.
    bool layOut(qreal top, qreal bottom, const MessageStyle& style);
    qreal height() const { return m_height; }

    struct Look
    {
        QColor hue;
        double turn = 0;
        ItemPosition from, to; ///< selection, when they differ
        int hoveredSpot = -1;
        int focusedSpot = -1;
    };
    void paint(QPainter& painter, qreal top, qreal bottom, const MessageStyle& style, const Look& look) const;

    ItemPosition positionAt(const QPointF& point) const;
    ItemPosition end() const;
    QString text(ItemPosition from, ItemPosition to) const;
    /// Those of laid-out blocks, top to bottom.
    std::vector<ItemSpot> spots() const;
    const TextPiece* pieceAt(const ItemPosition& position) const; ///< nullptr where nothing is laid out
    QRectF statsRect() const;

private:
    struct Slot
    {
        BlockLayout layout;
        qreal y = 0;
        qreal height = 0;
        bool laidOut = false;
    };

    bool isUser() const { return m_message.role == Role::User; }
    bool hasStats() const { return !isUser(); }
    void syncSlots(std::size_t from);
    qreal estimate(const Block& block) const;
    void stack();
    QPointF origin(const Slot& slot) const;
    void paintSpots(QPainter& painter, const MessageStyle& style, const Look& look) const;
    void paintError(QPainter& painter, const MessageStyle& style) const;
    void layOutError(const MessageStyle& style);

    Message m_message; // its text lives in the document only
    MessageDocument m_document;
    std::vector<Slot> m_slots;
    std::unique_ptr<QTextLayout> m_error;
    qreal m_errorHeight = 0;
    qreal m_width = 0;
    qreal m_padX = 0, m_padY = 0;
    qreal m_lineHeight = 26;
    qreal m_gap = 12;
    qreal m_height = 0;
    int m_generation = -1;
    const MessageStyle* m_style = nullptr; // the view's, set with the geometry
};

} // namespace vitrine::ui
