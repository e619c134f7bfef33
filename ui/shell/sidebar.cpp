// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/sidebar.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/shell/conversation_view.h"
#include "ui/shell/kv_legend.h"
#include "ui/shell/search_field.h"
#include "ui/shell/search_panel.h"
#include "ui/shell/selection_bar.h"
#include "ui/shell/sidebar_menus.h"
#include "ui/theme/padded_label.h"

namespace vitrine::ui {

Sidebar::Sidebar(ConversationList& conversations, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_conversations(conversations), m_organizer(conversations),
      m_results(conversations.store())
{
    setFixedWidth(theme.scaledColumn(kWidth));
    build();
    connectSearch();
    connectList();
    connectMenus();
    connect(&theme, &Theme::changed, this, [this] {
        m_view->doItemsLayout(); // rows follow the zoom
        update();
    });
    retranslate();
}

void Sidebar::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    column->addWidget(makeTop());
    m_pages = new QStackedWidget;
    m_view = new ConversationView(m_conversations, m_theme);
    m_found = new SearchPanel(m_results, m_theme);
    m_pages->addWidget(m_view);
    m_pages->addWidget(m_found);
    column->addWidget(m_pages, 1);
    m_bar = new SelectionBar(m_theme);
    column->addWidget(m_bar);
    m_note = new PaddedLabel({kSpace4, kSpace3, kSpace4, kSpace3});
    m_note->setProperty("role", "small");
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    m_legend = new KvLegend(m_theme);
    column->addWidget(m_legend);
    refreshFoot();
    m_menus = new SidebarMenus(m_organizer, m_conversations.store(), m_theme, this);
}

QWidget* Sidebar::makeTop()
{
    auto* top = new QWidget;
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(kSpace3, kSpace2, kSpace2, kSpace2);
    row->setSpacing(kSpace2);
    m_search = new SearchField(m_theme);
    m_new = new QToolButton;
    m_new->setIcon(m_theme.icon(QStringLiteral("plus"), IconTone::Accent));
    m_theme.follow(m_new, [this] {
        const int side = m_theme.scaled(kRailIconSize), room = m_theme.scaled(kSmallButtonHeight);
        m_new->setIconSize({side, side});
        m_new->setFixedSize(room, room);
    });
    m_new->setFocusPolicy(Qt::TabFocus);
    m_new->setProperty("command", QStringLiteral("chat.new"));
    row->addWidget(m_search, 1);
    row->addWidget(m_new);
    return top;
}

void Sidebar::connectSearch()
{
    connect(m_new, &QToolButton::clicked, this, &Sidebar::newChatRequested);
    connect(m_search, &QLineEdit::textChanged, this, &Sidebar::onQuery);
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (!m_results.query().isEmpty())
            m_found->openCurrent();
    });
    connect(m_search, &SearchField::left, this, &Sidebar::left);
    connect(m_search, &SearchField::leftDownwards, this, [this] {
        if (m_pages->currentWidget() == m_view)
            focusList();
        else
            m_found->enter();
    });
    connect(m_found, &SearchPanel::conversationChosen, this, &Sidebar::conversationChosen);
    connect(m_found, &SearchPanel::messageChosen, this, &Sidebar::messageChosen);
    connect(m_found, &SearchPanel::leftUpwards, this, [this] { m_search->setFocus(Qt::TabFocusReason); });
    connect(m_found, &SearchPanel::closed, this, [this] {
        m_search->clear();
        m_search->setFocus(Qt::TabFocusReason);
    });
}

void Sidebar::connectList()
{
    connect(m_view, &ConversationView::chosen, this, &Sidebar::conversationChosen);
    connect(m_view, &ConversationView::folderToggled, this,
            [this](FolderId id, bool collapsed) { m_organizer.setCollapsed(id, collapsed); });
    connect(m_view, &ConversationView::removalRequested, this, &Sidebar::removeSelected);
    connect(m_view, &ConversationView::undoRequested, this, &Sidebar::undoRequested);
    connect(m_view, &ConversationView::menuRequested, this, &Sidebar::showMenu);
    connect(
        m_view, &ConversationView::conversationsDropped, this,
        [this](const QList<ConversationId>& ids, const ChatGroup& group) { m_organizer.moveTo(ids, group); });
    connect(m_view, &ConversationView::folderDropped, this,
            [this](FolderId id, FolderId before) { m_organizer.moveFolder(id, before); });
    connect(m_view, &ConversationView::leftUpwards, this,
            [this] { m_search->setFocus(Qt::BacktabFocusReason); });
    connect(m_view, &ConversationView::leftAlone, this, &Sidebar::markCurrent);
    connect(m_view, &ConversationView::selectionEdited, this, &Sidebar::refreshSelection);
    connect(&m_conversations, &QAbstractItemModel::modelReset, this, &Sidebar::markCurrent);
    for (auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&m_conversations, signal, this, &Sidebar::markCurrent);
    for (const auto signal : {&ConversationStore::changed, &ConversationStore::removed})
        connect(&m_conversations.store(), signal, this, &Sidebar::refreshFoot);
    connect(&m_conversations.store(), &ConversationStore::restored, this, &Sidebar::refreshFoot);
    connect(&m_conversations, &ConversationList::dataChanged, this, &Sidebar::refreshFoot);
}

void Sidebar::connectMenus()
{
    connect(m_menus, &SidebarMenus::openRequested, this, &Sidebar::conversationChosen);
    connect(m_menus, &SidebarMenus::newChatRequested, this, &Sidebar::newChatRequested);
    connect(m_menus, &SidebarMenus::newFolderRequested, this, &Sidebar::newFolder);
    connect(m_menus, &SidebarMenus::removalRequested, this, &Sidebar::removeSelected);
    connect(m_menus, &SidebarMenus::exportRequested, this, &Sidebar::exportRequested);
    connect(m_menus, &SidebarMenus::importRequested, this, &Sidebar::importRequested);
    connect(m_menus, &SidebarMenus::renameRequested, this, [this] { m_view->edit(m_view->currentIndex()); });
    connect(m_bar, &SelectionBar::removalRequested, this, &Sidebar::removeSelected);
    connect(m_bar, &SelectionBar::exportRequested, this,
            [this] { emit exportRequested(m_view->selectedConversations()); });
    connect(m_bar, &SelectionBar::pinRequested, this,
            [this](bool pinned) { m_organizer.setPinned(m_view->selectedConversations(), pinned); });
    connect(&m_bar->moveMenu(), &QMenu::aboutToShow, this,
            [this] { m_menus->fillMoveMenu(m_bar->moveMenu(), m_view->selectedConversations()); });
}

void Sidebar::retranslate()
{
    m_new->setToolTip(tr("New chat"));
    m_new->setAccessibleName(tr("New chat"));
    m_view->setAccessibleName(tr("Chats"));
    m_note->setText(tr("Kept on this computer alone."));
}

void Sidebar::setExportAvailable(bool available)
{
    m_menus->setExportAvailable(available);
    m_bar->setExportAvailable(available);
}

void Sidebar::setKeys(const KeyBook& keys)
{
    connect(&keys, &KeyBook::keysChanged, this, [this, &keys] { takeKeys(keys); });
    takeKeys(keys);
}

void Sidebar::takeKeys(const KeyBook& keys)
{
    const ChatListKeys own = ChatListKeys::of(keys);
    m_view->setKeys(own);
    m_menus->setKeys(own);
    m_search->setKeys(keycapsOf(keys.keyOf(QStringLiteral("window.search"))).join(QLatin1Char(' ')));
}

void Sidebar::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void Sidebar::focusList()
{
    m_view->setFocus(Qt::TabFocusReason);
    if (!m_view->currentIndex().isValid())
        m_view->selectNear(0);
}

void Sidebar::onQuery(const QString& query)
{
    m_results.setQuery(query);
    m_pages->setCurrentWidget(m_results.query().isEmpty() ? static_cast<QWidget*>(m_view) : m_found);
    refreshSelection();
}

void Sidebar::setCurrent(ConversationId id)
{
    m_current = id;
    m_view->setShown(id);
    markCurrent();
}

/// Selects what has the page, unless somebody is at work in the list.
void Sidebar::markCurrent()
{
    const bool several = m_view->selectedConversations().size() > 1;
    if (m_view->isEditing() || m_view->hasFocus() || several)
        return;
    const QModelIndex index = m_conversations.indexOf(m_current);
    if (index != m_view->currentIndex())
        m_view->selectOnly(index);
}

void Sidebar::refreshFoot()
{
    const auto chats = m_conversations.store().byRecency();
    const bool any = chats.size() > 1 || (!chats.empty() && !chats.front()->isEmpty());
    m_legend->setVisible(any);
    m_note->setVisible(!any);
    update();
}

void Sidebar::refreshSelection()
{
    const QList<ConversationId> ids = m_view->selectedConversations();
    const bool shown = m_pages->currentWidget() == m_view;
    m_bar->setSelection(shown ? int(ids.size()) : 0, m_organizer.areAllPinned(ids));
}

void Sidebar::showMenu(const QPoint& place, const QModelIndex& index)
{
    const QList<ConversationId> ids = m_view->selectedConversations();
    QMenu* menu = nullptr;
    if (index.isValid() && m_view->currentFolder() != FolderId{} && ids.isEmpty())
        menu = m_menus->forFolder(m_view->currentFolder());
    else if (index.isValid() && !ids.isEmpty() && m_conversations.flags(index) & Qt::ItemIsSelectable)
        menu = m_menus->forConversations(ids);
    else
        menu = m_menus->forNothing();
    menu->popup(place);
}

void Sidebar::removeSelected()
{
    const QList<ConversationId> ids = m_view->selectedConversations();
    const FolderId folder = m_view->currentFolder();
    const int row = ids.isEmpty() ? m_view->currentIndex().row() : m_conversations.indexOf(ids.first()).row();
    const bool focused = m_view->hasFocus();
    if (!ids.isEmpty())
        emit removalRequested(ids);
    else if (folder != FolderId{})
        emit folderRemovalRequested(folder);
    if (!focused)
        return;
    m_view->setFocus();
    m_view->selectNear(row);
}

void Sidebar::newFolder(const QList<ConversationId>& ids)
{
    m_search->clear();
    const FolderId id = m_conversations.store().createFolder(tr("New folder"));
    if (!ids.isEmpty())
        m_organizer.moveTo(ids, id);
    const QModelIndex row = m_conversations.indexOf(id);
    m_view->setFocus(Qt::ShortcutFocusReason);
    m_view->selectOnly(row);
    m_view->edit(row);
}

void Sidebar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void Sidebar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().window);
    painter.fillRect(width() - 1, 0, 1, height(), m_theme.tokens().border);
    const int foot = m_legend->isHidden() ? m_note->y() : m_legend->y();
    painter.fillRect(0, foot, width(), 1, m_theme.tokens().border);
}

} // namespace vitrine::ui
