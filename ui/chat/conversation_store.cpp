// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation_store.h"

#include <algorithm>

namespace vitrine::ui {

ConversationStore::ConversationStore(QObject* parent) : QObject(parent)
{
    qRegisterMetaType<ConversationId>();
}

ConversationStore::~ConversationStore() = default;

Conversation& ConversationStore::own(std::unique_ptr<Conversation> conversation)
{
    Conversation& kept = *conversation;
    const ConversationId id = kept.id();
    m_conversations.push_back(std::move(conversation));
    m_byId[id] = &kept;
    m_nextNumber = std::max(m_nextNumber, kept.number() + 1);
    connect(&kept, &Conversation::changed, this, [this, id] { emit changed(id); });
    connect(&kept, &Conversation::progressed, this, [this, id] { emit progressed(id); });
    connect(&kept, &Conversation::residencyChanged, this, [this, id] { emit residencyChanged(id); });
    return kept;
}

Conversation& ConversationStore::create()
{
    Conversation& conversation = own(std::make_unique<Conversation>(m_ids, m_nextNumber));
    emit added(conversation.id());
    return conversation;
}

Conversation& ConversationStore::add(const ConversationRecord& record, const QList<MessageRecord>& messages)
{
    auto made = std::make_unique<Conversation>(m_ids, record);
    if (!made->isLoaded())
        made->load(messages);
    Conversation& conversation = own(std::move(made));
    emit added(conversation.id());
    return conversation;
}

void ConversationStore::restore(const ArchiveContents& contents)
{
    for (const FolderRecord& record : contents.folders) {
        m_ids.above(record.id);
        m_folders.push_back({FolderId{record.id}, record.name, record.position, record.collapsed});
    }
    std::ranges::stable_sort(m_folders, {}, &Folder::position);
    const std::size_t early = m_conversations.size();
    for (const ConversationRecord& record : contents.conversations) {
        if (record.id > 0 && find(ConversationId{record.id}) == nullptr)
            own(std::make_unique<Conversation>(m_ids, record));
    }
    for (std::size_t i = 0; i < early; ++i)
        m_conversations[i]->setNumber(m_nextNumber++); // begun before the others' hues were known
    emit foldersChanged();
    emit restored();
}

Conversation* ConversationStore::find(ConversationId id) const
{
    const auto found = m_byId.find(id);
    return found == m_byId.end() ? nullptr : found->second;
}

std::unique_ptr<Conversation> ConversationStore::remove(ConversationId id)
{
    const auto found = std::ranges::find(m_conversations, id, &Conversation::id);
    if (found == m_conversations.end())
        return nullptr;
    emit removing(id);
    std::unique_ptr<Conversation> gone = std::move(*found);
    m_conversations.erase(found);
    m_byId.erase(id);
    gone->disconnect(this);
    emit removed(id);
    return gone;
}

void ConversationStore::putBack(std::unique_ptr<Conversation> conversation)
{
    const ConversationId id = own(std::move(conversation)).id();
    emit added(id);
    emit changed(id);
}

std::vector<Conversation*> ConversationStore::byRecency() const
{
    std::vector<Conversation*> result;
    result.reserve(m_conversations.size());
    for (const auto& conversation : m_conversations)
        result.push_back(conversation.get());
    std::ranges::stable_sort(result, [](const Conversation* a, const Conversation* b) {
        return std::pair(a->lastActivity(), a->id()) > std::pair(b->lastActivity(), b->id());
    });
    return result;
}

const Folder* ConversationStore::find(FolderId id) const
{
    const auto found = std::ranges::find(m_folders, id, &Folder::id);
    return found == m_folders.end() ? nullptr : &*found;
}

FolderId ConversationStore::createFolder(const QString& name)
{
    const qint64 position = m_folders.empty() ? 1 : m_folders.back().position + 1;
    m_folders.push_back({FolderId{m_ids.next()}, name, position, false});
    emit foldersChanged();
    return m_folders.back().id;
}

void ConversationStore::setFolder(const Folder& folder)
{
    const auto found = std::ranges::find(m_folders, folder.id, &Folder::id);
    if (found == m_folders.end() || *found == folder)
        return;
    *found = folder;
    std::ranges::stable_sort(m_folders, {}, &Folder::position);
    emit foldersChanged();
}

void ConversationStore::removeFolder(FolderId id)
{
    if (std::erase_if(m_folders, [id](const Folder& folder) { return folder.id == id; }) == 0)
        return;
    for (const auto& conversation : m_conversations) {
        if (conversation->folder() == id)
            conversation->setFolder({});
    }
    emit foldersChanged();
}

void ConversationStore::ensureLoaded(ConversationId id)
{
    const Conversation* conversation = find(id);
    if (conversation != nullptr && !conversation->isLoaded())
        emit messagesWanted(id);
}

} // namespace vitrine::ui
