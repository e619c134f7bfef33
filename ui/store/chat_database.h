// SPDX-License-Identifier: GPL-3.0-or-later
// The file of all conversations: SQLite with a write-ahead log, searched by trigrams (FTS5). Every call waits
// for the disk: only the store thread uses it.
//
// A change set is a transaction: after a crash at any moment the file holds whole change sets only. Errors
// come back as sentences; empty means done.
#pragma once

#include <memory>
#include <optional>

#include <QSqlDatabase>
#include <QString>

#include "ui/store/records.h"

class QSqlQuery;

namespace vitrine::ui {

class ChatDatabase
{
public:
    static constexpr int kVersion = 3; ///< of the schema

    ChatDatabase();
    ~ChatDatabase();
    ChatDatabase(const ChatDatabase&) = delete;
    ChatDatabase& operator=(const ChatDatabase&) = delete;

    enum class Opened {
        Ready,
        Damaged,   ///< not a database, or one that fails its check
        TooNew,    ///< written by a later version of the program
        Impossible ///< the folder cannot be written, the disk is full …
    };
    /// Creates what is missing; brings an older schema up to date after a backup beside the file.
    Opened open(const QString& path, QString& error);
    /// For reading what is left of a damaged file.
    bool openReadOnly(const QString& path);
    void close();
    bool isOpen() const { return m_database.isOpen(); }

    QString apply(const ChangeSet& changes);
    QString read(ArchiveContents& contents);
    /// In order of their ids, so that a parent comes before its children.
    QString readMessages(qint64 conversation, QList<MessageRecord>& messages);
    /// Of a message; empty: nothing was kept.
    QString readTokens(qint64 message, QByteArray& bytes);
    /// Every word of `query` occurs in the text, whatever its case. The newest first.
    QString search(const QString& query, int limit, QList<SearchHit>& hits);
    /// Replies that were being written when the program ended are Interrupted from now on.
    QString closeOpenReplies();
    /// Removes what was deleted before `time` (ms since the epoch) for good, and what is kept of messages
    /// that are gone.
    QString purgeDeleted(qint64 time);
    /// A whole copy, made while the file is in use.
    QString copyTo(const QString& path);

    /// Everything that can still be read, row by row, of a file that openReadOnly() opened.
    ChangeSet salvage();

private:
    QString migrate(const QString& path);
    QString execute(const QString& statement);
    QString write(const ChangeSet& changes);
    QString writeFolders(const ChangeSet& changes);
    QString writeConversations(const ChangeSet& changes);
    QString writeDraftFiles(const ConversationRecord& conversation);
    QString readDraftFiles(ArchiveContents& contents);
    QString writeMessages(const ChangeSet& changes);
    QString writeTokens(const ChangeSet& changes);
    QString removeRows(const QString& statement, const QList<qint64>& ids);
    int schemaVersion(QString& error);
    Opened check(QString& error);

    QString m_connection;
    QSqlDatabase m_database;
};

} // namespace vitrine::ui
