// SPDX-License-Identifier: GPL-3.0-or-later
// Puts conversations in order, several at once: pins them, moves them between folders, and sorts the folders.
// Ids that are not known (any more) are passed over. Thread: UI.
#pragma once

#include <QList>

#include "ui/chat/conversation_list.h"

namespace vitrine::ui {

class ConversationOrganizer
{
public:
    /// It outlives this.
    explicit ConversationOrganizer(ConversationList& list) : m_list(list), m_store(list.store()) {}

    void setPinned(const QList<ConversationId>& ids, bool pinned);
    /// Into a folder, or (none) out of any. They are not pinned any more: pinned ones are shown elsewhere.
    void moveTo(const QList<ConversationId>& ids, FolderId folder);
    void moveTo(const QList<ConversationId>& ids, const ChatGroup& group);
    bool areAllPinned(const QList<ConversationId>& ids) const;
    bool isAnyInFolder(const QList<ConversationId>& ids) const;

    void setCollapsed(FolderId folder, bool collapsed);
    /// To the place of `before` (none: to the end).
    void moveFolder(FolderId folder, FolderId before);
    /// By so many places up (negative) or down.
    void shiftFolder(FolderId folder, int places);
    bool canShiftFolder(FolderId folder, int places) const;

private:
    int positionOf(FolderId folder) const; ///< among the folders; -1: unknown

    ConversationList& m_list;
    ConversationStore& m_store;
};

} // namespace vitrine::ui
