// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_item.h"

#include <algorithm>
#include <cmath>

#include "ui/chat/block_builder.h"
#include "ui/chat/markdown/block_text.h"
#include "ui/chat/message_chips.h"
#include "ui/chat/stats_line.h"

namespace vitrine::ui {

namespace {

constexpr qreal kErrorPadding = 12;
constexpr qreal kErrorIcon = 28; // room for it on the left
constexpr qreal kGapAboveStats = 4;
constexpr qreal kGapAboveCard = 4;
constexpr qreal kMeanCharacter = 0.31; // width of a character in heights of its line
constexpr qreal kKept = 12000;         // blocks farther away than this are forgotten

qreal linesOf(qsizetype characters, qreal width, qreal lineHeight)
{
    return std::ceil(qreal(characters) / std::max(20.0, width / (lineHeight * kMeanCharacter)));
}

} // namespace

qreal estimatedHeight(const Message& message, const MessageStyle& style, qreal width)
{
    constexpr qreal kBreaks = 1.3; // lines end before the column does
    const bool user = message.role == Role::User;
    const qreal lines = linesOf(message.text.size(), width, style.bodyLine);
    return style.bodyLine * std::ceil(lines * kBreaks) +
           MessageChips(message.attachments, style).height(width - (user ? 2 * style.userPaddingX : 0)) +
           (user ? 2 * style.userPaddingY : kStatsHeight + kGapAboveStats);
}

MessageItem::MessageItem(const Message& message)
    : m_message(message), m_document(message.role == Role::User ? MessageDocument::Format::Plain
                                                                : MessageDocument::Format::Markdown)
{
    m_message.text.clear();
    syncSlots(m_document.append(message.text));
    setMessage(message);
}

void MessageItem::appendText(const QString& delta)
{
    syncSlots(m_document.append(delta));
}

void MessageItem::setMessage(const Message& message)
{
    const bool errorChanged = message.error != m_message.error;
    m_message = message;
    m_message.text.clear();
    m_message.tokens.clear(); // else each new one would copy them all
    m_message.tokenDetails.clear();
    if (!message.isOpen() && !m_document.isFinished())
        syncSlots(m_document.finish());
    if (errorChanged && m_style != nullptr)
        layOutError();
    stack();
}

void MessageItem::setState(const ItemState& state)
{
    m_state = state;
    hideFolded();
    stack();
}

/// Blocks from `from` on are new or other than they were.
void MessageItem::syncSlots(std::size_t from)
{
    const std::vector<Block>& blocks = m_document.blocks();
    m_slots.resize(blocks.size());
    for (std::size_t i = from; i < blocks.size(); ++i) {
        Slot& slot = m_slots[i];
        slot.laidOut = false;
        if (slot.height <= 0)
            slot.height = estimate(blocks[i]);
    }
    hideFolded();
    stack();
}

void MessageItem::hideFolded()
{
    const std::vector<Block>& blocks = m_document.blocks();
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        const bool inside = blocks[i].thought > 0 && blocks[i].kind != Block::Kind::Thought;
        m_slots[i].hidden = inside && !m_state.unfolded.contains(blocks[i].thought);
    }
}

qreal MessageItem::estimate(const Block& block) const
{
    const qreal lineHeight = m_style != nullptr ? m_style->bodyLine : 26;
    if (block.kind == Block::Kind::Table)
        return 33.0 * qreal(block.rows.size());
    const QString& text = block.kind == Block::Kind::Code ? block.code : block.text.text;
    const qsizetype breaks = text.count('\n') + text.count(QChar(QChar::LineSeparator));
    return lineHeight *
           (linesOf(text.size(), m_width, lineHeight) + qreal(breaks) + qreal(block.children.size()));
}

qreal MessageItem::indentOf(const Block& block) const
{
    return block.thought > 0 && block.kind != Block::Kind::Thought ? m_style->thoughtIndent : 0;
}

/// Places the blocks under each other and finds the height.
void MessageItem::stack()
{
    const std::vector<Block>& blocks = m_document.blocks();
    qreal y = m_padY + m_chipsHeight;
    const Block* above = nullptr;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        if (!m_slots[i].hidden && above != nullptr && m_style != nullptr)
            y += gapBetween(*above, blocks[i], *m_style);
        m_slots[i].y = y;
        if (m_slots[i].hidden)
            continue;
        y += m_slots[i].height;
        above = &blocks[i];
    }
    m_textBottom = y + m_padY;
    m_height = m_textBottom;
    if (m_errorHeight > 0)
        m_height += m_errorHeight + (m_style != nullptr ? m_style->paragraphGap : 0);
    if (!isUser())
        m_height += kStatsHeight + (m_slots.empty() ? 0 : kGapAboveStats);
    else if (m_state.actions.versions > 1)
        m_height += kStatsHeight;
    if (m_state.breakdown && m_style != nullptr)
        m_height += kGapAboveCard + WhyCard(*m_state.breakdown, *m_style).height(m_width);
}

void MessageItem::setGeometry(const MessageStyle& style, qreal width, int generation)
{
    m_style = &style;
    if (generation == m_generation)
        return;
    m_generation = generation;
    m_width = width;
    m_padX = isUser() ? style.userPaddingX : 0;
    m_padY = isUser() ? style.userPaddingY : 0;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        m_slots[i].laidOut = m_slots[i].tokensPlaced = false;
        m_slots[i].layout = {};
        m_slots[i].end = -1;
        m_slots[i].height = estimate(m_document.blocks()[i]);
    }
    const MessageChips chips(m_message.attachments, style);
    m_chips = chips.place(width - 2 * m_padX);
    m_chipsHeight = chips.height(width - 2 * m_padX);
    layOutError();
    stack();
}

bool MessageItem::layOut(qreal top, qreal bottom)
{
    bool changed = false;
    // A block laid out moves those below it: go on until none in sight is left.
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        Slot& slot = m_slots[i];
        if (slot.laidOut && slot.indent != lineIndent(i))
            slot.laidOut = false;
        const bool far = slot.y + slot.height < top - kKept || slot.y > bottom + kKept;
        if (slot.laidOut && (far || slot.hidden)) {
            slot.layout = {};
            slot.laidOut = slot.tokensPlaced = false;
        }
        if (slot.hidden || slot.laidOut || slot.y + slot.height < top || slot.y - slot.overlap > bottom)
            continue;
        layOutSlot(i);
        if (slot.height != slot.layout.height()) {
            slot.height = slot.layout.height();
            changed = true;
            stack();
        }
    }
    placeTokenMarks(top, bottom);
    return changed;
}

/// A paragraph that was cut goes on in the line that its other part ended in, where that is known.
qreal MessageItem::lineIndent(std::size_t slot) const
{
    const std::vector<Block>& blocks = m_document.blocks();
    const bool goesOn = slot > 0 && blocks[slot].continuesAbove && blocks[slot - 1].lineGoesOn;
    return goesOn ? std::max(0.0, m_slots[slot - 1].end) : 0;
}

void MessageItem::layOutSlot(std::size_t index)
{
    Slot& slot = m_slots[index];
    const Block& block = m_document.blocks()[index];
    slot.indent = lineIndent(index);
    slot.layout.update(block, *m_style, m_width - 2 * m_padX - indentOf(block), slot.indent);
    slot.overlap = slot.layout.overlap();
    slot.end = block.lineGoesOn ? slot.layout.caret().x() : -1;
    slot.laidOut = true;
    slot.tokensPlaced = false;
}

void MessageItem::forgetImages()
{
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        const Block& block = m_document.blocks()[i];
        if (block.kind == Block::Kind::Image || !block.children.isEmpty())
            m_slots[i].laidOut = false;
    }
}

std::optional<std::pair<std::size_t, qreal>> MessageItem::settledBlock(qreal top, qreal bottom) const
{
    for (std::size_t i = 0; i < m_slots.size() && m_slots[i].y <= bottom; ++i) {
        if (m_slots[i].laidOut && !m_slots[i].hidden && m_slots[i].y + m_slots[i].height > top)
            return std::pair{i, m_slots[i].y};
    }
    return std::nullopt;
}

qreal MessageItem::blockTop(std::size_t block) const
{
    return block < m_slots.size() ? m_slots[block].y : m_textBottom;
}

QPointF MessageItem::origin(std::size_t slot) const
{
    return {m_padX + indentOf(m_document.blocks()[slot]), m_slots[slot].y};
}

QRectF MessageItem::bubbleRect() const
{
    return isUser() ? QRectF(0, 0, m_width, m_textBottom) : QRectF();
}

QRectF MessageItem::chipRect(std::size_t attachment) const
{
    return m_chips[attachment].translated(m_padX, m_padY);
}

QRectF MessageItem::statsRect() const
{
    const qreal bottom = m_state.breakdown ? cardRect().top() - kGapAboveCard : m_height;
    const bool there = !isUser() || m_state.actions.versions > 1;
    return there ? QRectF(0, bottom - kStatsHeight, m_width, kStatsHeight) : QRectF();
}

QRectF MessageItem::cardRect() const
{
    const qreal height = WhyCard(*m_state.breakdown, *m_style).height(m_width);
    return {0, m_height - height, m_width, height};
}

ToolRow MessageItem::tools() const
{
    const MessageTools tools(m_message, m_state.actions);
    const bool hasAnswer =
        std::ranges::any_of(m_document.blocks(), [](const Block& b) { return b.thought == 0; });
    return isUser() ? tools.placeUser(bubbleRect(), statsRect(), *m_style)
                    : tools.placeReply(statsRect(), *m_style, hasAnswer);
}

void MessageItem::layOutError()
{
    m_error.reset();
    m_errorHeight = 0;
    if (m_message.error.isEmpty() || m_width <= 0)
        return;
    m_error = std::make_unique<QTextLayout>(m_message.error.left(kMaxBlockText), m_style->table);
    m_error->beginLayout();
    qreal y = 0;
    for (QTextLine line = m_error->createLine(); line.isValid(); line = m_error->createLine()) {
        line.setLineWidth(m_width - 2 * kErrorPadding - kErrorIcon * m_style->factor);
        line.setPosition({0, y});
        y += m_style->tableLine;
    }
    m_error->endLayout();
    m_errorHeight = y + 2 * kErrorPadding;
}

std::vector<ItemSpot> MessageItem::spots() const
{
    std::vector<ItemSpot> result;
    for (std::size_t i = 0; i < m_chips.size(); ++i) {
        ItemSpot spot;
        spot.kind = ItemSpot::Kind::Attachment;
        spot.rect = chipRect(i);
        spot.attachment = int(i);
        spot.target = m_message.attachments[qsizetype(i)].name;
        result.push_back(std::move(spot));
    }
    const std::vector<Block>& blocks = m_document.blocks();
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        if (m_slots[i].hidden)
            continue;
        for (const HotSpot& hot : m_slots[i].layout.hotSpots()) {
            ItemSpot spot;
            spot.kind = hot.kind == HotSpot::Kind::Link       ? ItemSpot::Kind::Link
                        : hot.kind == HotSpot::Kind::CopyCode ? ItemSpot::Kind::CopyCode
                                                              : ItemSpot::Kind::Thought;
            spot.rect = hot.rect.translated(origin(i));
            const bool cut = spot.kind == ItemSpot::Kind::CopyCode && blocks[i].continuesBelow;
            spot.target = cut ? m_document.codeFrom(i) : hot.target;
            spot.thought = blocks[i].thought;
            result.push_back(std::move(spot));
        }
    }
    if (m_style == nullptr)
        return result;
    std::ranges::move(tools().spots, std::back_inserter(result));
    if (m_state.breakdown && m_state.actions.profiler) {
        ItemSpot spot;
        spot.kind = ItemSpot::Kind::Action;
        spot.action = MessageAction::ShowInProfiler;
        spot.rect = WhyCard(*m_state.breakdown, *m_style).profilerLink(cardRect());
        result.push_back(spot);
    }
    return result;
}

} // namespace vitrine::ui
