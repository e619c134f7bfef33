// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation_store.h"

#include <algorithm>

namespace vitrine::ui {

ConversationStore::ConversationStore(QObject* parent) : QObject(parent)
{
    qRegisterMetaType<ConversationId>();
}

ConversationStore::~ConversationStore() = default;

Conversation& ConversationStore::create()
{
    const ConversationId id{++m_lastId};
    m_conversations.push_back(std::make_unique<Conversation>(id, std::size_t(m_lastId - 1)));
    Conversation& conversation = *m_conversations.back();
    connect(&conversation, &Conversation::changed, this, [this, id] { emit changed(id); });
    connect(&conversation, &Conversation::progressed, this, [this, id] { emit progressed(id); });
    emit added(id);
    return conversation;
}

Conversation* ConversationStore::find(ConversationId id) const
{
    const auto found = std::ranges::find(m_conversations, id, &Conversation::id);
    return found == m_conversations.end() ? nullptr : found->get();
}

void ConversationStore::remove(ConversationId id)
{
    const auto found = std::ranges::find(m_conversations, id, &Conversation::id);
    if (found == m_conversations.end())
        return;
    const std::unique_ptr<Conversation> gone = std::move(*found);
    m_conversations.erase(found);
    emit removed(id);
}

std::vector<Conversation*> ConversationStore::byRecency() const
{
    std::vector<Conversation*> result;
    for (const auto& conversation : m_conversations)
        result.push_back(conversation.get());
    std::ranges::stable_sort(result, [](const Conversation* a, const Conversation* b) {
        return std::pair(a->lastActivity(), a->id()) > std::pair(b->lastActivity(), b->id());
    });
    return result;
}

} // namespace vitrine::ui
