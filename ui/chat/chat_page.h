// SPDX-License-Identifier: GPL-3.0-or-later
// The chat page right of the sidebar: one or two panes side by side, each with a conversation of its own,
// both generating at once. Thread: UI.
#pragma once

#include <vector>

#include <QWidget>

#include "ui/chat/chat_session.h"

class QSplitter;

namespace vitrine::ui {

class ChatPane;
class Theme;

class ChatPage : public QWidget
{
    Q_OBJECT

public:
    /// Both must outlive it. Starts with one pane and an empty conversation.
    ChatPage(ChatSession& session, const Theme& theme, QWidget* parent = nullptr);

    /// Shows a conversation in the pane with the focus (or goes to the pane that shows it already).
    void openConversation(ConversationId id);
    /// An empty conversation in the pane with the focus.
    void newChat();
    void toggleSecondPane();
    bool hasSecondPane() const { return m_panes.size() > 1; }
    ConversationId currentConversation() const;
    ChatPane& focusedPane() const { return *m_focused; }
    const std::vector<ChatPane*>& panes() const { return m_panes; }
    void focusComposer();
    /// No pane shows one of these any more: empty ones take their places.
    void leave(const QList<ConversationId>& ids);

signals:
    void openModelRequested();
    void modelDetailsRequested();
    /// Another conversation has the focus now: the sidebar marks it.
    void currentConversationChanged(vitrine::ui::ConversationId id);
    void secondPaneToggled(bool open);

private:
    ChatPane* addPane();
    void closePane(ChatPane* pane);
    void setFocusedPane(ChatPane* pane);
    Conversation& emptyConversation(const QList<ConversationId>& but = {});

    ChatSession& m_session;
    const Theme& m_theme;
    QSplitter* m_splitter = nullptr;
    std::vector<ChatPane*> m_panes; // left to right, owned by the splitter
    ChatPane* m_focused = nullptr;
};

} // namespace vitrine::ui
