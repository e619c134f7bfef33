// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageView that answers mouse and keyboard: links, buttons, folded sections.
#include <algorithm>
#include <utility>

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDesktopServices>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QScrollBar>
#include <QToolTip>
#include <QUrl>

#include "ui/chat/attachment_dialog.h"
#include "ui/chat/find_bar.h"
#include "ui/chat/message_chips.h"
#include "ui/chat/message_view.h"

namespace vitrine::ui {

MessageView::SpotRef MessageView::spotAt(const QPointF& viewportPoint) const
{
    const int entry = entryAt(viewportPoint.y() + scroll());
    const MessageItem* item = liveItem(entry);
    if (item == nullptr)
        return {};
    const QPointF point = toItem(entry, viewportPoint);
    const std::vector<ItemSpot> spots = item->spots();
    for (std::size_t i = spots.size(); i-- > 0;) { // what is drawn last is on top
        if (spots[i].rect.contains(point))
            return {entry, int(i)};
    }
    return {};
}

std::optional<ItemSpot> MessageView::resolve(const SpotRef& ref) const
{
    const MessageItem* item = liveItem(ref.entry);
    if (item == nullptr || ref.spot < 0)
        return std::nullopt;
    const std::vector<ItemSpot> spots = item->spots();
    return ref.spot < int(spots.size()) ? std::optional(spots[std::size_t(ref.spot)]) : std::nullopt;
}

std::vector<MessageView::SpotRef> MessageView::visibleSpots() const
{
    std::vector<SpotRef> result;
    const qreal bottom = scroll() + viewport()->height();
    for (int i = std::max(0, entryAt(scroll())); i < count() && top(i) <= bottom; ++i) {
        const MessageItem* item = liveItem(i);
        const std::vector<ItemSpot> spots = item != nullptr ? item->spots() : std::vector<ItemSpot>{};
        for (std::size_t s = 0; s < spots.size(); ++s) {
            const qreal y = top(i) + spots[s].rect.center().y();
            if (y >= scroll() && y <= bottom)
                result.push_back({i, int(s)});
        }
    }
    return result;
}

void MessageView::activate(const SpotRef& ref)
{
    const std::optional<ItemSpot> spot = resolve(ref);
    if (!spot)
        return;
    const QPointF place = spot->rect.center() + QPointF(columnLeft(), top(ref.entry) - scroll());
    switch (spot->kind) {
    case ItemSpot::Kind::Link: {
        const QUrl url(spot->target, QUrl::StrictMode);
        emit linkActivated(spot->target);
        if (url.scheme() == "http" ||
            url.scheme() == "https") // never a file or a program out of a model's mouth
            QDesktopServices::openUrl(url);
        break;
    }
    case ItemSpot::Kind::CopyCode:
        QApplication::clipboard()->setText(spot->target);
        QToolTip::showText(viewport()->mapToGlobal(place.toPoint()), tr("Copied"), viewport());
        break;
    case ItemSpot::Kind::Thought:
        toggleThought(ref.entry, spot->thought);
        break;
    case ItemSpot::Kind::Attachment:
        showAttachment(ref.entry, spot->attachment);
        break;
    case ItemSpot::Kind::Action:
        act(ref.entry, *spot);
        break;
    }
}

void MessageView::showAttachment(int entry, int attachment)
{
    const QList<Attachment>& attachments = itemAt(entry).message().attachments;
    auto* dialog = new AttachmentDialog(attachments[attachment], m_theme, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MessageView::act(int entry, const ItemSpot& spot)
{
    if (spot.action == MessageAction::Copy)
        copyReply(entry, spot.rect);
    else if (spot.action == MessageAction::Why && itemAt(entry).state().breakdown) {
        setBreakdown(entry, std::nullopt); // a second time closes it
        emit breakdownClosed(entry);
    } else
        emit actionRequested(entry, spot.action);
}

void MessageView::copyReply(int entry, const QRectF& spot)
{
    QApplication::clipboard()->setText(itemAt(entry).document().answer());
    const QPointF place = spot.center() + QPointF(columnLeft(), top(entry) - scroll());
    QToolTip::showText(viewport()->mapToGlobal(place.toPoint()), tr("Copied"), viewport());
}

void MessageView::toggleThought(int entry, int thought)
{
    QSet<int>& unfolded = m_states[entry].unfolded;
    if (!unfolded.remove(thought))
        unfolded.insert(thought);
    m_followsEnd = false; // what was unfolded is to be read
    stateChanged(entry);
    layOutVisible();
    m_followsEnd = verticalScrollBar()->value() >= verticalScrollBar()->maximum() - 2;
    placeJumpButton();
    viewport()->update();
}

void MessageView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_focusedSpot = {};
    m_pressed = spotAt(event->position());
    m_tokens.pressed = tokenAt(event->position());
    if (m_tokens.pressed == TokenRef{})
        leaveTokens();
    if (m_pressed != SpotRef{} || count() == 0)
        return;
    m_caretX.reset();
    const ViewPosition position = positionAt(event->position());
    const bool third = m_sinceDoubleClick.isValid() &&
                       m_sinceDoubleClick.elapsed() < QApplication::doubleClickInterval() &&
                       (event->position() - m_doubleClickPoint).manhattanLength() < 5;
    m_sinceDoubleClick.invalidate();
    if (third)
        return selectPiece(position);
    if (event->modifiers() & Qt::ShiftModifier)
        m_selection.extend(position);
    else
        m_selection.start(position);
    m_selecting = true;
    viewport()->update();
}

void MessageView::mouseMoveEvent(QMouseEvent* event)
{
    if (m_selecting)
        dragTo(event->position());
    else
        hover(event->position());
}

void MessageView::hover(const QPointF& point)
{
    const SpotRef hovered = spotAt(point);
    const int entry = entryAt(point.y() + scroll());
    const bool text = entry >= 0 && point.x() >= columnLeft() && point.x() <= columnLeft() + columnWidth();
    const TokenRef token = tokenAt(point);
    const bool active = hovered != SpotRef{} || token != TokenRef{};
    viewport()->setCursor(active ? Qt::PointingHandCursor : text ? Qt::IBeamCursor : Qt::ArrowCursor);
    if (token != m_tokens.hovered) {
        m_tokens.hovered = token;
        viewport()->update();
        emit tokenHovered(token);
    }
    if (hovered == m_hovered && entry == m_hoveredEntry)
        return;
    m_hovered = hovered;
    m_hoveredEntry = entry;
    viewport()->update();
}

void MessageView::mouseReleaseEvent(QMouseEvent* event)
{
    m_selecting = false;
    m_dragTimer.stop();
    const TokenRef token = std::exchange(m_tokens.pressed, {});
    if (const SpotRef pressed = std::exchange(m_pressed, {}); pressed != SpotRef{}) {
        if (event->button() == Qt::LeftButton && pressed == spotAt(event->position()))
            activate(pressed);
        return;
    }
    if (token != TokenRef{} && m_selection.isEmpty() && token == tokenAt(event->position()))
        emit tokenActivated(token);
}

void MessageView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (count() == 0 || event->button() != Qt::LeftButton || spotAt(event->position()) != SpotRef{})
        return;
    m_sinceDoubleClick.start();
    m_doubleClickPoint = event->position();
    selectWord(positionAt(event->position()));
}

void MessageView::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byKeyboard = event->reason() == QContextMenuEvent::Keyboard;
    const int entry = byKeyboard ? count() - 1 : entryAt(event->y() + scroll());
    if (entry < 0 || m_conversation == nullptr)
        return;
    const QString whole = itemAt(entry).document().answer();
    QMenu menu(this);
    QAction* copy = menu.addAction(tr("Copy"), this, &MessageView::copySelection);
    copy->setEnabled(!m_selection.isEmpty());
    menu.addAction(tr("Copy message"), this, [whole] { QApplication::clipboard()->setText(whole); });
    menu.addSeparator();
    menu.addAction(tr("Select all"), this, &MessageView::selectAll);
    menu.exec(byKeyboard ? mapToGlobal(rect().center()) : event->globalPos());
}

void MessageView::keyPressEvent(QKeyEvent* event)
{
    if (answerTokenKey(event) || answerSelectionKey(event))
        return;
    QScrollBar* bar = verticalScrollBar();
    const bool finding = !m_findBar->isHidden();
    if (event->matches(QKeySequence::Copy))
        copySelection();
    else if (event->matches(QKeySequence::SelectAll))
        selectAll();
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Space) && m_focusedSpot != SpotRef{})
        activate(m_focusedSpot);
    else if (event->key() == Qt::Key_Home)
        bar->setValue(bar->minimum());
    else if (event->key() == Qt::Key_End)
        scrollToEnd();
    else if (finding && event->key() == Qt::Key_Escape)
        closeFind();
    else
        QAbstractScrollArea::keyPressEvent(event);
}

void MessageView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    m_focusedSpot = {};
    if (m_tokens.tinted && event->reason() == Qt::TabFocusReason) {
        const TokenRef first = tokenForKeys();
        m_tokens.focused = first != TokenRef{};
        setCurrentToken(first);
    }
    viewport()->update();
}

void MessageView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    if (event->reason() != Qt::ActiveWindowFocusReason && event->reason() != Qt::PopupFocusReason)
        m_tokens.focused = false;
    viewport()->update();
}

/// Esc leaves the tokens before it means anything to the window.
bool MessageView::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && m_tokens.focused &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return QAbstractScrollArea::event(event);
}

/// Tab walks over what can be activated in sight before it leaves the messages.
bool MessageView::focusNextPrevChild(bool next)
{
    if (m_findBar->hasFocusInside() || m_jump->hasFocus()) // on top of the messages
        return QAbstractScrollArea::focusNextPrevChild(next);
    if (m_tokens.focused && stepToken(next ? 1 : -1))
        return true;
    if (m_tokens.focused)
        leaveTokens();
    const std::vector<SpotRef> spots = visibleSpots();
    const auto current = std::ranges::find(spots, m_focusedSpot);
    const auto index = current == spots.end() ? -1 : current - spots.begin();
    const auto wanted = next ? index + 1 : (index < 0 ? -1 : index - 1);
    if (wanted < 0 || wanted >= std::ssize(spots)) {
        m_focusedSpot = {};
        return QAbstractScrollArea::focusNextPrevChild(next);
    }
    m_focusedSpot = spots[std::size_t(wanted)];
    tellFocusedSpot();
    viewport()->update();
    return true;
}

QString MessageView::nameOf(int entry, const ItemSpot& spot) const
{
    switch (spot.kind) {
    case ItemSpot::Kind::Link:
        return spot.target;
    case ItemSpot::Kind::CopyCode:
        return tr("Copy this code");
    case ItemSpot::Kind::Thought:
        return tr("Show or hide what was thought");
    case ItemSpot::Kind::Attachment:
        return MessageChips::name(liveItem(entry)->message().attachments[spot.attachment]);
    case ItemSpot::Kind::Action:
        break;
    }
    return MessageTools::name(spot.action);
}

/// To screen readers: what stands in the messages is no widget of its own.
void MessageView::tellFocusedSpot()
{
    const std::optional<ItemSpot> spot = resolve(m_focusedSpot);
    if (!spot)
        return;
    setAccessibleDescription(nameOf(m_focusedSpot.entry, *spot));
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

void MessageView::showToolTip(const QPoint& viewportPoint, const QPoint& globalPoint)
{
    const SpotRef ref = spotAt(viewportPoint);
    const std::optional<ItemSpot> spot = resolve(ref);
    if (!spot || spot->kind == ItemSpot::Kind::Thought)
        QToolTip::hideText();
    else
        QToolTip::showText(globalPoint, nameOf(ref.entry, *spot), viewport());
}

bool MessageView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave) {
        m_hovered = {};
        m_hoveredEntry = -1;
        if (std::exchange(m_tokens.hovered, {}) != TokenRef{})
            emit tokenHovered({});
        viewport()->update();
    }
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        showToolTip(help->pos(), help->globalPos());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

} // namespace vitrine::ui
