// SPDX-License-Identifier: GPL-3.0-or-later
// The context menus of the sidebar. What is chosen comes as a signal; moving and pinning it does itself.
// Thread: UI.
#pragma once

#include <QObject>

#include "ui/chat/conversation_organizer.h"
#include "ui/keys/input_keys.h"

class QMenu;
class QWidget;

namespace vitrine::ui {

class Theme;

class SidebarMenus : public QObject
{
    Q_OBJECT

public:
    /// Menus belong to `parent`; all outlive it.
    SidebarMenus(ConversationOrganizer& organizer, ConversationStore& store, const Theme& theme,
                 QWidget* parent);

    void setExportAvailable(bool available) { m_canExport = available; }
    /// Named beside what they do.
    void setKeys(const ChatListKeys& keys) { m_keys = keys; }

    /// They delete themselves when closed.
    QMenu* forConversations(const QList<ConversationId>& ids);
    QMenu* forFolder(FolderId id);
    QMenu* forNothing();
    /// The folders these could go to, a new one, and out of them.
    void fillMoveMenu(QMenu& menu, const QList<ConversationId>& ids);

signals:
    void openRequested(vitrine::ui::ConversationId id);
    void renameRequested();
    void removalRequested();
    void newChatRequested();
    /// `ids` go into it.
    void newFolderRequested(const QList<vitrine::ui::ConversationId>& ids);
    void exportRequested(const QList<vitrine::ui::ConversationId>& ids);
    void importRequested();

private:
    QMenu* make();

    ConversationOrganizer& m_organizer;
    ConversationStore& m_store;
    const Theme& m_theme;
    QWidget* m_parent;
    ChatListKeys m_keys;
    bool m_canExport = false;
};

} // namespace vitrine::ui
