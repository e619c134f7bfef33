// SPDX-License-Identifier: GPL-3.0-or-later
// Reads "vitrine-chats" JSON, member by member. Any thread.
#pragma once

#include <QHash>
#include <QJsonObject>

#include "ui/exchange/import_log.h"

namespace vitrine::ui {

class ChatsJsonReader
{
public:
    explicit ChatsJsonReader(ImportLog& log) : m_log(log) {}

    /// A member of the file, or of `chats` or `folders` one element.
    void readMember(const QByteArray& key, const QJsonValue& value);
    void readFolder(const QJsonObject& object);
    void readChat(const QJsonObject& object);
    /// Folders nothing is in are dropped. Sets the log's error when the file is of another kind or too new.
    void finish();

private:
    QList<MessageRecord> readMessages(const QJsonArray& array);

    ImportLog& m_log;
    QString m_format;
    qint64 m_version = 0;
};

} // namespace vitrine::ui
