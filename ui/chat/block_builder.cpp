// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/block_builder.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QTextBoundaryFinder>

namespace vitrine::ui {

namespace {

constexpr qreal kQuoteIndent = 16;
constexpr qreal kCellPaddingX = 12;
constexpr qreal kCellPaddingY = 6;
constexpr qreal kMinColumn = 56;
constexpr qreal kRuleHeight = 17;
constexpr qreal kCodeEdge = 3; // of the background around a code span

QTextCharFormat codeFormat(CodeToken token, const Tokens& tokens)
{
    QTextCharFormat format;
    switch (token) {
    case CodeToken::Keyword:
        format.setForeground(tokens.keyword);
        break;
    case CodeToken::String:
        format.setForeground(tokens.string);
        break;
    case CodeToken::Comment:
        format.setForeground(tokens.comment);
        break;
    case CodeToken::Function:
        format.setForeground(tokens.function);
        break;
    case CodeToken::Number:
        format.setForeground(tokens.number);
        break;
    case CodeToken::Type:
        format.setForeground(tokens.type);
        break;
    }
    return format;
}

} // namespace

qreal gapBetween(const Block& above, const Block& below, const MessageStyle& style)
{
    if (above.continuesBelow && below.continuesAbove)
        return 0;
    if (above.kind == Block::Kind::Thought)
        return style.itemGap;
    const bool items = above.kind == Block::Kind::ListItem && below.kind == Block::Kind::ListItem;
    if (items)
        return style.itemGap;
    if (below.kind == Block::Kind::Heading)
        return style.paragraphGap + style.itemGap;
    return above.kind == Block::Kind::Heading ? style.itemGap * 2 : style.paragraphGap;
}

qreal BlockBuilder::place(const Block& block, qreal x, qreal y, qreal width)
{
    switch (block.kind) {
    case Block::Kind::Paragraph:
        return placeText(block.text, {m_style.body, m_style.bodyLine}, x, y, width);
    case Block::Kind::Heading: {
        const bool big = block.level <= 2;
        const Flow flow{big ? m_style.bigHeading : m_style.heading, m_style.headingLine + (big ? 4 : 0)};
        return placeText(block.text, flow, x, y, width);
    }
    case Block::Kind::Code:
        return placeCode(block, x, y, width, nullptr);
    case Block::Kind::ListItem:
        return placeItem(block, x, y, width);
    case Block::Kind::Quote:
        return placeQuote(block, x, y, width);
    case Block::Kind::Table:
        return placeTable(block, x, y, width);
    case Block::Kind::Rule:
        m_layout.m_shapes.push_back(
            {BlockLayout::Surface::Line, {x, y + std::floor(kRuleHeight / 2), width, 1}, {}});
        return y + kRuleHeight;
    case Block::Kind::Math:
        return placeMath(block, x, y, width);
    case Block::Kind::Image:
        return placeImage(block, x, y, width);
    case Block::Kind::Thought:
        m_layout.m_hotSpots.push_back({HotSpot::Kind::Thought, {x, y, width, m_style.thoughtLine}, {}});
        return y + m_style.thoughtLine;
    }
    return y;
}

std::unique_ptr<QTextLayout> BlockBuilder::lineUp(const QString& text, const Flow& flow,
                                                  const QList<QTextLayout::FormatRange>& formats, qreal width,
                                                  qreal& height) const
{
    auto layout = std::make_unique<QTextLayout>(text, flow.font);
    QTextOption option(flow.align);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setTabStopDistance(QFontMetricsF(flow.font).horizontalAdvance(' ') * 4);
    layout->setTextOption(option);
    layout->setFormats(formats);
    layout->setCacheEnabled(true);
    layout->beginLayout();
    height = 0;
    for (QTextLine line = layout->createLine(); line.isValid(); line = layout->createLine()) {
        const qreal left = line.lineNumber() == 0 ? flow.indent : 0;
        line.setLineWidth(std::max(1.0, width - left));
        const qreal lineHeight = std::max(flow.lineHeight, std::ceil(line.height()));
        height -= left > 0 ? lineHeight : 0;
        line.setPosition({left, height + std::floor((lineHeight - line.height()) / 2)});
        height += lineHeight;
    }
    layout->endLayout();
    return layout;
}

qreal BlockBuilder::placeRest(const Block& block, qreal width, qreal indent)
{
    constexpr qsizetype kLongestWord = 200;
    const QString start = block.text.text.left(kLongestWord);
    QTextBoundaryFinder finder(QTextBoundaryFinder::Line, start);
    const qsizetype word = finder.toNextBoundary();
    const QString first = start.left(word < 0 ? start.size() : word).trimmed();
    Flow flow{m_style.body, m_style.bodyLine};
    if (indent + QFontMetricsF(flow.font).horizontalAdvance(first) <= width) {
        flow.indent = indent;
        m_layout.m_overlap = flow.lineHeight;
    }
    return placeText(block.text, flow, 0, 0, width);
}

TextPiece& BlockBuilder::addPiece(std::unique_ptr<QTextLayout> layout, const QPointF& position)
{
    TextPiece& piece = m_layout.m_pieces.emplace_back();
    piece.layout = std::move(layout);
    piece.position = position;
    return piece;
}

qreal BlockBuilder::placeText(const InlineText& text, const Flow& flow, qreal x, qreal y, qreal width)
{
    qreal height = 0;
    auto layout = lineUp(text.text, flow, formats(text, flow), width, height);
    TextPiece& piece = addPiece(std::move(layout), {x, y});
    piece.spans = text.spans;
    piece.secondary = flow.secondary;
    markSpans(piece, flow.plainCode);
    return y + height;
}

QList<QTextLayout::FormatRange> BlockBuilder::formats(const InlineText& text, const Flow& flow) const
{
    QList<QTextLayout::FormatRange> ranges;
    for (const InlineSpan& span : text.spans) {
        QTextCharFormat format;
        QFont font = span.styles & (kCode | kMath) ? m_style.inlineCode : flow.font;
        if (span.styles & kBold)
            font.setWeight(QFont::DemiBold);
        font.setItalic(span.styles & kItalic);
        font.setStrikeOut(span.styles & kStrike);
        format.setFont(font);
        if (span.styles & kLink)
            format.setForeground(m_style.tokens.accentText);
        ranges.append({int(span.start), int(span.length), format});
        if (!(span.styles & kCode) || flow.plainCode)
            continue;
        // Room for the edges of the background: after the character before the span and after its last.
        QTextCharFormat spaced;
        spaced.setFontLetterSpacingType(QFont::AbsoluteSpacing);
        spaced.setFontLetterSpacing(kCodeEdge + 1);
        ranges.append({int(span.start + span.length) - 1, 1, spaced});
        if (span.start > 0)
            ranges.append({int(span.start) - 1, 1, spaced});
    }
    return ranges;
}

/// Backgrounds of code spans, and links, line by line.
void BlockBuilder::markSpans(const TextPiece& piece, bool plainCode)
{
    for (const InlineSpan& span : piece.spans) {
        if (!(span.styles & (kCode | kLink)))
            continue;
        for (int i = 0; i < piece.layout->lineCount(); ++i) {
            const QTextLine line = piece.layout->lineAt(i);
            const int from = std::max(int(span.start), line.textStart());
            const int to = std::min(int(span.start + span.length), line.textStart() + line.textLength());
            if (from >= to)
                continue;
            const qreal left = line.cursorToX(from);
            QRectF rect(left, line.y(), line.cursorToX(to) - left, line.height());
            rect.translate(piece.position);
            if (span.styles & kCode && !plainCode) {
                const QRectF edged = rect.adjusted(-kCodeEdge, 0, to == span.start + span.length ? -1 : 0, 0);
                m_layout.m_shapes.push_back({BlockLayout::Surface::InlineCode, edged, {}});
            }
            if (span.styles & kLink)
                m_layout.m_hotSpots.push_back({HotSpot::Kind::Link, rect, span.target});
        }
    }
}

qreal BlockBuilder::placeItem(const Block& block, qreal x, qreal y, qreal width)
{
    const qreal line = m_style.bodyLine;
    if (block.marker.isEmpty())
        m_layout.m_shapes.push_back({BlockLayout::Surface::Bullet, {x, y, m_style.listIndent, line}, {}});
    else
        m_layout.m_shapes.push_back(
            {BlockLayout::Surface::Label, {x, y, m_style.listIndent, line}, block.marker});
    const qreal wide = QFontMetricsF(m_style.body).horizontalAdvance(block.marker) + 8;
    const qreal indent = std::max(m_style.listIndent, block.marker.isEmpty() ? 0 : wide);
    const qreal bottom = placeChildren(block.children, x + indent, y, width - indent);
    return std::max(bottom, y + line);
}

qreal BlockBuilder::placeQuote(const Block& block, qreal x, qreal y, qreal width)
{
    const qreal bottom = placeChildren(block.children, x + kQuoteIndent, y, width - kQuoteIndent);
    m_layout.m_shapes.push_back({BlockLayout::Surface::QuoteBar, {x, y, 3, bottom - y}, {}});
    return bottom;
}

qreal BlockBuilder::placeChildren(const QList<Block>& children, qreal x, qreal y, qreal width)
{
    for (qsizetype i = 0; i < children.size(); ++i) {
        if (i > 0) {
            const bool item = children[i].kind == Block::Kind::ListItem;
            y += item ? m_style.itemGap : gapBetween(children[i - 1], children[i], m_style);
        }
        y = place(children[i], x, y, width);
    }
    return y;
}

qreal BlockBuilder::placeCode(const Block& block, qreal x, qreal y, qreal width, BlockLayout* old)
{
    const qreal top = y;
    const Flow flow{m_style.code, m_style.codeLine};
    const qreal inner = width - 2 * m_style.codePaddingX;
    if (!block.continuesAbove)
        y += m_style.codeHeader + m_style.codePaddingY;
    const CodeHighlighter highlighter(block.language);
    CodeState state = CodeState::None;
    const QStringList lines = block.code.split('\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const std::size_t at = std::size_t(i);
        const bool known = old != nullptr && at < old->m_codeLines.size() && at < old->m_pieces.size() &&
                           old->m_codeLines[at].text == lines[i] && old->m_codeLines[at].before == state;
        BlockLayout::CodeLine line{lines[i], state, state};
        if (known) {
            line.after = state = old->m_codeLines[at].after;
            addPiece(std::move(old->m_pieces[at].layout), {x + m_style.codePaddingX, y});
        } else {
            QList<QTextLayout::FormatRange> ranges;
            for (const CodeSpan& span : highlighter.highlight(lines[i], state))
                ranges.append({int(span.start), int(span.length), codeFormat(span.token, m_style.tokens)});
            line.after = state;
            qreal height = 0;
            addPiece(lineUp(lines[i], flow, ranges, inner, height), {x + m_style.codePaddingX, y});
        }
        const QTextLayout& placed = *m_layout.m_pieces.back().layout;
        y +=
            std::max(1, placed.lineCount()) * std::max(flow.lineHeight, std::ceil(placed.lineAt(0).height()));
        m_layout.m_codeLines.push_back(std::move(line));
    }
    if (!block.continuesBelow)
        y += m_style.codePaddingY;
    BlockLayout::Shape card{BlockLayout::Surface::CodeCard, {x, top, width, y - top}, {}};
    card.openAbove = block.continuesAbove;
    card.openBelow = block.continuesBelow;
    m_layout.m_shapes.push_back(card);
    if (!block.continuesAbove) {
        const QRectF header(x, top, width, m_style.codeHeader);
        const QString label = block.language.isEmpty() ? QStringLiteral("text") : block.language;
        m_layout.m_shapes.push_back({BlockLayout::Surface::CodeHeader, header, label});
        m_layout.m_hotSpots.push_back(
            {HotSpot::Kind::CopyCode, {header.right() - 30, header.top() + 2, 28, 28}, block.code});
    }
    return y;
}

/// Each column gets what its widest cell wants; where that is too much, the wide ones give.
QList<qreal> BlockBuilder::columnWidths(const Block& table, qreal width) const
{
    const QFontMetricsF metrics(m_style.table);
    QList<qreal> wanted(table.columns.size(), kMinColumn);
    for (const QList<InlineText>& row : table.rows) {
        for (qsizetype i = 0; i < row.size(); ++i) {
            const QString shown = row[i].text.left(200);
            const qreal bold = 1.06; // bold and code run wider than the plain face
            wanted[i] =
                std::max(wanted[i], std::ceil(metrics.horizontalAdvance(shown) * bold) + 2 * kCellPaddingX);
        }
    }
    qreal sum = 0;
    for (const qreal column : wanted)
        sum += column;
    if (sum <= width) { // the rest is shared
        for (qreal& column : wanted)
            column += (width - sum) / qreal(wanted.size());
        return wanted;
    }
    const qreal fair = width / qreal(wanted.size());
    qreal narrow = 0, wide = 0;
    for (const qreal column : wanted)
        (column <= fair ? narrow : wide) += column;
    for (qreal& column : wanted)
        column = column <= fair ? column : column / wide * (width - narrow);
    return wanted;
}

qreal BlockBuilder::placeTable(const Block& block, qreal x, qreal y, qreal width)
{
    const qreal top = y;
    const QList<qreal> columns = columnWidths(block, width);
    const std::size_t card = m_layout.m_shapes.size();
    m_layout.m_shapes.push_back({BlockLayout::Surface::TableCard, {}, {}});
    for (qsizetype r = 0; r < block.rows.size(); ++r) {
        qreal bottom = y + m_style.tableLine + 2 * kCellPaddingY;
        qreal left = x;
        if (r > 0)
            m_layout.m_shapes.push_back({BlockLayout::Surface::Line, {x, y, width, 1}, {}});
        for (qsizetype c = 0; c < columns.size(); ++c) {
            const Qt::Alignment align = block.columns[c] == Block::Align::Right    ? Qt::AlignRight
                                        : block.columns[c] == Block::Align::Centre ? Qt::AlignHCenter
                                                                                   : Qt::AlignLeft;
            const Flow flow{r == 0 ? m_style.tableHead : m_style.table, m_style.tableLine, align, true,
                            r == 0};
            const qreal end = placeText(block.rows[r][c], flow, left + kCellPaddingX, y + kCellPaddingY,
                                        columns[c] - 2 * kCellPaddingX);
            bottom = std::max(bottom, end + kCellPaddingY);
            left += columns[c];
        }
        if (r == 0)
            m_layout.m_shapes.push_back({BlockLayout::Surface::TableHead, {x, y, width, bottom - y}, {}});
        y = bottom;
    }
    m_layout.m_shapes[card].rect = QRectF(x, top, width, y - top);
    return y;
}

} // namespace vitrine::ui
