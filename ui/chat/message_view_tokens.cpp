// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MessageView that tints tokens and goes from one to the next.
#include <algorithm>

#include <QAccessible>
#include <QKeyEvent>
#include <QLocale>
#include <QScrollBar>

#include "ui/chat/message_view.h"
#include "ui/chat/tokens/token_figures.h"

namespace vitrine::ui {

namespace {

constexpr int kTries = 4; // heights on the way are estimates at first

} // namespace

void MessageView::setTinted(bool tinted)
{
    if (tinted == m_tokens.tinted)
        return;
    m_tokens = {};
    m_tokens.tinted = tinted;
    for (const auto& [entry, item] : m_items) {
        if (tinted && entry < count())
            tint(entry, *item);
        else
            item->setTokens({});
    }
    layOutVisible();
    viewport()->update();
}

/// What is kept of a reply in the file is asked for when the reply is near the window.
bool MessageView::tint(int entry, MessageItem& item)
{
    const Message& message = m_conversation->messages()[std::size_t(entry)];
    if (message.role != Role::Assistant)
        return false;
    if (message.tokensUnread)
        m_conversation->wantTokens(message.id);
    if (message.tokenDetails.size() == item.track().count())
        return false;
    item.setTokens(message.tokenDetails);
    return true;
}

TokenRef MessageView::tokenAt(const QPointF& viewportPoint) const
{
    const int entry = m_tokens.tinted ? entryAt(viewportPoint.y() + scroll()) : -1;
    const MessageItem* item = liveItem(entry);
    const int token = item != nullptr ? item->tokenAt(toItem(entry, viewportPoint)) : -1;
    return token < 0 ? TokenRef{} : TokenRef{entry, token};
}

QRect MessageView::tokenRect(const TokenRef& ref) const
{
    const MessageItem* item = liveItem(ref.entry);
    if (item == nullptr)
        return {};
    const QRectF rect = item->tokenRect(ref.token);
    return rect.isEmpty() ? QRect()
                          : rect.translated(columnLeft(), top(ref.entry) - scroll()).toAlignedRect();
}

void MessageView::setCurrentToken(const TokenRef& ref)
{
    if (ref == m_tokens.current)
        return;
    m_tokens.current = ref;
    viewport()->update();
    tellToken();
    emit currentTokenChanged(ref);
}

void MessageView::setTokenHeld(bool held)
{
    m_tokens.held = held;
    viewport()->update();
}

void MessageView::focusToken()
{
    setFocus();
    m_tokens.focused = m_tokens.current != TokenRef{};
    viewport()->update();
}

/// Brings it into sight and makes it the current one.
void MessageView::showToken(const TokenRef& ref)
{
    if (ref.entry < 0 || ref.entry >= count())
        return;
    MessageItem& item = itemAt(ref.entry);
    if (ref.token < 0 || ref.token >= item.track().count())
        return;
    const std::size_t block = item.blockOfToken(ref.token);
    unfold(ref.entry, item.document().blocks()[block].thought);
    for (int i = 0; i < kTries; ++i) {
        const QRect rect = tokenRect(ref);
        const qreal y = rect.isEmpty() ? top(ref.entry) + itemAt(ref.entry).blockTop(block) - scroll()
                                       : qreal(rect.top());
        if (!rect.isEmpty() && rect.top() >= 0 && rect.bottom() < viewport()->height())
            break;
        const int before = verticalScrollBar()->value();
        m_followsEnd = false;
        verticalScrollBar()->setValue(int(scroll() + y - qreal(viewport()->height()) / 3));
        layOutVisible();
        if (!rect.isEmpty() && verticalScrollBar()->value() == before)
            break; // at an end of the chat
    }
    setCurrentToken(ref);
}

/// A section of thinking that is folded.
void MessageView::unfold(int entry, int thought)
{
    if (thought <= 0 || m_states[entry].unfolded.contains(thought))
        return;
    m_states[entry].unfolded.insert(thought);
    stateChanged(entry);
}

/// Where the keys begin: the current token, or the first one in sight.
TokenRef MessageView::tokenForKeys() const
{
    if (const QRect rect = tokenRect(m_tokens.current);
        !rect.isEmpty() && rect.bottom() >= 0 && rect.top() < viewport()->height())
        return m_tokens.current;
    const qreal bottom = scroll() + viewport()->height();
    for (int i = std::max(0, entryAt(scroll())); i < count() && top(i) <= bottom; ++i) {
        const MessageItem* item = liveItem(i);
        for (int token = 0; item != nullptr && token < item->track().count(); ++token) {
            const QRect rect = tokenRect({i, token});
            if (rect.top() >= 0 && !rect.isEmpty())
                return {i, token};
        }
    }
    return {};
}

/// False at the ends of the reply.
bool MessageView::stepToken(int by)
{
    const TokenRef to{m_tokens.current.entry, m_tokens.current.token + by};
    const MessageItem* item = liveItem(to.entry);
    if (item == nullptr || to.token < 0 || to.token >= item->track().count())
        return false;
    showToken(to);
    return true;
}

void MessageView::leaveTokens()
{
    m_tokens.focused = false;
    setCurrentToken({});
}

bool MessageView::answerTokenKey(QKeyEvent* event)
{
    if (!m_tokens.focused || event->modifiers() & ~Qt::KeypadModifier)
        return false;
    const MessageItem* item = liveItem(m_tokens.current.entry);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        stepToken(event->key() == Qt::Key_Right ? 1 : -1);
        return true;
    case Qt::Key_Home:
    case Qt::Key_End:
        if (item != nullptr)
            showToken({m_tokens.current.entry, event->key() == Qt::Key_Home ? 0 : item->track().count() - 1});
        return true;
    case Qt::Key_Down:
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        emit tokenActivated(m_tokens.current);
        return true;
    case Qt::Key_Escape:
        leaveTokens();
        return true;
    default:
        return false;
    }
}

/// To screen readers.
void MessageView::tellToken()
{
    const TokenRef& ref = m_tokens.current;
    if (ref.entry < 0 || m_conversation == nullptr)
        return;
    const QList<TokenDetail>& details = m_conversation->messages()[std::size_t(ref.entry)].tokenDetails;
    if (ref.token >= details.size())
        return;
    const TokenDetail& token = details[ref.token];
    setAccessibleDescription(tr("Token %1 of %2: “%3”, probability %4, surprise %5 bits")
                                 .arg(QLocale().toString(ref.token + 1), QLocale().toString(details.size()),
                                      visibleText(token.text), percentText(double(token.probability)),
                                      QLocale().toString(surpriseBits(token.probability), 'f', 2)));
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
}

} // namespace vitrine::ui
