// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/chat_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QSplitter>

#include "engine/base/check.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
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
    connect(pane, &ChatPane::splitRequested, this, &ChatPage::toggleSecondPane);
    connect(pane, &ChatPane::closeRequested, this, [this, pane] { closePane(pane); });
    connect(pane, &ChatPane::openModelRequested, this, &ChatPage::openModelRequested);
    connect(pane, &ChatPane::modelDetailsRequested, this, &ChatPage::modelDetailsRequested);
    for (ChatPane* each : m_panes)
        each->setOneOfTwo(m_panes.size() > 1);
    return pane;
}

void ChatPage::closePane(ChatPane* pane)
{
    if (m_panes.size() < 2)
        return;
    std::erase(m_panes, pane);
    if (m_focused == pane)
        m_focused = nullptr;
    setFocusedPane(m_panes.front());
    pane->hide();
    pane->disconnect(this);
    pane->deleteLater(); // the click that asked for it may still be under way
    m_panes.front()->setOneOfTwo(false);
    focusComposer();
    emit secondPaneToggled(false);
}

void ChatPage::toggleSecondPane()
{
    if (hasSecondPane()) {
        closePane(m_panes.back());
        return;
    }
    Conversation& empty = emptyConversation();
    ChatPane* pane = addPane();
    pane->setConversation(&empty);
    const int half = m_splitter->width() / 2;
    m_splitter->setSizes({half, half});
    pane->show();
    setFocusedPane(pane);
    focusComposer();
    emit secondPaneToggled(true);
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
