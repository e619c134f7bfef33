// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/window/pdf_text.h"

#include <algorithm>

#include <QAbstractTextDocumentLayout>
#include <QFontMetricsF>
#include <QPaintDevice>
#include <QTextFrame>
#include <QTextTable>

#include "ui/chat/markdown/message_document.h"
#include "ui/exchange/turn_text.h"
#include "ui/theme/tokens.h"

namespace vitrine::ui {
namespace {

constexpr qsizetype kLarge = 300'000; // characters
constexpr qreal kDotsPerInch = 96;    // of logical pixels
constexpr qreal kIndent = kSpace5;
constexpr qreal kDeepest = 8 * kIndent; // further in, no room would be left
constexpr qreal kLineHeight = 135;      // per cent
constexpr qreal kCodeLineHeight = 120;

QTextCharFormat formatOf(const QFont& font, const QColor& colour)
{
    QTextCharFormat format;
    format.setFont(font);
    format.setForeground(colour);
    return format;
}

QTextBlockFormat paragraph(qreal above, qreal below, qreal indent)
{
    QTextBlockFormat format;
    format.setTopMargin(above);
    format.setBottomMargin(below);
    format.setLeftMargin(indent);
    format.setLineHeight(kLineHeight, QTextBlockFormat::ProportionalHeight);
    return format;
}

Qt::Alignment alignmentOf(Block::Align align)
{
    return align == Block::Align::Right    ? Qt::AlignRight
           : align == Block::Align::Centre ? Qt::AlignHCenter
                                           : Qt::AlignLeft;
}

} // namespace

PdfText::PdfText(const PdfStyle& style, QPaintDevice& device, const QSizeF& page)
    : m_style(style), m_device(device), m_scale(device.logicalDpiY() / kDotsPerInch), m_cursor(&m_document)
{
    m_document.setUndoRedoEnabled(false);
    m_document.documentLayout()->setPaintDevice(&device);
    m_document.setDefaultFont(style.body);
    m_document.setDocumentMargin(0);
    m_document.setPageSize(page);
    m_document.setUseDesignMetrics(true);
    m_cursor.beginEditBlock();
}

bool PdfText::isLarge() const
{
    return m_characters > kLarge;
}

QTextDocument& PdfText::finish()
{
    m_cursor.endEditBlock();
    return m_document;
}

void PdfText::beginBlock(const QTextBlockFormat& format)
{
    if (m_fresh)
        m_cursor.setBlockFormat(format);
    else
        m_cursor.insertBlock(format);
    m_fresh = false;
}

void PdfText::addLine(const QString& text, const QFont& font, const QColor& colour, qreal above, qreal below)
{
    beginBlock(paragraph(above, below, 0));
    m_cursor.insertText(text, formatOf(font, colour));
}

void PdfText::addTitle(const ConversationRecord& chat)
{
    addLine(chatTitle(chat), m_style.title, lightTokens().text, 0, kSpace1);
    addLine(whenText(chat.created), m_style.small, lightTokens().secondary, 0, kSpace4);
}

void PdfText::addTurn(const MessageRecord& turn)
{
    QFont name = m_style.small;
    name.setWeight(QFont::DemiBold);
    addLine(turnHeading(turn), name, lightTokens().secondary, kSpace4, kSpace2);
    m_characters += turn.text.size() + turn.attachments.size() + 1;
    if (turn.role == Role::User)
        addPlain(turn.text);
    else
        addMarkdown(turn.text);
    for (const Attachment& attachment : attachmentsFromJson(turn.attachments))
        addAttachment(attachment);
    for (const QString& note : {turnState(turn), turnFigures(turn)}) {
        if (!note.isEmpty())
            addLine(note, m_style.small, lightTokens().secondary, 0, kSpace1);
    }
}

void PdfText::addMarkdown(const QString& text)
{
    MessageDocument document(MessageDocument::Format::Markdown);
    document.append(text);
    document.finish();
    for (const Block& block : document.blocks()) {
        if (block.thought == 0)
            add(block, 0);
    }
}

/// A tinted box, as the turns of the person are shown in the window.
void PdfText::addPlain(const QString& text)
{
    if (text.isEmpty())
        return;
    beginFrame(lightTokens().userTurn, 0, 0, kSpace4);
    for (const QString& line : text.split('\n')) {
        beginBlock(paragraph(0, 0, 0));
        m_cursor.insertText(line, formatOf(m_style.body, lightTokens().text));
    }
    leaveFrame();
}

void PdfText::addAttachment(const Attachment& attachment)
{
    addLine(attachment.name, m_style.small, lightTokens().text, kSpace1, kSpace1);
    Block block;
    block.kind = Block::Kind::Code;
    block.code = attachment.text;
    addCode(block, 0);
}

void PdfText::beginFrame(const QColor& background, qreal indent, qreal above, qreal below)
{
    QTextFrameFormat format;
    format.setBackground(background);
    format.setPadding(kSpace2);
    format.setLeftMargin(indent / m_scale);
    format.setTopMargin(above);
    format.setBottomMargin(below);
    m_cursor.insertFrame(format);
    m_fresh = true;
}

void PdfText::leaveFrame()
{
    m_cursor = m_document.rootFrame()->lastCursorPosition();
    m_fresh = true; // an empty block stands behind every frame
}

void PdfText::addInline(const InlineText& text, const QTextCharFormat& base)
{
    qsizetype at = 0;
    for (const InlineSpan& span : text.spans) {
        m_cursor.insertText(text.text.mid(at, span.start - at), base);
        QTextCharFormat format = base;
        if (span.styles & (kCode | kMath))
            format.setFont(m_style.code);
        if (span.styles & kCode)
            format.setBackground(lightTokens().codeBackground);
        if (span.styles & kBold)
            format.setFontWeight(QFont::DemiBold);
        if (span.styles & kItalic)
            format.setFontItalic(true);
        if (span.styles & kStrike)
            format.setFontStrikeOut(true);
        if (span.styles & kLink)
            format.setForeground(lightTokens().accentText);
        m_cursor.insertText(text.text.mid(span.start, span.length), format);
        at = span.start + span.length;
    }
    m_cursor.insertText(text.text.mid(at), base);
}

void PdfText::add(const Block& block, qreal indent, const QString& marker)
{
    indent = std::min(indent, px(kDeepest));
    switch (block.kind) {
    case Block::Kind::Heading:
    case Block::Kind::Image: // what stands for it
    case Block::Kind::Paragraph: {
        const bool heading = block.kind == Block::Kind::Heading, tight = indent > 0;
        const QTextCharFormat text = formatOf(heading ? m_style.heading : m_style.body,
                                              m_quotes > 0 ? lightTokens().secondary : lightTokens().text);
        if (!block.continuesAbove || m_fresh) {
            QTextBlockFormat format = paragraph(heading ? kSpace2 : 0, tight ? kSpace1 : kSpace2, indent);
            if (!marker.isEmpty())
                format.setTextIndent(-QFontMetricsF(m_style.body, &m_device).horizontalAdvance(marker));
            beginBlock(format);
            m_cursor.insertText(marker, text);
        }
        addInline(block.text, text);
        break;
    }
    case Block::Kind::Code:
    case Block::Kind::Math:
        addCode(block, indent);
        break;
    case Block::Kind::ListItem:
        addChildren(block.children, indent + px(kIndent),
                    (block.marker.isEmpty() ? QString(QChar(0x2022)) : block.marker) +
                        QString(2, QChar(0xA0)));
        break;
    case Block::Kind::Quote:
        ++m_quotes;
        addChildren(block.children, indent + px(kIndent), {});
        --m_quotes;
        break;
    case Block::Kind::Table:
        addTable(block, indent);
        break;
    case Block::Kind::Rule:
        addRule();
        break;
    case Block::Kind::Thought: // left out, with what stands in it
        break;
    }
}

void PdfText::addChildren(const QList<Block>& children, qreal indent, const QString& marker)
{
    for (qsizetype i = 0; i < children.size(); ++i)
        add(children[i], indent, i == 0 ? marker : QString());
}

void PdfText::addCode(const Block& block, qreal indent)
{
    beginFrame(lightTokens().codeBackground, indent, block.continuesAbove ? 0 : kSpace1,
               block.continuesBelow ? 0 : kSpace4);
    QTextBlockFormat format;
    format.setLineHeight(kCodeLineHeight, QTextBlockFormat::ProportionalHeight);
    QString code = block.code;
    if (code.endsWith('\n'))
        code.chop(1);
    for (const QString& line : code.split('\n')) {
        beginBlock(format);
        m_cursor.insertText(line, formatOf(m_style.code, lightTokens().text));
    }
    leaveFrame();
}

void PdfText::addTable(const Block& block, qreal indent)
{
    if (block.rows.isEmpty() || block.columns.isEmpty())
        return;
    QTextTableFormat format;
    format.setBorder(1);
    format.setBorderBrush(lightTokens().border);
    format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
    format.setBorderCollapse(true);
    format.setCellPadding(kSpace1);
    format.setCellSpacing(0);
    format.setLeftMargin(indent / m_scale);
    format.setTopMargin(kSpace1);
    format.setBottomMargin(kSpace4);
    format.setHeaderRowCount(1);
    QTextTable* table = m_cursor.insertTable(int(block.rows.size()), int(block.columns.size()), format);
    for (int row = 0; row < table->rows(); ++row) {
        QFont font = m_style.body;
        font.setWeight(row == 0 ? QFont::DemiBold : QFont::Normal);
        for (int column = 0; column < table->columns(); ++column) {
            m_cursor = table->cellAt(row, column).firstCursorPosition();
            QTextBlockFormat cell;
            cell.setAlignment(alignmentOf(block.columns[column]));
            m_cursor.setBlockFormat(cell);
            addInline(block.rows[row][column], formatOf(font, lightTokens().text));
        }
    }
    leaveFrame();
}

void PdfText::addRule()
{
    QTextBlockFormat format;
    format.setTopMargin(kSpace2);
    format.setBottomMargin(kSpace2);
    format.setProperty(QTextFormat::BlockTrailingHorizontalRulerWidth,
                       QTextLength(QTextLength::PercentageLength, 100));
    beginBlock(format);
}

} // namespace vitrine::ui
