// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of the file of conversations and the records that they are: the order of the columns is known here
// alone. Thread: store.
#pragma once

#include <QString>

#include "ui/store/records.h"

class QSqlQuery;

namespace vitrine::ui {

extern const QString kMessageColumns, kConversationColumns, kDraftColumns, kRemoveDraftFiles;

/// "" instead of NULL, which the tables refuse.
QString stored(const QString& text);
/// The error, or empty.
QString run(QSqlQuery& query);
/// INSERT … or, where the id is known, UPDATE of all columns.
QString upsert(const QString& table, const QString& columns);

// Of the row that the query stands at, read with the columns above.

MessageRecord messageOf(const QSqlQuery& row);
ConversationRecord conversationOf(const QSqlQuery& row);
DraftFile draftFileOf(const QSqlQuery& row);
FolderRecord folderOf(const QSqlQuery& row);

/// The values of kMessageColumns and whether the message belongs into the index.
void bind(QSqlQuery& query, const MessageRecord& message);

} // namespace vitrine::ui
