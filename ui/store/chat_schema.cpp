// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/chat_schema.h"

namespace vitrine::ui {

namespace {

QStringList firstVersion()
{
    return {
        QStringLiteral("CREATE TABLE folder (id INTEGER PRIMARY KEY, name TEXT NOT NULL, "
                       "position INTEGER NOT NULL, collapsed INTEGER NOT NULL)"),
        QStringLiteral("CREATE TABLE conversation (id INTEGER PRIMARY KEY, title TEXT NOT NULL, "
                       "folder INTEGER NOT NULL, pinned INTEGER NOT NULL, hue INTEGER NOT NULL, "
                       "created INTEGER NOT NULL, last_activity INTEGER NOT NULL, leaf INTEGER NOT NULL, "
                       "context_used INTEGER NOT NULL, deleted INTEGER NOT NULL, draft TEXT NOT NULL, "
                       "settings TEXT NOT NULL)"),
        QStringLiteral("CREATE TABLE message (id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, "
                       "parent INTEGER NOT NULL, role INTEGER NOT NULL, state INTEGER NOT NULL, "
                       "created INTEGER NOT NULL, text TEXT NOT NULL, error TEXT NOT NULL, "
                       "attachments TEXT NOT NULL, model TEXT NOT NULL, prompt_tokens INTEGER NOT NULL, "
                       "cached_tokens INTEGER NOT NULL, reply_tokens INTEGER NOT NULL, "
                       "tokens_per_second REAL NOT NULL, seconds_to_first REAL NOT NULL, "
                       "queue_seconds REAL NOT NULL, details TEXT NOT NULL, indexed INTEGER NOT NULL)"),
        QStringLiteral("CREATE INDEX message_conversation ON message (conversation, id)"),
        QStringLiteral("CREATE INDEX message_open ON message (state) WHERE state IN (1, 2, 3)"),
        // Trigrams find parts of words, and words of languages that are written without spaces. A reply
        // enters the index when it is whole: indexing it again with each new word would cost its square.
        QStringLiteral("CREATE VIRTUAL TABLE message_index USING fts5 (text, content = 'message', "
                       "content_rowid = 'id', tokenize = 'trigram')"),
        QStringLiteral("CREATE TRIGGER message_added AFTER INSERT ON message WHEN new.indexed BEGIN "
                       "INSERT INTO message_index (rowid, text) VALUES (new.id, new.text); END"),
        QStringLiteral("CREATE TRIGGER message_gone AFTER DELETE ON message WHEN old.indexed BEGIN "
                       "INSERT INTO message_index (message_index, rowid, text) "
                       "VALUES ('delete', old.id, old.text); END"),
        QStringLiteral(
            "CREATE TRIGGER message_changed AFTER UPDATE OF text, indexed ON message "
            "WHEN old.indexed <> new.indexed OR (new.indexed AND old.text <> new.text) BEGIN "
            "INSERT INTO message_index (message_index, rowid, text) "
            "SELECT 'delete', old.id, old.text WHERE old.indexed; "
            "INSERT INTO message_index (rowid, text) SELECT new.id, new.text WHERE new.indexed; END"),
    };
}

/// Large files of drafts stand apart: a conversation's row is written several times a second.
QStringList secondVersion()
{
    return {
        QStringLiteral("CREATE TABLE draft_file (id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, "
                       "name TEXT NOT NULL, text TEXT NOT NULL, bytes INTEGER NOT NULL, "
                       "skipped TEXT NOT NULL)"),
        QStringLiteral("CREATE INDEX draft_file_conversation ON draft_file (conversation, id)"),
    };
}

/// Beside the messages, so that showing and changing these does not touch what is seldom asked for. They stay
/// when their message goes, so that an undo finds them, until the file is opened again.
QStringList thirdVersion()
{
    return {QStringLiteral("CREATE TABLE message_tokens (id INTEGER PRIMARY KEY, data BLOB NOT NULL)")};
}

} // namespace

QStringList schemaStatements(int version)
{
    switch (version) {
    case 1:
        return firstVersion();
    case 2:
        return secondVersion();
    case 3:
        return thirdVersion();
    default:
        return {};
    }
}

} // namespace vitrine::ui
