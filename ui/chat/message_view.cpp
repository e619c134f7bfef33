// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageView that follows the conversation and paints.
#include "ui/chat/message_view.h"

#include <algorithm>
#include <cmath>

#include <QAccessible>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QTimerEvent>

#include "ui/chat/find_bar.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kTurnEvery = 100; // ms
constexpr double kTurnStep = 0.1;
constexpr int kFindAgainEvery = 200; // ms
constexpr qsizetype kLongestAnnouncement = 2000;
constexpr qreal kShowMargin = 16; // above a message that was asked for

/// It begins with a thought that is over.
bool endedThought(const MessageItem& item)
{
    const std::vector<Block>& blocks = item.document().blocks();
    return !blocks.empty() && blocks.front().kind == Block::Kind::Thought && blocks.front().ended;
}

} // namespace

MessageView::MessageView(const Theme& theme, QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(theme), m_style(theme, false), m_jump(new QPushButton(this)),
      m_findBar(new FindBar(theme, this))
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Messages"));
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    verticalScrollBar()->setSingleStep(40);
    m_style.images = &m_images;
    m_jump->setText(tr("Jump to latest"));
    m_jump->setIcon(theme.icon("down", IconTone::Text));
    m_jump->setProperty("small", true);
    m_jump->setCursor(Qt::ArrowCursor);
    m_jump->hide();
    m_findBar->hide();
    connect(m_jump, &QPushButton::clicked, this, &MessageView::scrollToEnd);
    connect(&theme, &Theme::changed, this, &MessageView::restyle);
    connectFind();
    connect(&m_images, &MessageImages::changed, this, [this] {
        for (const auto& [entry, item] : m_items)
            item->forgetImages();
        layOutVisible();
        viewport()->update();
    });
}

MessageView::~MessageView() = default;

void MessageView::connectFind()
{
    connect(&m_finder, &MessageFinder::changed, this, &MessageView::onFound);
    connect(m_findBar, &FindBar::patternChanged, this, &MessageView::setFind);
    connect(m_findBar, &FindBar::nextRequested, this, &MessageView::findNext);
    connect(m_findBar, &FindBar::previousRequested, this, &MessageView::findPrevious);
    connect(m_findBar, &FindBar::closeRequested, this, &MessageView::closeFind);
}

void MessageView::setConversation(Conversation* conversation)
{
    if (m_conversation != nullptr)
        m_conversation->disconnect(this);
    m_conversation = conversation;
    m_states.clear();
    m_unread = {};
    m_followsEnd = true;
    closeFind();
    if (conversation != nullptr) {
        connect(conversation, &Conversation::messageAdded, this, &MessageView::onMessageAdded);
        connect(conversation, &Conversation::pathChanged, this, &MessageView::onPathChanged);
        connect(conversation, &Conversation::textAppended, this, &MessageView::onTextAppended);
        connect(conversation, &Conversation::messageChanged, this, &MessageView::onMessageChanged);
    }
    onPathChanged(0);
}

void MessageView::onPathChanged(int from)
{
    m_items.erase(m_items.lower_bound(from), m_items.end());
    m_states.erase(m_states.lower_bound(from), m_states.end());
    m_stack.truncate(std::size_t(from));
    m_selection.truncate(from);
    m_finder.truncate(from);
    m_hovered = m_focusedSpot = m_pressed = {};
    m_hoveredEntry = -1;
    m_selecting = false;
    m_tokens.hovered = m_tokens.pressed = {};
    if (m_tokens.current.entry >= from)
        leaveTokens();
    m_sinceText.invalidate();
    if (m_conversation != nullptr) {
        stackNewMessages();
        if (m_conversation->openReply() != nullptr)
            m_turnTimer.start(kTurnEvery, this);
        else
            m_turnTimer.stop();
        if (m_conversation->openReply() != nullptr)
            itemAt(count() - 1); // kept while it grows
    }
    refreshActions();
    findAgain();
    layOutVisible();
    viewport()->update();
}

void MessageView::setNarrow(bool narrow)
{
    if (narrow == m_narrow)
        return;
    m_narrow = narrow;
    restyle();
}

void MessageView::onMessageAdded(int index)
{
    const Message& message = m_conversation->messages()[std::size_t(index)];
    stackNewMessages();
    if (message.isOpen()) {
        m_turnTimer.start(kTurnEvery, this);
        itemAt(index); // kept while it grows
    }
    m_sinceText.invalidate();
    refreshActions();
    if (!m_finder.pattern().text.isEmpty())
        m_findTimer.start(kFindAgainEvery, this);
    layOutVisible();
    viewport()->update();
}

void MessageView::onTextAppended(int index, const QString& delta)
{
    if (m_conversation->messages()[std::size_t(index)].text.size() == delta.size())
        m_sinceText.start(); // its beginning was seen
    if (MessageItem* item = liveItem(index)) {
        const bool known = endedThought(*item); // before there was anything to measure
        item->appendText(delta);
        if (!known && endedThought(*item))
            measureThought(index);
    }
    syncHeight(index);
    layOutVisible();
    if (!m_finder.pattern().text.isEmpty() && !m_findTimer.isActive())
        m_findTimer.start(kFindAgainEvery, this);
    const int from = std::max(0, int(std::floor(top(index) - scroll())));
    viewport()->update(0, from, viewport()->width(), viewport()->height() - from);
}

/// Notes how long the first thought of a reply took: it ended just now.
void MessageView::measureThought(int index)
{
    const auto known = m_states.find(index);
    if (known != m_states.end() && known->second.thought)
        return;
    const ThoughtFigures figures{m_sinceText.isValid() ? double(m_sinceText.elapsed()) / 1000 : 0,
                                 m_conversation->messages()[std::size_t(index)].figures.tokens};
    setThought(index, figures);
    emit thoughtMeasured(index, figures);
}

void MessageView::onMessageChanged(int index)
{
    const Message& message = m_conversation->messages()[std::size_t(index)];
    MessageItem* item = liveItem(index);
    if (item == nullptr)
        return;
    const bool ended = item->message().isOpen() && !message.isOpen();
    const bool restated = item->message().state != message.state;
    item->setMessage(message);
    const bool tinted = m_tokens.tinted && tint(index, *item);
    if (ended) {
        m_turnTimer.stop();
        announce(message);
        refreshActions();
        if (!m_finder.pattern().text.isEmpty())
            m_findTimer.start(kFindAgainEvery, this);
    }
    if (restated || tinted) {
        syncHeight(index);
        layOutVisible();
        viewport()->update();
        return;
    }
    const QRectF stats = item->statsRect().translated(0, top(index) - scroll());
    viewport()->update(0, int(stats.top()), viewport()->width(), int(stats.height()) + 1);
}

/// A reply is told to screen readers once, when it is whole.
void MessageView::announce(const Message& message)
{
    const QString answer = itemAt(count() - 1).document().answer();
    setAccessibleDescription(message.error.isEmpty() ? answer.left(kLongestAnnouncement) : message.error);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

ItemState MessageView::stateOf(int entry) const
{
    const auto known = m_states.find(entry);
    ItemState state = known != m_states.end() ? known->second : ItemState{};
    state.actions = m_actionsOf ? m_actionsOf(entry) : MessageActions{};
    return state;
}

/// What was measured when the reply was written is kept with it.
void MessageView::recallThought(int entry)
{
    const Message& message = m_conversation->messages()[std::size_t(entry)];
    if (!message.details.contains(QLatin1String("\"thought_")))
        return;
    const ReplyDetails details = detailsFromJson(message.details);
    m_states[entry].thought = {details.thoughtSeconds, details.thoughtTokens};
}

void MessageView::stateChanged(int entry)
{
    MessageItem* item = liveItem(entry);
    if (item == nullptr)
        return;
    item->setState(stateOf(entry));
    syncHeight(entry);
}

void MessageView::setActionsOf(std::function<MessageActions(int index)> actionsOf)
{
    m_actionsOf = std::move(actionsOf);
    refreshActions();
    layOutVisible();
}

void MessageView::showMessage(int index)
{
    if (index < 0 || index >= count())
        return;
    m_followsEnd = false;
    for (int round = 0; round < 2; ++round) // what is laid out on the way may be longer than it was thought
        verticalScrollBar()->setValue(int(top(index) - kShowMargin));
    m_followsEnd = verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    placeJumpButton();
}

void MessageView::refreshActions()
{
    for (const auto& [entry, item] : m_items) {
        if (entry < count())
            stateChanged(entry);
    }
    viewport()->update();
}

void MessageView::setBreakdown(int index, const std::optional<ReplyBreakdown>& breakdown)
{
    m_states[index].breakdown = breakdown;
    stateChanged(index);
    layOutVisible();
    viewport()->update();
}

void MessageView::setThought(int index, const ThoughtFigures& figures)
{
    m_states[index].thought = figures;
    stateChanged(index);
    viewport()->update();
}

void MessageView::timerEvent(QTimerEvent* event)
{
    if (event->timerId() == m_turnTimer.timerId()) {
        turnArc();
    } else if (event->timerId() == m_dragTimer.timerId()) {
        scrollWhileDragging();
    } else if (event->timerId() == m_findTimer.timerId()) {
        if (m_finder.isSearching())
            return; // what comes is in order
        m_findTimer.stop();
        for (const int entry : {count() - 2, count() - 1}) { // those that came or grew
            if (entry >= 0)
                m_finder.searchAgain(entry, itemAt(entry).document().blocks());
        }
    } else {
        QAbstractScrollArea::timerEvent(event);
    }
}

void MessageView::turnArc()
{
    if (m_theme.reducesMotion())
        return;
    m_turn = std::fmod(m_turn + kTurnStep, 1.0);
    const MessageItem* last = liveItem(count() - 1);
    if (last == nullptr)
        return;
    const QRectF stats = last->statsRect().translated(columnLeft(), top(count() - 1) - scroll());
    viewport()->update(stats.adjusted(0, 0, 20 - stats.width(), 0).toAlignedRect());
}

void MessageView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    const QRectF dirty = event->rect();
    const qreal bottom = scroll() + dirty.bottom();
    // What hangs below a user's turn belongs to the entry above.
    for (int i = std::max(0, entryAt(scroll() + dirty.top()) - 1); i < count() && top(i) <= bottom; ++i) {
        if (liveItem(i) != nullptr)
            paintEntry(painter, i, dirty);
    }
    paintUnread(painter, dirty);
}

void MessageView::paintEntry(QPainter& painter, int entry, const QRectF& dirty)
{
    MessageItem::Look look;
    look.hue = m_style.tokens.conversation(m_conversation != nullptr ? m_conversation->number() : 0);
    look.turn = m_turn;
    std::tie(look.from, look.to) = m_selection.part(entry);
    look.marks = marksOf(entry);
    look.hoveredSpot = m_hovered.entry == entry ? m_hovered.spot : -1;
    look.focusedSpot = m_focusedSpot.entry == entry && hasFocus() ? m_focusedSpot.spot : -1;
    if (m_tokens.current.entry == entry && (m_tokens.held || (m_tokens.focused && hasFocus())))
        look.currentToken = m_tokens.current.token;
    look.hoveredToken = m_tokens.hovered.entry == entry ? m_tokens.hovered.token : -1;
    look.active = m_hoveredEntry == entry || look.focusedSpot >= 0;
    const qreal y = top(entry) - scroll();
    painter.save();
    painter.translate(columnLeft(), y);
    liveItem(entry)->paint(painter, dirty.top() - y, dirty.bottom() - y, look);
    painter.restore();
}

} // namespace vitrine::ui
