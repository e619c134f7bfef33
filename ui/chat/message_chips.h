// SPDX-License-Identifier: GPL-3.0-or-later
// What is attached to a turn of the user, as chips above its text: name, size, about how many tokens. Places
// and paints; holds nothing but what it is given. Thread: UI.
//
// Invariant: one place for each attachment, in order; as many to a row as fit.
#pragma once

#include <vector>

#include <QRectF>

#include "ui/chat/attachment.h"
#include "ui/chat/message_style.h"

class QPainter;

namespace vitrine::ui {

/// "12 KiB, ≈ 3,100 tokens", and what was left out
QString attachmentFacts(const Attachment& attachment);

class MessageChips
{
public:
    /// Both outlive it.
    MessageChips(const QList<Attachment>& attachments, const MessageStyle& style)
        : m_attachments(attachments), m_style(style)
    {}

    /// From (0, 0) to the right, at most `width` wide.
    std::vector<QRectF> place(qreal width) const;
    /// With the gap to what is below; 0: nothing is attached.
    qreal height(qreal width) const;
    void paint(QPainter& painter, const QRectF& rect, int attachment, bool hovered) const;
    /// For tooltips and screen readers.
    static QString name(const Attachment& attachment);

private:
    qreal widthOf(const Attachment& attachment) const;

    const QList<Attachment>& m_attachments;
    const MessageStyle& m_style;
};

} // namespace vitrine::ui
