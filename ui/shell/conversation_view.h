// SPDX-License-Identifier: GPL-3.0-or-later
// The list of conversations: one click opens, Ctrl and Shift select several; rows are dragged into folders,
// on the pinned, and out again, and folders among each other. What is to be done it says by signals. Thread:
// UI.
#pragma once

#include <QListView>

#include "ui/chat/conversation_list.h"
#include "ui/keys/input_keys.h"

namespace vitrine::ui {

class ConversationDelegate;
class Theme;

class ConversationView : public QListView
{
    Q_OBJECT

public:
    /// Both outlive it.
    ConversationView(ConversationList& list, const Theme& theme, QWidget* parent = nullptr);

    QList<ConversationId> selectedConversations() const; ///< from top to bottom
    FolderId currentFolder() const;                      ///< whose row is the current one; or none
    void setShown(ConversationId id);
    void setKeys(const ChatListKeys& keys) { m_keys = keys; }
    bool isEditing() const { return state() == EditingState; }
    void selectOnly(const QModelIndex& index); ///< and make it the current one; invalid: none
    /// The row nearest to this place that can be selected becomes the current and only one.
    void selectNear(int row);

signals:
    void chosen(vitrine::ui::ConversationId id);
    void folderToggled(vitrine::ui::FolderId id, bool collapsed);
    void removalRequested();
    void undoRequested();
    void menuRequested(const QPoint& globalPlace, const QModelIndex& index);
    void conversationsDropped(const QList<vitrine::ui::ConversationId>& ids,
                              const vitrine::ui::ChatGroup& group);
    void folderDropped(vitrine::ui::FolderId id, vitrine::ui::FolderId before);
    void leftUpwards();
    void leftAlone(); ///< the focus is elsewhere
    void selectionEdited();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void startDrag(Qt::DropActions actions) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;

private:
    void act(const QModelIndex& index);
    bool goSideways(bool left);
    bool handleKey(const QKeyEvent& key);
    bool handleOwnKey(const QKeyEvent& key);
    bool isFirst(const QModelIndex& index) const;
    FolderId folderBelow(int y) const;
    void aim(const QDropEvent& event);
    void endAim();
    QModelIndex headOf(const QModelIndex& index) const;
    QPixmap dragPicture(const QString& text) const;

    const Theme& m_theme;
    ConversationList& m_list;
    ConversationDelegate* m_delegate = nullptr;
    ChatListKeys m_keys;
    bool m_aiming = false;
    bool m_aimsBetween = false; // a folder is dragged: the target is a line
    QPersistentModelIndex m_aim;
};

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::ChatGroup)
