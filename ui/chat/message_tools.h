// SPDX-License-Identifier: GPL-3.0-or-later
// The line of a message that holds what can be done with it: versions on the left, "Why this long?" behind
// the figures, icons on the right. Places and paints; holds nothing. Thread: UI.
#pragma once

#include <vector>

#include <QRectF>
#include <QString>

#include "ui/chat/item_spot.h"
#include "ui/chat/message.h"

class QPainter;

namespace vitrine::ui {

struct MessageStyle;

struct ToolRow
{
    std::vector<ItemSpot> spots; ///< from left to right
    QRectF version;              ///< of "2 / 3"; empty: there is one
    QRectF figures;              ///< what is left for the stats line
    QRectF icons;                ///< all icons on the right together
};

class MessageTools
{
public:
    MessageTools(const Message& message, const MessageActions& actions)
        : m_message(message), m_actions(actions)
    {}

    /// Under a reply; `row` is all of its line. `hasText`: there is something to copy.
    ToolRow placeReply(const QRectF& row, const MessageStyle& style, bool hasText) const;
    /// At a turn of the user: icons over the lower right corner of `bubble`, or in the line below it.
    ToolRow placeUser(const QRectF& bubble, const QRectF& row, const MessageStyle& style) const;

    void paintVersion(QPainter& painter, const QRectF& rect, const MessageStyle& style) const;
    /// `open`: the card under "Why this long?" is there.
    static void paintSpot(QPainter& painter, const ItemSpot& spot, const MessageStyle& style, bool hovered,
                          bool open);

    static QString name(MessageAction action); ///< for tooltips and screen readers

private:
    std::vector<MessageAction> replyIcons(bool hasText) const;
    std::vector<MessageAction> userIcons() const;
    qreal placeVersions(ToolRow& row, const QRectF& line, const MessageStyle& style) const;
    QString versionText() const;

    const Message& m_message;
    const MessageActions& m_actions;
};

} // namespace vitrine::ui
