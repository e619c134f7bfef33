// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/row_values.h"

#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

namespace vitrine::ui {

const QString kMessageColumns =
    QStringLiteral("id, conversation, parent, role, state, created, text, error, attachments, model, "
                   "prompt_tokens, cached_tokens, reply_tokens, tokens_per_second, seconds_to_first, "
                   "queue_seconds, details");
const QString kConversationColumns =
    QStringLiteral("id, title, folder, pinned, hue, created, last_activity, leaf, context_used, deleted, "
                   "draft, settings");

const QString kDraftColumns = QStringLiteral("id, conversation, name, text, bytes, skipped");
const QString kRemoveDraftFiles = QStringLiteral("DELETE FROM draft_file WHERE conversation = ?");

QString stored(const QString& text)
{
    return text.isNull() ? QLatin1String("") : text;
}

QString run(QSqlQuery& query)
{
    return query.exec() ? QString() : query.lastError().text();
}

QString upsert(const QString& table, const QString& columns)
{
    const QStringList names = columns.split(QStringLiteral(", "));
    QStringList marks, updates;
    for (const QString& name : names) {
        marks << QStringLiteral("?");
        if (name != QLatin1String("id"))
            updates << QStringLiteral("%1 = excluded.%1").arg(name);
    }
    return QStringLiteral("INSERT INTO %1 (%2) VALUES (%3) ON CONFLICT (id) DO UPDATE SET %4")
        .arg(table, columns, marks.join(QStringLiteral(", ")), updates.join(QStringLiteral(", ")));
}

MessageRecord messageOf(const QSqlQuery& row)
{
    MessageRecord message;
    message.id = row.value(0).toLongLong();
    message.conversation = row.value(1).toLongLong();
    message.parent = row.value(2).toLongLong();
    message.role = row.value(3).toInt() == int(Role::Assistant) ? Role::Assistant : Role::User;
    const int state = row.value(4).toInt();
    const bool known = state >= 0 && state <= int(MessageState::Interrupted);
    message.state = known ? MessageState(state) : MessageState::Complete;
    message.created = row.value(5).toLongLong();
    message.text = row.value(6).toString();
    message.error = row.value(7).toString();
    message.attachments = row.value(8).toString();
    message.facts = {row.value(9).toString(),  row.value(10).toUInt(),   row.value(11).toUInt(),
                     row.value(12).toUInt(),   row.value(13).toDouble(), row.value(14).toDouble(),
                     row.value(15).toDouble(), row.value(16).toString()};
    return message;
}

ConversationRecord conversationOf(const QSqlQuery& row)
{
    ConversationRecord conversation;
    conversation.id = row.value(0).toLongLong();
    conversation.title = row.value(1).toString();
    conversation.folder = row.value(2).toLongLong();
    conversation.pinned = row.value(3).toBool();
    conversation.hue = row.value(4).toUInt();
    conversation.created = row.value(5).toLongLong();
    conversation.lastActivity = row.value(6).toLongLong();
    conversation.leaf = row.value(7).toLongLong();
    conversation.contextUsed = row.value(8).toUInt();
    conversation.deleted = row.value(9).toLongLong();
    conversation.draft = row.value(10).toString();
    conversation.settings = row.value(11).toString();
    return conversation;
}

DraftFile draftFileOf(const QSqlQuery& row)
{
    return {row.value(2).toString(), row.value(3).toString(), row.value(4).toLongLong(),
            row.value(5).toString()};
}

FolderRecord folderOf(const QSqlQuery& row)
{
    return {row.value(0).toLongLong(), row.value(1).toString(), row.value(2).toLongLong(),
            row.value(3).toBool()};
}

void bind(QSqlQuery& query, const MessageRecord& message)
{
    const ReplyFacts& facts = message.facts;
    const QVariantList values{message.id,           message.conversation,  message.parent,
                              int(message.role),    int(message.state),    message.created,
                              stored(message.text), stored(message.error), stored(message.attachments),
                              stored(facts.model),  facts.promptTokens,    facts.cachedTokens,
                              facts.replyTokens,    facts.tokensPerSecond, facts.secondsToFirst,
                              facts.queueSeconds,   stored(facts.details), int(!isOpen(message.state))};
    for (const QVariant& value : values)
        query.addBindValue(value);
}

} // namespace vitrine::ui
