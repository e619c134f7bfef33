// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/removed_conversations.h"

namespace vitrine::ui {

/// The engine's last word would come when the conversation is gone: its replies end here and now.
void RemovedConversations::stopReplies(Conversation& conversation)
{
    if (!conversation.isGenerating())
        return;
    m_session.stopAll(conversation.id());
    QList<ReplyId> open;
    for (const Message* message : conversation.tree().all()) {
        if (message->isOpen())
            open.append(message->reply);
    }
    ReplyEnd end;
    end.reason = engine::FinishReason::Cancelled;
    for (const ReplyId reply : open)
        conversation.endReply(reply, end);
}

int RemovedConversations::remove(const QList<ConversationId>& ids)
{
    ConversationStore& store = m_session.store();
    Step step;
    for (const ConversationId id : ids) {
        if (Conversation* conversation = store.find(id)) {
            stopReplies(*conversation);
            step.conversations.push_back(store.remove(id));
        }
    }
    const int count = int(step.conversations.size());
    if (count > 0)
        keep(std::move(step));
    return count;
}

bool RemovedConversations::removeFolder(FolderId id)
{
    ConversationStore& store = m_session.store();
    const Folder* folder = store.find(id);
    if (folder == nullptr)
        return false;
    Step step;
    step.folder = *folder;
    for (const Conversation* conversation : store.byRecency()) {
        if (conversation->folder() == id)
            step.members.append(conversation->id());
    }
    store.removeFolder(id);
    keep(std::move(step));
    return true;
}

void RemovedConversations::keep(Step step)
{
    if (m_steps.size() >= kMostSteps)
        m_steps.erase(m_steps.begin());
    m_steps.push_back(std::move(step));
}

QList<ConversationId> RemovedConversations::undo()
{
    if (m_steps.empty())
        return {};
    Step step = std::move(m_steps.back());
    m_steps.pop_back();
    QList<ConversationId> back;
    for (auto& conversation : step.conversations) {
        back.append(conversation->id());
        m_session.store().putBack(std::move(conversation));
    }
    if (step.folder)
        restoreFolder(*step.folder, step.members);
    return back;
}

/// It has another id now: what was removed from it before has to follow.
void RemovedConversations::restoreFolder(const Folder& folder, const QList<ConversationId>& members)
{
    ConversationStore& store = m_session.store();
    Folder restored = folder;
    restored.id = store.createFolder(folder.name);
    store.setFolder(restored);
    for (const ConversationId id : members) {
        Conversation* conversation = store.find(id);
        if (conversation != nullptr && conversation->folder() == FolderId{})
            conversation->setFolder(restored.id);
    }
    for (Step& step : m_steps) {
        for (auto& conversation : step.conversations) {
            if (conversation->folder() == folder.id)
                conversation->setFolder(restored.id);
        }
    }
}

} // namespace vitrine::ui
