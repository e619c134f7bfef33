// SPDX-License-Identifier: GPL-3.0-or-later
// All conversations and folders of the window. Owns them; hues are given here. Thread: UI.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include <QObject>

#include "ui/chat/conversation.h"

namespace vitrine::ui {

struct Folder
{
    FolderId id;
    QString name;
    qint64 position = 0; ///< they stand in this order
    bool collapsed = false;

    bool operator==(const Folder&) const = default;
};

class ConversationStore : public QObject
{
    Q_OBJECT

public:
    explicit ConversationStore(QObject* parent = nullptr);
    ~ConversationStore() override;

    Conversation& create();
    /// What was kept; beside what is there already.
    void restore(const ArchiveContents& contents);
    Conversation* find(ConversationId id) const;
    /// Out of the list, for good or until putBack(). REQUIRES: nobody shows it any more.
    std::unique_ptr<Conversation> remove(ConversationId id);
    void putBack(std::unique_ptr<Conversation> conversation);
    /// A conversation with all its messages, of an import.
    Conversation& add(const ConversationRecord& record, const QList<MessageRecord>& messages);
    std::vector<Conversation*> byRecency() const; ///< most recent first
    std::size_t size() const { return m_conversations.size(); }
    IdSource& ids() { return m_ids; }

    const std::vector<Folder>& folders() const { return m_folders; } ///< in order
    const Folder* find(FolderId id) const;
    FolderId createFolder(const QString& name);
    void setFolder(const Folder& folder); ///< name, position, whether it is folded
    void removeFolder(FolderId id);       ///< its conversations stay, outside of folders

    /// Its messages are wanted: messagesWanted() asks for them where they are not there yet.
    void ensureLoaded(ConversationId id);

signals:
    void added(vitrine::ui::ConversationId id);
    void restored(); ///< many were added
    void changed(vitrine::ui::ConversationId id);
    void progressed(vitrine::ui::ConversationId id);
    void residencyChanged(vitrine::ui::ConversationId id);
    void removing(vitrine::ui::ConversationId id); ///< it is still there
    void removed(vitrine::ui::ConversationId id);
    void foldersChanged();
    void messagesWanted(vitrine::ui::ConversationId id);

private:
    Conversation& own(std::unique_ptr<Conversation> conversation);

    IdSource m_ids;
    std::vector<std::unique_ptr<Conversation>> m_conversations;
    std::unordered_map<ConversationId, Conversation*> m_byId;
    std::vector<Folder> m_folders;
    std::size_t m_nextNumber = 0;
};

} // namespace vitrine::ui
