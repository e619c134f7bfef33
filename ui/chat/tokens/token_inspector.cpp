// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/token_inspector.h"

#include <QApplication>
#include <QMouseEvent>

#include "ui/chat/tokens/branch_cost.h"
#include "ui/chat/tokens/token_panel.h"
#include "ui/chat/tokens/token_popover.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

namespace {

constexpr int kHoverMs = 120;

} // namespace

TokenInspector::TokenInspector(ChatSession& session, MessageView& view, TokenPanel& panel, const Theme& theme,
                               QObject* parent)
    : QObject(parent), m_session(session), m_view(view), m_panel(panel),
      m_popover(new TokenPopover(theme, view.parentWidget())),
      m_cost(new BranchCost(session, *m_popover, this))
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kHoverMs);
    connect(&m_soon, &QTimer::timeout, this, &TokenInspector::settle);
    connect(&view, &MessageView::tokenHovered, this, &TokenInspector::onHovered);
    connect(&view, &MessageView::tokenActivated, this, &TokenInspector::pin);
    connect(&view, &MessageView::contentsMoved, this, &TokenInspector::onMoved);
    connect(&view, &MessageView::currentTokenChanged, this, [this](const TokenRef& ref) {
        if (m_conversation != nullptr && ref.entry >= 0)
            m_panel.setCurrent(m_conversation->messages()[std::size_t(ref.entry)].id, ref.token);
    });
    connect(&panel, &TokenPanel::tokenChosen, this, &TokenInspector::goTo);
    connect(m_popover, &TokenPopover::branchRequested, this, &TokenInspector::branch);
    connect(m_popover, &TokenPopover::stepped, this, &TokenInspector::step);
    connect(m_popover, &TokenPopover::closeRequested, this, &TokenInspector::close);
    connect(m_popover, &TokenPopover::left, this, [this] { onHovered({}); });
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) {
        if (m_pinned && now != nullptr && !m_popover->isAncestorOf(now))
            close();
    });
}

TokenInspector::~TokenInspector()
{
    delete m_popover.data();
}

TokenPopover& TokenInspector::popover() const
{
    return *m_popover;
}

void TokenInspector::setConversation(Conversation* conversation)
{
    close();
    if (m_conversation != nullptr)
        m_conversation->disconnect(this);
    m_conversation = conversation;
    if (conversation != nullptr)
        connect(conversation, &Conversation::pathChanged, this, [this] {
            if (m_popover->isVisible() && place() == TokenRef{})
                close();
        });
}

void TokenInspector::setActive(bool active)
{
    if (!active)
        close();
    m_view.setTinted(active);
}

const Message* TokenInspector::message() const
{
    return m_conversation != nullptr ? m_conversation->tree().find(m_reply) : nullptr;
}

/// Of what is explained, on the shown branch.
TokenRef TokenInspector::place() const
{
    const int entry = m_conversation != nullptr ? m_conversation->tree().indexOf(m_reply) : -1;
    return entry < 0 ? TokenRef{} : TokenRef{entry, m_token};
}

void TokenInspector::onHovered(const TokenRef& ref)
{
    m_hovered = ref;
    if (!m_pinned)
        m_soon.start();
}

/// The pointer came to rest.
void TokenInspector::settle()
{
    if (m_pinned)
        return;
    if (m_hovered != TokenRef{} && QApplication::mouseButtons() == Qt::NoButton)
        open(m_hovered);
    else if (!m_popover->underMouse())
        m_popover->hide();
}

/// It stays at its token as long as that is in sight.
void TokenInspector::onMoved()
{
    if (!m_popover->isVisible())
        return;
    const QRect rect = m_view.tokenRect(place());
    if (rect.isEmpty() || !m_view.viewport()->rect().intersects(rect))
        close();
    else
        putBeside(place());
}

bool TokenInspector::open(const TokenRef& ref)
{
    if (m_conversation == nullptr || ref.entry < 0 || ref.entry >= int(m_conversation->messages().size()))
        return false;
    const Message& message = m_conversation->messages()[std::size_t(ref.entry)];
    if (ref.token >= message.tokenDetails.size())
        return false;
    const bool same = m_popover->isVisible() && m_reply == message.id && m_token == ref.token;
    m_reply = message.id;
    m_token = ref.token;
    if (!same)
        fill(message, ref.token);
    return putBeside(ref);
}

void TokenInspector::fill(const Message& message, int token)
{
    const QString reason = reasonNotToBranch(message);
    m_popover->setToken(message.tokenDetails[token], token, int(message.tokenDetails.size()), reason);
    if (reason.isEmpty())
        m_cost->ask(m_conversation->id(), message.id, token);
    else
        m_cost->cancel();
}

bool TokenInspector::putBeside(const TokenRef& ref)
{
    const QRect rect = m_view.tokenRect(ref);
    if (rect.isEmpty())
        return false;
    m_popover->openAt(rect, *m_view.viewport());
    return true;
}

void TokenInspector::pin(const TokenRef& ref)
{
    m_soon.stop();
    m_view.showToken(ref);
    if (!open(ref))
        return;
    if (!m_pinned)
        qApp->installEventFilter(this);
    m_pinned = true;
    m_view.setTokenHeld(true);
    m_popover->setFocus();
}

void TokenInspector::goTo(MessageId reply, int token)
{
    const int entry = m_conversation != nullptr ? m_conversation->tree().indexOf(reply) : -1;
    if (entry >= 0)
        pin({entry, token});
}

void TokenInspector::step(int by)
{
    const Message* reply = m_pinned ? message() : nullptr; // Qt looks for the next one when it hides, too
    const int to = m_token + by;
    if (reply != nullptr && to >= 0 && to < reply->tokenDetails.size())
        pin({place().entry, to});
}

void TokenInspector::close()
{
    m_soon.stop();
    m_cost->cancel();
    if (m_pinned)
        qApp->removeEventFilter(this);
    m_pinned = false;
    m_view.setTokenHeld(false);
    if (m_popover->isAncestorOf(QApplication::focusWidget()))
        m_view.focusToken(); // the keys go on from the token
    m_popover->hide();
}

/// A click beside it closes it, and does what it does.
bool TokenInspector::eventFilter(QObject* watched, QEvent* event)
{
    auto* widget = event->type() == QEvent::MouseButtonPress ? qobject_cast<QWidget*>(watched) : nullptr;
    if (widget != nullptr && widget != m_popover && !m_popover->isAncestorOf(widget))
        close();
    return QObject::eventFilter(watched, event);
}

QString TokenInspector::reasonNotToBranch(const Message& message) const
{
    const QString reason = m_session.reasonNotToSend(m_conversation->id());
    if (!reason.isEmpty())
        return reason;
    QString text;
    for (const TokenDetail& token : message.tokenDetails)
        text += token.added;
    return message.text.startsWith(text)
               ? QString()
               : tr("The beginning of this reply was not recorded: no branch can begin here.");
}

/// The branch is shown from now on, at the same place.
void TokenInspector::branch(const TokenAlternative& instead)
{
    const TokenAlternative chosen = instead; // the list goes with the popover's token
    const MessageId reply = m_reply;
    const TokenRef at = place();
    close();
    if (m_conversation == nullptr || at.entry < 0 ||
        !m_session.branchAt(m_conversation->id(), reply, at.token, chosen))
        return;
    m_panel.setReply({});
    m_view.showToken(at);
    m_view.focusToken();
}

} // namespace vitrine::ui
