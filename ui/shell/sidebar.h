// SPDX-License-Identifier: GPL-3.0-or-later
// The sidebar: a line to search in, the conversations (pinned, in folders, by date) or what the search found,
// and what can be done with several of them. It puts things in order by itself; opening, removing and undoing
// it asks for by signals. Thread: UI.
#pragma once

#include <QWidget>

#include "ui/chat/conversation_organizer.h"
#include "ui/chat/search_results.h"
#include "ui/theme/theme.h"

class QLabel;
class QStackedWidget;
class QToolButton;

namespace vitrine::ui {

class ConversationView;
class KeyBook;
class KvLegend;
class SearchField;
class SearchPanel;
class SelectionBar;
class SidebarMenus;

class Sidebar : public QWidget
{
    Q_OBJECT

public:
    static constexpr int kWidth = 264;
    static constexpr int kWidthBesideTwoPanes = 232;

    /// Both outlive it.
    Sidebar(ConversationList& conversations, const Theme& theme, QWidget* parent = nullptr);

    /// Marks the conversation that has the focus.
    void setCurrent(ConversationId id);
    /// Where texts are searched; none: titles alone.
    void setArchive(ChatArchive* archive) { m_results.setArchive(archive); }
    /// Offers export and import; whoever calls it listens to their signals.
    void setExportAvailable(bool available);
    /// Of the window's commands; they are followed. Outlives it.
    void setKeys(const KeyBook& keys);
    void focusSearch();
    void focusList();
    /// A new folder with these in it; its name can be typed at once.
    void newFolder(const QList<ConversationId>& ids = {});

    ConversationView& list() const { return *m_view; }
    SearchPanel& searchPanel() const { return *m_found; }

signals:
    void newChatRequested();
    void conversationChosen(vitrine::ui::ConversationId id);
    void messageChosen(vitrine::ui::ConversationId id, vitrine::ui::MessageId message);
    /// To be done before it returns, so that the list can go on where it was.
    void removalRequested(const QList<vitrine::ui::ConversationId>& ids);
    void folderRemovalRequested(vitrine::ui::FolderId id);
    void undoRequested();
    void exportRequested(const QList<vitrine::ui::ConversationId>& ids);
    void importRequested();
    void left(); ///< the person is done here: the focus may go on

protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void build();
    QWidget* makeTop();
    void connectSearch();
    void connectList();
    void connectMenus();
    void retranslate();
    void takeKeys(const KeyBook& keys);
    void markCurrent();
    void refreshFoot();
    void refreshSelection();
    void showMenu(const QPoint& place, const QModelIndex& index);
    void removeSelected();
    void onQuery(const QString& query);

    const Theme& m_theme;
    ConversationList& m_conversations;
    ConversationOrganizer m_organizer;
    SearchResults m_results;
    ConversationId m_current;
    SearchField* m_search = nullptr;
    QToolButton* m_new = nullptr;
    QStackedWidget* m_pages = nullptr;
    ConversationView* m_view = nullptr;
    SearchPanel* m_found = nullptr;
    SelectionBar* m_bar = nullptr;
    SidebarMenus* m_menus = nullptr;
    QLabel* m_note = nullptr; // while there is no chat to say something about
    KvLegend* m_legend = nullptr;
};

} // namespace vitrine::ui
