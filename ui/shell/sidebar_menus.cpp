// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sidebar_menus.h"

#include <QMenu>

#include "ui/theme/theme.h"

namespace vitrine::ui {
namespace {

constexpr qsizetype kLongestEntry = 40;

/// A name as it stands, not as a mnemonic, and not wider than the screen.
QString entryOf(const QString& name)
{
    QString entry = name.size() > kLongestEntry ? name.left(kLongestEntry) + QChar(0x2026) : name;
    return entry.replace('&', QStringLiteral("&&"));
}

} // namespace

SidebarMenus::SidebarMenus(ConversationOrganizer& organizer, ConversationStore& store, const Theme& theme,
                           QWidget* parent)
    : QObject(parent), m_organizer(organizer), m_store(store), m_theme(theme), m_parent(parent)
{}

QMenu* SidebarMenus::make()
{
    auto* menu = new QMenu(m_parent);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    return menu;
}

QMenu* SidebarMenus::forConversations(const QList<ConversationId>& ids)
{
    QMenu* menu = make();
    const bool one = ids.size() == 1;
    if (one) {
        menu->addAction(tr("Open"), this, [this, ids] { emit openRequested(ids.first()); });
        menu->addAction(tr("Rename"), m_keys.rename.value(0), this, &SidebarMenus::renameRequested);
    }
    const bool pinned = m_organizer.areAllPinned(ids);
    menu->addAction(m_theme.icon(QStringLiteral("pin")), pinned ? tr("Unpin") : tr("Pin"), this,
                    [this, ids, pinned] { m_organizer.setPinned(ids, !pinned); });
    QMenu* move = menu->addMenu(m_theme.icon(QStringLiteral("folder")), tr("Move to"));
    fillMoveMenu(*move, ids);
    if (m_canExport)
        menu->addAction(m_theme.icon(QStringLiteral("export")), tr("Export…"), this,
                        [this, ids] { emit exportRequested(ids); });
    menu->addSeparator();
    menu->addAction(m_theme.icon(QStringLiteral("trash")),
                    one ? tr("Delete") : tr("Delete %1 chats").arg(ids.size()), m_keys.remove.value(0), this,
                    &SidebarMenus::removalRequested);
    return menu;
}

void SidebarMenus::fillMoveMenu(QMenu& menu, const QList<ConversationId>& ids)
{
    menu.clear();
    for (const Folder& folder : m_store.folders())
        menu.addAction(entryOf(folder.name), this,
                       [this, ids, id = folder.id] { m_organizer.moveTo(ids, id); });
    if (!menu.isEmpty())
        menu.addSeparator();
    menu.addAction(tr("New folder…"), this, [this, ids] { emit newFolderRequested(ids); });
    if (m_organizer.isAnyInFolder(ids))
        menu.addAction(tr("Out of the folder"), this, [this, ids] { m_organizer.moveTo(ids, FolderId{}); });
}

QMenu* SidebarMenus::forFolder(FolderId id)
{
    QMenu* menu = make();
    menu->addAction(tr("Rename"), m_keys.rename.value(0), this, &SidebarMenus::renameRequested);
    menu->addAction(tr("Move up"), this, [this, id] { m_organizer.shiftFolder(id, -1); })
        ->setEnabled(m_organizer.canShiftFolder(id, -1));
    menu->addAction(tr("Move down"), this, [this, id] { m_organizer.shiftFolder(id, 1); })
        ->setEnabled(m_organizer.canShiftFolder(id, 1));
    menu->addAction(tr("New folder…"), this, [this] { emit newFolderRequested({}); });
    menu->addSeparator();
    menu->addAction(m_theme.icon(QStringLiteral("trash")), tr("Remove the folder, keep its chats"),
                    m_keys.remove.value(0), this, &SidebarMenus::removalRequested);
    return menu;
}

QMenu* SidebarMenus::forNothing()
{
    QMenu* menu = make();
    menu->addAction(m_theme.icon(QStringLiteral("plus")), tr("New chat"), this,
                    &SidebarMenus::newChatRequested);
    menu->addAction(m_theme.icon(QStringLiteral("folder")), tr("New folder…"), this,
                    [this] { emit newFolderRequested({}); });
    if (m_canExport) {
        menu->addSeparator();
        menu->addAction(tr("Import…"), this, &SidebarMenus::importRequested);
    }
    return menu;
}

} // namespace vitrine::ui
