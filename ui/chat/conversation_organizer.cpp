// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation_organizer.h"

#include <algorithm>

namespace vitrine::ui {

void ConversationOrganizer::setPinned(const QList<ConversationId>& ids, bool pinned)
{
    const ConversationList::Hold hold(m_list);
    for (const ConversationId id : ids) {
        if (Conversation* conversation = m_store.find(id))
            conversation->setPinned(pinned);
    }
}

void ConversationOrganizer::moveTo(const QList<ConversationId>& ids, FolderId folder)
{
    const ConversationList::Hold hold(m_list);
    for (const ConversationId id : ids) {
        if (Conversation* conversation = m_store.find(id)) {
            conversation->setPinned(false);
            conversation->setFolder(folder);
        }
    }
}

void ConversationOrganizer::moveTo(const QList<ConversationId>& ids, const ChatGroup& group)
{
    if (group.place == ChatGroup::Place::Pinned)
        setPinned(ids, true);
    else
        moveTo(ids, group.folder);
}

bool ConversationOrganizer::areAllPinned(const QList<ConversationId>& ids) const
{
    return std::ranges::all_of(ids, [this](ConversationId id) {
        const Conversation* conversation = m_store.find(id);
        return conversation == nullptr || conversation->isPinned();
    });
}

bool ConversationOrganizer::isAnyInFolder(const QList<ConversationId>& ids) const
{
    return std::ranges::any_of(ids, [this](ConversationId id) {
        const Conversation* conversation = m_store.find(id);
        return conversation != nullptr && m_store.find(conversation->folder()) != nullptr;
    });
}

void ConversationOrganizer::setCollapsed(FolderId id, bool collapsed)
{
    if (const Folder* folder = m_store.find(id)) {
        Folder changed = *folder;
        changed.collapsed = collapsed;
        m_store.setFolder(changed);
    }
}

int ConversationOrganizer::positionOf(FolderId id) const
{
    const auto& folders = m_store.folders();
    const auto found = std::ranges::find(folders, id, &Folder::id);
    return found == folders.end() ? -1 : int(found - folders.begin());
}

void ConversationOrganizer::moveFolder(FolderId id, FolderId before)
{
    const Folder* moved = m_store.find(id);
    if (moved == nullptr || id == before)
        return;
    std::vector<Folder> order = m_store.folders();
    const Folder copy = *moved;
    std::erase(order, copy);
    order.insert(std::ranges::find(order, before, &Folder::id), copy);
    const ConversationList::Hold hold(m_list);
    qint64 position = 0;
    for (Folder& folder : order) {
        folder.position = ++position;
        m_store.setFolder(folder);
    }
}

bool ConversationOrganizer::canShiftFolder(FolderId id, int places) const
{
    const int at = positionOf(id);
    return at >= 0 && at + places >= 0 && at + places < int(m_store.folders().size());
}

void ConversationOrganizer::shiftFolder(FolderId id, int places)
{
    if (!canShiftFolder(id, places))
        return;
    const std::size_t next = std::size_t(positionOf(id) + places + (places > 0 ? 1 : 0));
    moveFolder(id, next < m_store.folders().size() ? m_store.folders()[next].id : FolderId{});
}

} // namespace vitrine::ui
