// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/chat_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QSplitter>

#include "engine/base/check.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/chat/tokens/token_panel.h"
#include "ui/keys/key_book.h"
#include "ui/theme/theme.h"

namespace vitrine::ui {

ChatPage::ChatPage(ChatSession& session, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_session(session), m_theme(theme), m_splitter(new QSplitter(Qt::Horizontal, this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_splitter);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(1);
    ChatPane* pane = addPane();
    pane->setConversation(&emptyConversation());
    setFocusedPane(pane);
}

ChatPane* ChatPage::addPane()
{
    auto* pane = new ChatPane(m_session, m_theme, m_splitter);
    m_splitter->addWidget(pane);
    m_panes.push_back(pane);
    connect(pane, &ChatPane::focused, this, [this, pane] { setFocusedPane(pane); });
    connect(pane, &ChatPane::tokensToggled, this, &ChatPage::recordTokens);
    connect(pane, &ChatPane::splitRequested, this, &ChatPage::newPane);
    connect(pane, &ChatPane::compareToggled, this, &ChatPage::setComparing);
    connect(pane, &ChatPane::sent, this,
            [this, pane](const QString& text, const QList<Attachment>& attachments) {
                sendToAll(pane, text, attachments);
            });
    connect(pane, &ChatPane::closeRequested, this, [this, pane] { closePane(pane); });
    connect(pane, &ChatPane::openModelRequested, this, &ChatPage::openModelRequested);
    connect(pane, &ChatPane::undoOffered, this, &ChatPage::undoOffered);
    connect(pane, &ChatPane::modelDetailsRequested, this, &ChatPage::modelDetailsRequested);
    tellPanes();
    tellKeys();
    return pane;
}

/// As long as a pane shows them.
void ChatPage::recordTokens()
{
    const bool shown = std::ranges::any_of(m_panes, &ChatPane::areTokensShown);
    m_session.setTokenAlternatives(shown ? TokenPanel::kAlternatives : 0);
}

/// How many there are, and whether they are compared.
void ChatPage::tellPanes()
{
    m_comparing = m_comparing && m_panes.size() > 1;
    for (ChatPane* each : m_panes) {
        each->setPaneCount(m_panes.size(), m_panes.size() < kMostPanes);
        each->setComparing(m_comparing);
    }
}

void ChatPage::closePane(ChatPane* pane)
{
    if (m_panes.size() < 2)
        return;
    std::erase(m_panes, pane);
    recordTokens();
    if (m_focused == pane)
        m_focused = nullptr;
    setFocusedPane(m_focused != nullptr ? m_focused : m_panes.front());
    pane->hide();
    pane->disconnect(this);
    pane->deleteLater(); // the click that asked for it may still be under way
    tellPanes();
    focusComposer();
    emit panesChanged();
}

void ChatPage::closePane()
{
    closePane(m_focused);
}

void ChatPage::newPane()
{
    if (m_panes.size() >= kMostPanes)
        return;
    Conversation& empty = emptyConversation();
    ChatPane* pane = addPane();
    pane->setConversation(&empty);
    m_splitter->setSizes(QList<int>(qsizetype(m_panes.size()), m_splitter->width() / int(m_panes.size())));
    pane->show();
    setFocusedPane(pane);
    focusComposer();
    emit panesChanged();
}

void ChatPage::setComparing(bool comparing)
{
    m_comparing = comparing;
    tellPanes();
}

/// What was sent from one pane goes to the others as well, each with its own settings.
void ChatPage::sendToAll(ChatPane* from, const QString& text, const QList<Attachment>& attachments)
{
    if (!m_comparing)
        return;
    for (ChatPane* each : m_panes) {
        if (each != from)
            each->send(text, attachments);
    }
}

void ChatPage::openConversation(ConversationId id)
{
    Conversation* conversation = m_session.store().find(id);
    if (conversation == nullptr)
        return;
    const auto showing = std::ranges::find(m_panes, conversation, &ChatPane::conversation);
    if (showing != m_panes.end()) {
        setFocusedPane(*showing);
    } else {
        m_focused->setConversation(conversation);
        emit currentConversationChanged(id);
    }
    focusComposer();
}

void ChatPage::openInOtherPane(ConversationId id)
{
    if (m_panes.size() < kMostPanes)
        newPane();
    else
        setFocusedPane(m_focused == m_panes.back() ? m_panes.front() : m_panes.back());
    openConversation(id);
}

void ChatPage::setKeys(const KeyBook& keys)
{
    m_keys = &keys;
    connect(&keys, &KeyBook::keysChanged, this, &ChatPage::tellKeys);
    tellKeys();
}

void ChatPage::tellKeys()
{
    if (m_keys == nullptr)
        return;
    m_session.setOpenModelKeys(m_keys->nameOf(QStringLiteral("model.open")));
    for (ChatPane* pane : m_panes)
        pane->setKeys(*m_keys);
}

void ChatPage::newChat()
{
    if (!m_focused->conversation()->isEmpty())
        openConversation(emptyConversation().id());
    focusComposer();
}

void ChatPage::leave(const QList<ConversationId>& ids)
{
    const ConversationId before = currentConversation();
    for (ChatPane* pane : m_panes) {
        if (ids.contains(pane->conversation()->id()))
            pane->setConversation(&emptyConversation(ids));
    }
    if (currentConversation() != before)
        emit currentConversationChanged(currentConversation());
}

ConversationId ChatPage::currentConversation() const
{
    return m_focused->conversation()->id();
}

void ChatPage::focusComposer()
{
    m_focused->composer().focusText();
}

void ChatPage::setFocusedPane(ChatPane* pane)
{
    if (pane == m_focused)
        return;
    m_focused = pane;
    for (ChatPane* each : m_panes)
        each->setMarked(each == pane);
    emit currentConversationChanged(currentConversation());
}

/// One that nothing was said in yet and that no pane shows, so that empty chats do not pile up.
Conversation& ChatPage::emptyConversation(const QList<ConversationId>& but)
{
    for (Conversation* conversation : m_session.store().byRecency()) {
        const bool shown = std::ranges::find(m_panes, conversation, &ChatPane::conversation) != m_panes.end();
        if (conversation->isEmpty() && !shown && !but.contains(conversation->id()))
            return *conversation;
    }
    return m_session.store().create();
}

} // namespace vitrine::ui
