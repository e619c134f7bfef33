// SPDX-License-Identifier: GPL-3.0-or-later
// Does what the sidebar asks for: opens conversations and messages, removes and brings back, and shows at the
// start what was shown last. Thread: UI; everything handed in outlives it.
#pragma once

#include <functional>

#include <QObject>

#include "ui/chat/conversation_saver.h"
#include "ui/chat/removed_conversations.h"

namespace vitrine::ui {

class ChatPage;
class ConversationList;
class NoticeBar;
class Preferences;
class Sidebar;

class SidebarController : public QObject
{
    Q_OBJECT

public:
    static constexpr int kUndoOffered = 10'000; ///< ms that the notice stays

    struct Parts
    {
        Sidebar& sidebar;
        ConversationList& list;
        ChatSession& session;
        NoticeBar& notices;
        Preferences& preferences;
        std::function<ChatPage&()> page; ///< the one there is now
    };

    explicit SidebarController(Parts parts, QObject* parent = nullptr);

    /// What is kept is searched from now on, and what was shown last is opened when it has been read.
    void setArchive(ChatArchive& archive, ConversationSaver& saver);
    /// Opens a conversation at a message, on whatever branch it is.
    void showMessage(ConversationId id, MessageId message);
    void remove(const QList<ConversationId>& ids);
    void removeFolder(FolderId id);
    void undo();
    /// What the panes show, for the next start.
    void rememberShown();

private:
    void restoreShown();
    void offerUndo(const QString& title);
    void goToMessage(ConversationId id, MessageId message);

    Parts m_parts;
    RemovedConversations m_removed;
    bool m_restored = false;  // before, what was shown last is not written over
    ConversationId m_awaited; // is to be shown at m_awaitedMessage when it is there
    MessageId m_awaitedMessage;
};

} // namespace vitrine::ui
