// SPDX-License-Identifier: GPL-3.0-or-later
// Puts turns into a QTextDocument that is printed: Markdown as the message view shows it. Made, used and
// destroyed on one thread, any.
#pragma once

#include <QTextCursor>
#include <QTextDocument>

#include "ui/chat/attachment.h"
#include "ui/chat/markdown/block.h"
#include "ui/exchange/window/pdf_style.h"
#include "ui/store/records.h"

class QPaintDevice;

namespace vitrine::ui {

class PdfText
{
public:
    /// For pages of `page` device pixels. Both outlive it.
    PdfText(const PdfStyle& style, QPaintDevice& device, const QSizeF& page);

    void addTitle(const ConversationRecord& chat);
    void addTurn(const MessageRecord& turn);
    /// Ends the editing: it is laid out.
    QTextDocument& finish();
    bool isEmpty() const { return m_characters == 0; }
    /// Laying out more at once would take long.
    bool isLarge() const;

private:
    void addMarkdown(const QString& text);
    void addPlain(const QString& text);
    void addAttachment(const Attachment& attachment);
    void add(const Block& block, qreal indent, const QString& marker = {});
    void addChildren(const QList<Block>& children, qreal indent, const QString& marker);
    void addCode(const Block& block, qreal indent);
    void addTable(const Block& block, qreal indent);
    void addRule();
    void addLine(const QString& text, const QFont& font, const QColor& colour, qreal above, qreal below);
    void addInline(const InlineText& text, const QTextCharFormat& base);
    void beginBlock(const QTextBlockFormat& format);
    /// What follows goes behind the frame.
    void leaveFrame();
    void beginFrame(const QColor& background, qreal indent, qreal above, qreal below);
    /// Where a QTextDocument does not scale by itself: the left margin and the indent of blocks.
    qreal px(qreal logical) const { return logical * m_scale; }

    const PdfStyle& m_style;
    QPaintDevice& m_device;
    const qreal m_scale; // device pixels a logical pixel
    QTextDocument m_document;
    QTextCursor m_cursor;
    qsizetype m_characters = 0;
    int m_quotes = 0;    // that the block is inside of
    bool m_fresh = true; // the block that the cursor is in was not used yet
};

} // namespace vitrine::ui
