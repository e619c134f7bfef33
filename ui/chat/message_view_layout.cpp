// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageView that knows where everything is.
#include <algorithm>
#include <cmath>

#include <QPushButton>
#include <QResizeEvent>
#include <QScrollBar>

#include "ui/chat/find_bar.h"
#include "ui/chat/message_view.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kColumn = 760;
constexpr qreal kMargin = 16;
constexpr qreal kTop = 16;
constexpr qreal kBottom = 12;
constexpr qreal kGap = 16; // between messages
constexpr int kRounds = 8; // of laying out what a layout brought into sight
constexpr std::size_t kKeptItems = 160;
constexpr int kKeptAround = 40; // of those, on each side of what is in sight

} // namespace

int MessageView::widestColumn(const Theme& theme)
{
    return theme.scaled(kColumn);
}

qreal MessageView::columnWidth() const
{
    return std::clamp(viewport()->width() - 2 * kMargin, 80.0, qreal(widestColumn(m_theme)));
}

qreal MessageView::columnLeft() const
{
    // In the middle of the pane, not of what the scroll bar leaves: in line with what is typed below.
    const int widest = widestColumn(m_theme);
    return columnWidth() < widest ? kMargin : std::floor((width() - widest) / 2.0);
}

qreal MessageView::scroll() const
{
    return verticalScrollBar()->value();
}

qreal MessageView::top(int entry) const
{
    return kTop + m_stack.top(std::size_t(entry));
}

int MessageView::entryAt(qreal y) const
{
    return m_stack.at(y - kTop);
}

QPointF MessageView::toItem(int entry, const QPointF& viewportPoint) const
{
    return viewportPoint + QPointF(-columnLeft(), scroll() - top(entry));
}

MessageItem* MessageView::liveItem(int entry) const
{
    const auto found = m_items.find(entry);
    return found != m_items.end() ? found->second.get() : nullptr;
}

MessageItem& MessageView::itemAt(int entry)
{
    std::unique_ptr<MessageItem>& item = m_items[entry];
    const bool made = item == nullptr;
    if (made) {
        item = std::make_unique<MessageItem>(m_conversation->messages()[std::size_t(entry)]);
        recallThought(entry);
        item->setState(stateOf(entry));
    }
    if (made && m_tokens.tinted)
        tint(entry, *item);
    item->setGeometry(m_style, columnWidth(), m_generation);
    return *item;
}

void MessageView::restyle()
{
    m_style = MessageStyle(m_theme, m_narrow);
    m_style.images = &m_images;
    ++m_generation;
    layOutVisible();
    viewport()->update();
}

/// The height of one message becomes what its item says.
void MessageView::syncHeight(int entry)
{
    const MessageItem* item = liveItem(entry);
    m_stack.setHeight(std::size_t(entry), item != nullptr
                                              ? std::ceil(item->height()) + kGap + unreadRow(entry)
                                              : guessedHeight(entry));
}

qreal MessageView::guessedHeight(int entry) const
{
    const Message& message = m_conversation->messages()[std::size_t(entry)];
    return std::ceil(estimatedHeight(message, m_style, columnWidth())) + kGap + unreadRow(entry);
}

void MessageView::stackNewMessages()
{
    m_stack.reserve(m_conversation->messages().size());
    while (m_stack.size() < m_conversation->messages().size())
        m_stack.append(guessedHeight(count()));
}

/// After a change of width or style nothing is known any more.
void MessageView::estimateAll()
{
    m_estimatedFor = m_generation;
    if (m_conversation == nullptr)
        return;
    m_stack.clear();
    stackNewMessages();
    for (const auto& [entry, item] : m_items) {
        item->setGeometry(m_style, columnWidth(), m_generation);
        syncHeight(entry);
    }
}

/// What a person looks at: the first block in sight that is laid out.
MessageView::Anchor MessageView::takeAnchor() const
{
    const int first = std::max(0, entryAt(scroll()));
    const qreal bottom = scroll() + viewport()->height();
    for (int i = first; i < count() && top(i) <= bottom; ++i) {
        const MessageItem* item = liveItem(i);
        if (item == nullptr)
            continue;
        if (const auto block = item->settledBlock(scroll() - top(i), bottom - top(i)))
            return {i, block->first, top(i) + block->second - scroll()};
    }
    return count() > 0 ? Anchor{first, std::nullopt, top(first) - scroll()} : Anchor{};
}

void MessageView::hold(const Anchor& anchor)
{
    if (anchor.entry < 0 || anchor.entry >= count() || m_followsEnd)
        return;
    const MessageItem* item = liveItem(anchor.entry);
    const qreal inside = anchor.block && item != nullptr ? item->blockTop(*anchor.block) : 0;
    verticalScrollBar()->setValue(qRound(top(anchor.entry) + inside - anchor.offset));
}

/// Lays out what is in sight, until nothing in sight has an estimated height. What a person looks at stays
/// where it is (or the end at the bottom, when it is followed).
void MessageView::layOutVisible()
{
    if (m_layingOut)
        return;
    m_layingOut = true;
    const Anchor anchor = takeAnchor();
    if (m_estimatedFor != m_generation)
        estimateAll();
    updateScrollBar();
    hold(anchor);
    for (int round = 0; round < kRounds && layOutOnce(); ++round) {
        updateScrollBar();
        hold(anchor);
    }
    dropFarItems();
    m_layingOut = false;
    placeJumpButton();
    emit contentsMoved();
}

bool MessageView::layOutOnce()
{
    bool changed = false;
    const qreal bottom = scroll() + viewport()->height();
    for (int i = std::max(0, entryAt(scroll())); i < count(); ++i) {
        const qreal y = top(i);
        if (y > bottom)
            break;
        changed |= itemAt(i).layOut(scroll() - y, bottom - y);
        const qreal before = m_stack.height(std::size_t(i));
        syncHeight(i);
        changed |= before != m_stack.height(std::size_t(i));
    }
    return changed;
}

void MessageView::dropFarItems()
{
    if (m_items.size() <= kKeptItems)
        return;
    const int first = entryAt(scroll()) - kKeptAround;
    const int last = entryAt(scroll() + viewport()->height()) + kKeptAround;
    std::erase_if(m_items, [&](const auto& kept) {
        return (kept.first < first || kept.first > last) && !kept.second->message().isOpen();
    });
}

void MessageView::updateScrollBar()
{
    const qreal height = kTop + m_stack.total() - (count() > 0 ? kGap : 0) + kBottom;
    const int range = std::max(0, int(std::ceil(height)) - viewport()->height());
    const bool follows = m_followsEnd; // setRange may move the value
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, range);
    if (follows)
        verticalScrollBar()->setValue(range);
    m_followsEnd = follows;
}

void MessageView::scrollToEnd()
{
    m_followsEnd = true;
    layOutVisible();
    updateScrollBar();
    placeJumpButton();
    viewport()->update();
}

void MessageView::placeJumpButton()
{
    const bool wanted = !m_followsEnd && verticalScrollBar()->maximum() > 0;
    const bool hadFocus = m_jump->hasFocus();
    m_jump->setVisible(wanted);
    if (!wanted) {
        if (hadFocus)
            setFocus();
        return;
    }
    m_jump->adjustSize();
    const QPoint corner(viewport()->x() + (viewport()->width() - m_jump->width()) / 2,
                        viewport()->height() - m_jump->height() - kSpace3);
    m_jump->move(corner);
    m_jump->raise();
}

void MessageView::placeFindBar()
{
    if (m_findBar->isHidden())
        return;
    const int room = viewport()->width() - 2 * kSpace2;
    const int wide = std::min(FindBar::kWidth, room);
    m_findBar->setGeometry(viewport()->x() + kSpace2 + room - wide, kSpace2, wide,
                           m_findBar->sizeHint().height());
    m_findBar->raise();
}

void MessageView::scrollContentsBy(int, int)
{
    if (!m_layingOut) {
        m_followsEnd = verticalScrollBar()->value() >= verticalScrollBar()->maximum() - 2;
        layOutVisible();
    }
    viewport()->update();
}

void MessageView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        ++m_generation;
    layOutVisible();
    placeFindBar();
}

} // namespace vitrine::ui
