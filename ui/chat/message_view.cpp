// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/message_view.h"

#include <algorithm>
#include <cmath>

#include <QAccessible>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QTimerEvent>

#include "ui/chat/stats_line.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr qreal kColumn = 760;
constexpr qreal kMargin = 16;
constexpr qreal kTop = 16;
constexpr qreal kBottom = 12;
constexpr qreal kGapAfterUser = 16;
constexpr qreal kGapAfterReply = 16;
constexpr int kTurnEvery = 100; // ms
constexpr double kTurnStep = 0.1;
constexpr int kRounds = 8; // of laying out what a layout brought into sight

} // namespace

MessageView::MessageView(const Theme& theme, QWidget* parent)
    : QAbstractScrollArea(parent), m_theme(theme), m_style(theme, false), m_jump(new QPushButton(this))
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Messages"));
    viewport()->setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    verticalScrollBar()->setSingleStep(40);
    m_jump->setText(tr("Jump to latest"));
    m_jump->setIcon(theme.icon("down", IconTone::Text));
    m_jump->setProperty("small", true);
    m_jump->setCursor(Qt::ArrowCursor);
    m_jump->hide();
    connect(m_jump, &QPushButton::clicked, this, &MessageView::scrollToEnd);
    connect(&theme, &Theme::changed, this, &MessageView::restyle);
}

MessageView::~MessageView() = default;

void MessageView::setConversation(Conversation* conversation)
{
    if (m_conversation != nullptr)
        m_conversation->disconnect(this);
    m_conversation = conversation;
    m_entries.clear();
    m_selected = -1;
    m_hovered = m_focusedSpot = m_pressed = {};
    m_followsEnd = true;
    if (conversation != nullptr) {
        for (const Message& message : conversation->messages())
            m_entries.push_back({std::make_unique<MessageItem>(message), 0});
        connect(conversation, &Conversation::messageAdded, this, &MessageView::onMessageAdded);
        connect(conversation, &Conversation::pathChanged, this, &MessageView::onPathChanged);
        connect(conversation, &Conversation::textAppended, this, &MessageView::onTextAppended);
        connect(conversation, &Conversation::messageChanged, this, &MessageView::onMessageChanged);
        if (conversation->openReply() != nullptr)
            m_turnTimer.start(kTurnEvery, this);
    }
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

void MessageView::restyle()
{
    m_style = MessageStyle(m_theme, m_narrow);
    ++m_generation;
    layOutVisible();
    viewport()->update();
}

void MessageView::onMessageAdded(int index)
{
    const Message& message = m_conversation->messages()[std::size_t(index)];
    m_entries.push_back({std::make_unique<MessageItem>(message), 0});
    if (message.isOpen())
        m_turnTimer.start(kTurnEvery, this);
    layOutVisible();
    viewport()->update();
}

void MessageView::onPathChanged(int from)
{
    m_entries.resize(std::min(m_entries.size(), std::size_t(from)));
    m_selected = -1;
    m_hovered = m_focusedSpot = m_pressed = {};
    const MessagePath messages = m_conversation->messages();
    for (std::size_t i = m_entries.size(); i < messages.size(); ++i)
        m_entries.push_back({std::make_unique<MessageItem>(messages[i]), 0});
    if (m_conversation->openReply() != nullptr)
        m_turnTimer.start(kTurnEvery, this);
    layOutVisible();
    viewport()->update();
}

void MessageView::onTextAppended(int index, const QString& delta)
{
    Entry& entry = m_entries[std::size_t(index)];
    entry.item->appendText(delta);
    layOutVisible();
    const int top = int(std::floor(entry.y - scroll()));
    viewport()->update(0, top, viewport()->width(), viewport()->height() - top);
}

void MessageView::onMessageChanged(int index)
{
    const Message& message = m_conversation->messages()[std::size_t(index)];
    Entry& entry = m_entries[std::size_t(index)];
    const bool ended = entry.item->message().isOpen() && !message.isOpen();
    const bool restated = entry.item->message().state != message.state;
    entry.item->setMessage(message);
    if (restated)
        layOutVisible();
    if (ended) {
        m_turnTimer.stop();
        announce(message);
    }
    const QRectF stats = entry.item->statsRect().translated(0, entry.y - scroll());
    if (restated)
        viewport()->update();
    else
        viewport()->update(0, int(stats.top()), viewport()->width(), int(stats.height()) + 1);
}

/// A reply is told to screen readers once, when it is whole.
void MessageView::announce(const Message& message)
{
    setAccessibleDescription(message.error.isEmpty() ? message.text.left(2000) : message.error);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

qreal MessageView::columnWidth() const
{
    return std::clamp(viewport()->width() - 2 * kMargin, 80.0, kColumn);
}

qreal MessageView::columnLeft() const
{
    return std::floor((viewport()->width() - columnWidth()) / 2);
}

qreal MessageView::scroll() const
{
    return verticalScrollBar()->value();
}

void MessageView::stack()
{
    qreal y = kTop;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        m_entries[i].y = y;
        const bool user = m_entries[i].item->message().role == Role::User;
        y += std::ceil(m_entries[i].item->height()) + (user ? kGapAfterUser : kGapAfterReply);
    }
    m_contentHeight = y - kGapAfterReply + kBottom;
}

/// Lays out what is in sight, until nothing in sight has an estimated height. What stands at the top of the
/// window stays there (or the end at the bottom, when it is followed).
void MessageView::layOutVisible()
{
    if (m_layingOut)
        return;
    m_layingOut = true;
    for (Entry& entry : m_entries)
        entry.item->setGeometry(m_style, columnWidth(), m_generation);
    stack();
    updateScrollBar();
    for (int round = 0; round < kRounds; ++round) {
        bool changed = false;
        const int first = std::max(0, entryAt(scroll()));
        const qreal anchor = m_entries.empty() ? 0 : m_entries[std::size_t(first)].y;
        const qreal bottom = scroll() + viewport()->height();
        for (std::size_t i = std::size_t(first); i < m_entries.size() && m_entries[i].y <= bottom; ++i) {
            const qreal top = scroll() - m_entries[i].y;
            changed |= m_entries[i].item->layOut(top, bottom - m_entries[i].y, m_style);
        }
        if (!changed)
            break;
        stack();
        const qreal moved = m_entries[std::size_t(first)].y - anchor;
        updateScrollBar();
        if (!m_followsEnd && moved != 0)
            verticalScrollBar()->setValue(int(scroll() + moved));
    }
    m_layingOut = false;
    placeJumpButton();
}

void MessageView::updateScrollBar()
{
    const int range = std::max(0, int(std::ceil(m_contentHeight)) - viewport()->height());
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

void MessageView::showMessage(int index)
{
    if (index < 0 || index >= int(m_entries.size()))
        return;
    m_followsEnd = false;
    for (int round = 0; round < 2; ++round) // what is laid out on the way may be longer than it was thought
        verticalScrollBar()->setValue(int(m_entries[std::size_t(index)].y - kTop));
    m_followsEnd = verticalScrollBar()->value() >= verticalScrollBar()->maximum();
    placeJumpButton();
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
                        viewport()->height() - m_jump->height() - 12);
    m_jump->move(corner);
    m_jump->raise();
}

int MessageView::entryAt(qreal y) const
{
    const auto after = std::ranges::upper_bound(m_entries, y, {}, &Entry::y);
    return int(after - m_entries.begin()) - 1;
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
}

void MessageView::timerEvent(QTimerEvent* event)
{
    if (event->timerId() != m_turnTimer.timerId()) {
        QAbstractScrollArea::timerEvent(event);
        return;
    }
    m_turn = std::fmod(m_turn + kTurnStep, 1.0);
    if (m_entries.empty())
        return;
    const Entry& last = m_entries.back();
    const QRectF stats = last.item->statsRect().translated(columnLeft(), last.y - scroll());
    viewport()->update(stats.adjusted(0, 0, 20 - stats.width(), 0).toAlignedRect());
}

void MessageView::paintEvent(QPaintEvent* event)
{
    QPainter painter(viewport());
    const QRectF dirty = event->rect();
    const qreal top = scroll() + dirty.top();
    const qreal bottom = scroll() + dirty.bottom();
    const auto [from, to] = selection();
    for (std::size_t i = std::size_t(std::max(0, entryAt(top))); i < m_entries.size(); ++i) {
        const Entry& entry = m_entries[i];
        if (entry.y > bottom)
            break;
        MessageItem::Look look;
        look.hue = m_style.tokens.conversation(m_conversation != nullptr ? m_conversation->number() : 0);
        look.turn = m_turn;
        if (int(i) == m_selected) {
            look.from = from;
            look.to = to;
        }
        look.hoveredSpot = m_hovered.entry == int(i) ? m_hovered.spot : -1;
        look.focusedSpot = m_focusedSpot.entry == int(i) && hasFocus() ? m_focusedSpot.spot : -1;
        painter.save();
        painter.translate(columnLeft(), entry.y - scroll());
        entry.item->paint(painter, top - entry.y, bottom - entry.y, m_style, look);
        painter.restore();
    }
}

} // namespace vitrine::ui
