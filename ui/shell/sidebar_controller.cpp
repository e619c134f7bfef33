// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sidebar_controller.h"

#include <QApplication>
#include <QPointer>

#include "ui/chat/chat_page.h"
#include "ui/chat/chat_pane.h"
#include "ui/chat/composer.h"
#include "ui/chat/message_view.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/preferences.h"
#include "ui/shell/sidebar.h"

namespace vitrine::ui {
namespace {

/// Nothing was said and nothing typed: another conversation may take its place.
bool isUntouched(const ChatPane& pane)
{
    const Conversation* conversation = pane.conversation();
    return conversation != nullptr && conversation->isEmpty() && conversation->draft().isEmpty() &&
           pane.composer().text().isEmpty();
}

} // namespace

SidebarController::SidebarController(Parts parts, QObject* parent)
    : QObject(parent), m_parts(std::move(parts)), m_removed(m_parts.session)
{
    Sidebar& sidebar = m_parts.sidebar;
    connect(&sidebar, &Sidebar::conversationChosen, this,
            [this](ConversationId id) { m_parts.page().openConversation(id); });
    connect(&sidebar, &Sidebar::messageChosen, this, &SidebarController::showMessage);
    connect(&sidebar, &Sidebar::removalRequested, this, &SidebarController::remove);
    connect(&sidebar, &Sidebar::folderRemovalRequested, this, &SidebarController::removeFolder);
    connect(&sidebar, &Sidebar::undoRequested, this, &SidebarController::undo);
    // An empty chat is not worth coming back to; once something is said in it, it is.
    connect(&m_parts.session.store(), &ConversationStore::changed, this, &SidebarController::rememberShown);
    connect(&sidebar, &Sidebar::left, this, [this] { m_parts.page().focusComposer(); });
}

void SidebarController::setArchive(ChatArchive& archive, ConversationSaver& saver)
{
    m_parts.sidebar.setArchive(&archive);
    connect(&saver, &ConversationSaver::opened, this, &SidebarController::restoreShown);
}

void SidebarController::showMessage(ConversationId id, MessageId message)
{
    Conversation* conversation = m_parts.session.store().find(id);
    if (conversation == nullptr)
        return;
    m_awaited = id; // the newest wish counts
    m_awaitedMessage = message;
    m_parts.page().openConversation(id);
    if (conversation->isLoaded()) {
        goToMessage(id, message);
        return;
    }
    connect(
        conversation, &Conversation::loaded, this,
        [this, id, message] {
            if (m_awaited == id && m_awaitedMessage == message)
                goToMessage(id, message);
        },
        Qt::QueuedConnection); // after the pane has taken its messages
}

void SidebarController::goToMessage(ConversationId id, MessageId message)
{
    m_awaited = {};
    Conversation* conversation = m_parts.session.store().find(id);
    if (conversation == nullptr || conversation->tree().find(message) == nullptr)
        return;
    if (conversation->tree().indexOf(message) < 0)
        conversation->choose(message);
    for (const ChatPane* pane : m_parts.page().panes()) {
        if (pane->conversation() == conversation)
            pane->messages().showMessage(conversation->tree().indexOf(message));
    }
}

void SidebarController::remove(const QList<ConversationId>& ids)
{
    const Conversation* first = ids.isEmpty() ? nullptr : m_parts.session.store().find(ids.first());
    const QString title = first != nullptr ? first->displayTitle() : QString();
    int count = 0;
    {
        const ConversationList::Hold hold(m_parts.list);
        m_parts.page().leave(ids);
        count = m_removed.remove(ids);
    }
    if (count > 0)
        offerUndo(count == 1 ? tr("“%1” was deleted.").arg(title) : tr("%1 chats were deleted.").arg(count));
}

void SidebarController::removeFolder(FolderId id)
{
    const Folder* folder = m_parts.session.store().find(id);
    const QString name = folder != nullptr ? folder->name : QString();
    const ConversationList::Hold hold(m_parts.list);
    if (m_removed.removeFolder(id))
        offerUndo(tr("The folder “%1” was removed. Its chats are still there.").arg(name));
}

void SidebarController::offerUndo(const QString& title)
{
    Notice notice;
    notice.title = title;
    notice.action = tr("Undo");
    notice.act = [this] { undo(); };
    notice.milliseconds = kUndoOffered;
    m_parts.notices.show(notice);
}

void SidebarController::undo()
{
    if (!m_removed.canUndo())
        return;
    QList<ConversationId> back;
    {
        const ConversationList::Hold hold(m_parts.list);
        back = m_removed.undo();
    }
    m_parts.notices.dismiss();
    if (back.size() == 1)
        m_parts.page().openConversation(back.first());
}

void SidebarController::rememberShown()
{
    if (!m_restored)
        return;
    QList<quint64> ids;
    for (const ChatPane* pane : m_parts.page().panes()) {
        if (pane->conversation() != nullptr && !pane->conversation()->isEmpty())
            ids << quint64(pane->conversation()->id().value);
    }
    m_parts.preferences.setLastConversations(ids);
}

/// Never over something that the person has begun meanwhile.
void SidebarController::restoreShown()
{
    ChatPage& page = m_parts.page();
    const QPointer<QWidget> focus = QApplication::focusWidget();
    const bool inPage = focus == nullptr || page.isAncestorOf(focus);
    QList<ConversationId> shown;
    for (const quint64 id : m_parts.preferences.lastConversations()) {
        if (m_parts.session.store().find(ConversationId{qint64(id)}) != nullptr)
            shown.append(ConversationId{qint64(id)});
    }
    m_restored = true;
    if (!isUntouched(page.focusedPane()) || page.panes().size() > 1)
        return;
    const ConversationId unused = page.currentConversation();
    for (int i = 0; i < int(shown.size()); ++i) {
        if (i == 1)
            page.newPane();
        page.openConversation(shown[i]);
    }
    if (shown.isEmpty())
        return;
    page.openConversation(shown.first());
    page.leave({unused});
    m_parts.session.store().remove(unused);
    if (!inPage && focus != nullptr)
        focus->setFocus();
}

} // namespace vitrine::ui
