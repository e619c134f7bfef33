// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the file of conversations: writing change sets, reading, searching, salvaging.
#include <QHash>
#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include "ui/store/chat_database.h"
#include "ui/store/row_values.h"
#include "ui/store/text_search.h"

namespace vitrine::ui {

namespace {

/// Rows of `table` from its beginning on, and where that meets a page it cannot read, from its end.
template<class Take>
void salvageTable(QSqlDatabase& database, const QString& table, const QString& columns, Take take)
{
    qint64 last = 0;
    for (const char* order : {"ASC", "DESC"}) {
        QSqlQuery query(database);
        query.setForwardOnly(true);
        if (!query.exec(QStringLiteral("SELECT %1 FROM %2 WHERE id > %3 ORDER BY id %4")
                            .arg(columns, table)
                            .arg(last)
                            .arg(QLatin1String(order))))
            continue;
        while (query.next()) {
            take(query);
            last = std::max(last, query.value(0).toLongLong());
        }
        if (query.lastError().type() == QSqlError::NoError)
            return;
    }
}

} // namespace

QString ChatDatabase::apply(const ChangeSet& changes)
{
    if (changes.isEmpty())
        return {};
    if (!m_database.transaction())
        return m_database.lastError().text();
    QString error = write(changes);
    if (error.isEmpty() && !m_database.commit())
        error = m_database.lastError().text();
    if (!error.isEmpty())
        m_database.rollback();
    return error;
}

QString ChatDatabase::write(const ChangeSet& changes)
{
    QString error = writeFolders(changes);
    if (error.isEmpty())
        error = writeConversations(changes);
    if (error.isEmpty())
        error = writeMessages(changes);
    if (error.isEmpty())
        error = writeTokens(changes);
    if (error.isEmpty())
        error = removeRows(QStringLiteral("DELETE FROM message WHERE id = ?"), changes.removedMessages);
    if (error.isEmpty())
        error = removeRows(QStringLiteral("DELETE FROM message WHERE conversation = ?"),
                           changes.removedConversations);
    if (error.isEmpty())
        error = removeRows(kRemoveDraftFiles, changes.removedConversations);
    if (error.isEmpty())
        error =
            removeRows(QStringLiteral("DELETE FROM conversation WHERE id = ?"), changes.removedConversations);
    if (error.isEmpty())
        error = removeRows(QStringLiteral("UPDATE conversation SET folder = 0 WHERE folder = ?"),
                           changes.removedFolders);
    if (error.isEmpty())
        error = removeRows(QStringLiteral("DELETE FROM folder WHERE id = ?"), changes.removedFolders);
    return error;
}

QString ChatDatabase::writeFolders(const ChangeSet& changes)
{
    QSqlQuery query(m_database);
    if (!query.prepare(upsert(QStringLiteral("folder"), QStringLiteral("id, name, position, collapsed"))))
        return query.lastError().text();
    QString error;
    for (const FolderRecord& folder : changes.folders) {
        const QVariantList values{folder.id, stored(folder.name), folder.position, int(folder.collapsed)};
        for (const QVariant& value : values)
            query.addBindValue(value);
        if (error = run(query); !error.isEmpty())
            break;
    }
    return error;
}

QString ChatDatabase::writeConversations(const ChangeSet& changes)
{
    QSqlQuery query(m_database);
    if (!query.prepare(upsert(QStringLiteral("conversation"), kConversationColumns)))
        return query.lastError().text();
    QString error;
    for (const ConversationRecord& each : changes.conversations) {
        const QVariantList values{each.id,           stored(each.title), each.folder,
                                  int(each.pinned),  each.hue,           each.created,
                                  each.lastActivity, each.leaf,          each.contextUsed,
                                  each.deleted,      stored(each.draft), stored(each.settings)};
        for (const QVariant& value : values)
            query.addBindValue(value);
        if (error = run(query); error.isEmpty() && each.draftFiles)
            error = writeDraftFiles(each);
        if (!error.isEmpty())
            break;
    }
    return error;
}

QString ChatDatabase::writeDraftFiles(const ConversationRecord& conversation)
{
    QString error = removeRows(kRemoveDraftFiles, {conversation.id});
    QSqlQuery query(m_database);
    if (!query.prepare(QStringLiteral("INSERT INTO draft_file (conversation, name, text, bytes, skipped) "
                                      "VALUES (?, ?, ?, ?, ?)")))
        return query.lastError().text();
    for (const DraftFile& file : *conversation.draftFiles) {
        if (!error.isEmpty())
            break;
        for (const QVariant& value : QVariantList{conversation.id, stored(file.name), stored(file.text),
                                                  file.bytes, stored(file.skipped)})
            query.addBindValue(value);
        error = run(query);
    }
    return error;
}

QString ChatDatabase::writeMessages(const ChangeSet& changes)
{
    QSqlQuery query(m_database);
    if (!query.prepare(upsert(QStringLiteral("message"), kMessageColumns + QStringLiteral(", indexed"))))
        return query.lastError().text();
    QString error;
    for (const MessageRecord& message : changes.messages) {
        bind(query, message);
        if (error = run(query); !error.isEmpty())
            break;
    }
    return error;
}

QString ChatDatabase::writeTokens(const ChangeSet& changes)
{
    if (changes.tokens.isEmpty())
        return {};
    QSqlQuery query(m_database);
    if (!query.prepare(upsert(QStringLiteral("message_tokens"), QStringLiteral("id, data"))))
        return query.lastError().text();
    QString error;
    for (const TokensRecord& each : changes.tokens) {
        const QByteArray bytes = each.pack();
        query.addBindValue(each.id);
        query.addBindValue(bytes.isNull() ? QByteArray("") : bytes);
        if (error = run(query); !error.isEmpty())
            break;
    }
    return error;
}

QString ChatDatabase::removeRows(const QString& statement, const QList<qint64>& ids)
{
    QSqlQuery query(m_database);
    if (!query.prepare(statement))
        return query.lastError().text();
    for (const qint64 id : ids) {
        query.addBindValue(id);
        if (QString error = run(query); !error.isEmpty())
            return error;
    }
    return {};
}

QString ChatDatabase::read(ArchiveContents& contents)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT id, name, position, collapsed FROM folder ORDER BY position, id")))
        return query.lastError().text();
    while (query.next())
        contents.folders.append(folderOf(query));
    if (!query.exec(QStringLiteral("SELECT %1, (SELECT count(*) FROM message "
                                   "WHERE message.conversation = conversation.id) FROM conversation "
                                   "WHERE deleted = 0 ORDER BY last_activity DESC, id DESC")
                        .arg(kConversationColumns)))
        return query.lastError().text();
    while (query.next()) {
        contents.conversations.append(conversationOf(query));
        contents.conversations.back().messages = query.value(12).toUInt();
    }
    query.finish();
    return readDraftFiles(contents);
}

QString ChatDatabase::readDraftFiles(ArchiveContents& contents)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral("SELECT %1 FROM draft_file ORDER BY conversation, id").arg(kDraftColumns)))
        return query.lastError().text();
    QHash<qint64, QList<DraftFile>> files;
    while (query.next())
        files[query.value(1).toLongLong()].append(draftFileOf(query));
    for (ConversationRecord& each : contents.conversations) {
        if (files.contains(each.id))
            each.draftFiles = files.take(each.id);
    }
    return {};
}

QString ChatDatabase::readMessages(qint64 conversation, QList<MessageRecord>& messages)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    query.prepare(
        QStringLiteral("SELECT %1 FROM message WHERE conversation = ? ORDER BY id").arg(kMessageColumns));
    query.addBindValue(conversation);
    if (QString error = run(query); !error.isEmpty())
        return error;
    while (query.next())
        messages.append(messageOf(query));
    return query.lastError().type() == QSqlError::NoError ? QString() : query.lastError().text();
}

QString ChatDatabase::readTokens(qint64 message, QByteArray& bytes)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT data FROM message_tokens WHERE id = ?"));
    query.addBindValue(message);
    QString error = run(query);
    if (error.isEmpty() && query.next())
        bytes = query.value(0).toByteArray();
    return error;
}

QString ChatDatabase::search(const QString& text, int limit, QList<SearchHit>& hits)
{
    const TextSearch search(text);
    if (search.isEmpty())
        return {};
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT message.id, message.conversation, message.text FROM message "
                                 "JOIN conversation ON conversation.id = message.conversation "
                                 "WHERE conversation.deleted = 0 %1 ORDER BY message.id DESC LIMIT ?")
                      .arg(search.conditions()));
    for (const QString& value : search.values())
        query.addBindValue(value);
    query.addBindValue(limit);
    if (QString error = run(query); !error.isEmpty())
        return error;
    while (query.next()) {
        SearchHit hit = search.snippet(query.value(2).toString());
        hit.message = query.value(0).toLongLong();
        hit.conversation = query.value(1).toLongLong();
        hits.append(hit);
    }
    return {};
}

QString ChatDatabase::closeOpenReplies()
{
    return execute(QStringLiteral("UPDATE message SET state = %1, indexed = 1 WHERE state IN (1, 2, 3)")
                       .arg(int(MessageState::Interrupted)));
}

QString ChatDatabase::purgeDeleted(qint64 time)
{
    ChangeSet gone;
    QSqlQuery query(m_database);
    query.prepare(QStringLiteral("SELECT id FROM conversation WHERE deleted > 0 AND deleted < ?"));
    query.addBindValue(time);
    if (QString error = run(query); !error.isEmpty())
        return error;
    while (query.next())
        gone.removedConversations.append(query.value(0).toLongLong());
    query.finish(); // a reader would keep the log from being taken over
    const QString error = apply(gone);
    return error.isEmpty()
               ? execute(QStringLiteral("DELETE FROM message_tokens WHERE NOT EXISTS "
                                        "(SELECT 1 FROM message WHERE message.id = message_tokens.id)"))
               : error;
}

ChangeSet ChatDatabase::salvage()
{
    ChangeSet found;
    salvageTable(m_database, QStringLiteral("folder"), QStringLiteral("id, name, position, collapsed"),
                 [&](const QSqlQuery& row) { found.folders.append(folderOf(row)); });
    salvageTable(m_database, QStringLiteral("conversation"), kConversationColumns,
                 [&](const QSqlQuery& row) { found.conversations.append(conversationOf(row)); });
    QHash<qint64, QList<DraftFile>> files;
    salvageTable(m_database, QStringLiteral("draft_file"), kDraftColumns,
                 [&](const QSqlQuery& row) { files[row.value(1).toLongLong()].append(draftFileOf(row)); });
    for (ConversationRecord& each : found.conversations) {
        if (files.contains(each.id))
            each.draftFiles = files.take(each.id);
    }
    salvageTable(m_database, QStringLiteral("message"), kMessageColumns,
                 [&](const QSqlQuery& row) { found.messages.append(messageOf(row)); });
    salvageTable(m_database, QStringLiteral("message_tokens"), QStringLiteral("id, data"),
                 [&](const QSqlQuery& row) {
                     const QByteArray bytes = row.value(1).toByteArray();
                     found.tokens.append({row.value(0).toLongLong(), [bytes] { return bytes; }});
                 });
    return found;
}

} // namespace vitrine::ui
