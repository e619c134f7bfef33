// SPDX-License-Identifier: GPL-3.0-or-later
// The chat page right of the sidebar: up to four panes side by side, each with a conversation of its own, all
// generating at once. While panes are compared, what one sends goes to all of them. Thread: UI.
#pragma once

#include <functional>
#include <vector>

#include <QWidget>

#include "ui/chat/chat_session.h"

class QSplitter;

namespace vitrine::ui {

class ChatPane;
class KeyBook;
class Theme;

class ChatPage : public QWidget
{
    Q_OBJECT

public:
    static constexpr std::size_t kMostPanes = 4;

    /// Both must outlive it. Starts with one pane and an empty conversation.
    ChatPage(ChatSession& session, const Theme& theme, QWidget* parent = nullptr);

    /// Shows a conversation in the pane with the focus (or goes to the pane that shows it already).
    void openConversation(ConversationId id);
    /// The same in the other pane, which is opened where there is none.
    void openInOtherPane(ConversationId id);
    /// An empty conversation in the pane with the focus.
    void newChat();
    /// Another pane with an empty conversation; nothing where there are kMostPanes.
    void newPane();
    /// The one with the focus, where it is not the last.
    void closePane();
    void setComparing(bool comparing);
    bool isComparing() const { return m_comparing; }
    ConversationId currentConversation() const;
    ChatPane& focusedPane() const { return *m_focused; }
    const std::vector<ChatPane*>& panes() const { return m_panes; }
    void focusComposer();
    /// For all panes, now and later.
    /// Of the window's commands; they are followed. Outlives it.
    void setKeys(const KeyBook& keys);
    /// No pane shows one of these any more: empty ones take their places.
    void leave(const QList<ConversationId>& ids);

signals:
    void openModelRequested();
    void modelDetailsRequested();
    void undoOffered(const QString& what, const std::function<void()>& undo);
    /// Another conversation has the focus now: the sidebar marks it.
    void currentConversationChanged(vitrine::ui::ConversationId id);
    void panesChanged();

private:
    ChatPane* addPane();
    void closePane(ChatPane* pane);
    void sendToAll(ChatPane* from, const QString& text, const QList<Attachment>& attachments);
    void recordTokens();
    void tellPanes();
    void tellKeys();
    void setFocusedPane(ChatPane* pane);
    Conversation& emptyConversation(const QList<ConversationId>& but = {});

    ChatSession& m_session;
    const Theme& m_theme;
    QSplitter* m_splitter = nullptr;
    std::vector<ChatPane*> m_panes; // left to right, owned by the splitter
    ChatPane* m_focused = nullptr;
    bool m_comparing = false;
    const KeyBook* m_keys = nullptr; // none: keys as they come
};

} // namespace vitrine::ui
