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
    static constexpr int kEvery = 250; ///< ms from a change to its being handed to the store thread

    /// Both outlive it. Its destructor hands on what is left.
    ConversationSaver(ConversationStore& store, ChatArchive& archive, QObject* parent = nullptr);
    ~ConversationSaver() override;

    /// What the file held is in the store.
    bool hasOpened() const { return m_opened; }

signals:
    void opened(const vitrine::ui::ArchiveNotice& notice);
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
    void flush();
    bool isWorthKeeping(const Conversation& conversation) const;
    void flushConversation(Conversation& conversation);
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
    QHash<qint64, ConversationId> m_tokensWanted;  // by message
    QHash<qint64, qsizetype> m_keptTokens;         // how many, by message
    std::vector<Folder> m_savedFolders;
    ChangeSet m_changes;
};

} // namespace vitrine::ui
