// SPDX-License-Identifier: GPL-3.0-or-later
// Conversations and folders that were removed, until it is undone or the program ends: step by step, what was
// removed together comes back together. Replies that were being written are stopped. Thread: UI.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QList>

#include "ui/chat/chat_session.h"

namespace vitrine::ui {

class RemovedConversations
{
public:
    static constexpr std::size_t kMostSteps = 100; ///< older ones are for good

    /// The session outlives it.
    explicit RemovedConversations(ChatSession& session) : m_session(session) {}

    /// One step; returns how many there were. REQUIRES: nobody shows them any more.
    int remove(const QList<ConversationId>& ids);
    /// One step; its conversations stay, outside of folders.
    bool removeFolder(FolderId id);
    bool canUndo() const { return !m_steps.empty(); }
    /// Takes the last step back; returns the conversations that came back.
    QList<ConversationId> undo();

private:
    struct Step
    {
        std::vector<std::unique_ptr<Conversation>> conversations;
        std::optional<Folder> folder;
        QList<ConversationId> members; // of the folder
    };

    void stopReplies(Conversation& conversation);
    void keep(Step step);
    void restoreFolder(const Folder& folder, const QList<ConversationId>& members);

    ChatSession& m_session;
    std::vector<Step> m_steps; // oldest first
};

} // namespace vitrine::ui
