// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps a ChatArchive up to date with a ConversationStore: fills the store with what was kept, brings
// messages when they are wanted, and saves what changed a few times a second, so that a crash loses less than
// a second of a reply. A conversation is kept from its first message (or draft) on. Thread: UI.
#pragma once

#include <QBasicTimer>
#include <QHash>
#include <QObject>
#include <QSet>

#include "ui/chat/conversation_store.h"
#include "ui/store/chat_archive.h"

namespace vitrine::ui {

class ConversationSaver : public QObject
{
    Q_OBJECT

public:
    static constexpr int kAtOnce = 50; ///< conversations handed on in one turn of the event loop
    static constexpr qsizetype kMostDraftCharacters =
        25'000'000;                    ///< 50 MB in memory: of all drafts' large files
    static constexpr int kEvery = 250; ///< ms from a change to its being handed to the store thread

    /// Both outlive it. Its destructor hands on what is left.
    ConversationSaver(ConversationStore& store, ChatArchive& archive, QObject* parent = nullptr);
    ~ConversationSaver() override;

    /// What the file held is in the store.
    bool hasOpened() const { return m_opened; }

signals:
    void opened(const vitrine::ui::ArchiveNotice& notice);
    /// What is attached to its draft is too much to be kept: it is gone when the program ends.
    void draftNotKept(vitrine::ui::ConversationId id);
    void loadFailed(vitrine::ui::ConversationId id, const QString& reason);

protected:
    void timerEvent(QTimerEvent* event) override;

private:
    void watch(ConversationId id);
    void onOpened(const ArchiveContents& contents, const ArchiveNotice& notice);
    void onMessagesRead(qint64 id, const QList<MessageRecord>& messages, const QString& error);
    void onRemoving(ConversationId id);
    void onFoldersChanged();
    void touch(ConversationId id);
    void flush(qsizetype most);
    bool isWorthKeeping(const Conversation& conversation) const;
    void collect(Conversation& conversation, ChangeSet& into);
    void addDraftFiles(ConversationRecord& record, const Conversation& conversation);
    void settle();
    void keepTokens(const Message& message, ChangeSet& changes);
    void onTokensWanted(ConversationId conversation, MessageId message);
    void onTokensRead(qint64 message, const QByteArray& bytes);

    ConversationStore& m_store;
    ChatArchive& m_archive;
    QBasicTimer m_timer;
    bool m_opened = false;
    QSet<qint64> m_kept;                           // conversations that the file has, or will have
    QSet<qint64> m_wanted;                         // messages asked for
    QSet<qint64> m_touched;                        // conversations to save
    QHash<qint64, QSet<qint64>> m_touchedMessages; // by conversation
    QHash<qint64, QList<DraftFile>> m_draftFiles;  // that the file has, or will have
    QSet<qint64> m_notKept;                        // drafts that it was told of
    QHash<qint64, ConversationId> m_tokensWanted;  // by message
    QHash<qint64, qsizetype> m_keptTokens;         // how many, by message
    std::vector<Folder> m_savedFolders;
    ChangeSet m_changes;
    ChangeSet m_removals; // of conversations, newer than m_changes
};

} // namespace vitrine::ui
