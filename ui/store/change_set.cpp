// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/records.h"

#include <algorithm>

#include <QHash>
#include <QSet>

namespace vitrine::ui {

namespace {

template<class Record>
void replace(Record& older, const Record& newer)
{
    older = newer;
}

/// Where nothing is said about the files of its draft, the older word counts.
void replace(ConversationRecord& older, const ConversationRecord& newer)
{
    const bool keeps = !newer.draftFiles && older.draftFiles;
    const QList<DraftFile> files = older.draftFiles.value_or(QList<DraftFile>());
    older = newer;
    if (keeps)
        older.draftFiles = files;
}

/// What `newer` says of a record wins; what it removes goes.
template<class Record>
void mergeRecords(QList<Record>& into, const QList<Record>& newer, const QList<qint64>& removed)
{
    QHash<qint64, qsizetype> places;
    for (qsizetype i = 0; i < into.size(); ++i)
        places.insert(into[i].id, i);
    for (const Record& record : newer) {
        const auto known = places.constFind(record.id);
        if (known != places.constEnd()) {
            replace(into[*known], record);
        } else {
            places.insert(record.id, into.size());
            into.append(record);
        }
    }
    const QSet<qint64> gone(removed.begin(), removed.end());
    into.removeIf([&](const Record& record) { return gone.contains(record.id); });
}

/// Removed before, but written again by what is newer (an undo).
template<class Record>
void forgive(QList<qint64>& removed, const QList<Record>& newer)
{
    for (const Record& record : newer)
        removed.removeAll(record.id);
}

} // namespace

void ChangeSet::merge(const ChangeSet& newer)
{
    forgive(removedFolders, newer.folders);
    forgive(removedConversations, newer.conversations);
    forgive(removedMessages, newer.messages);
    mergeRecords(folders, newer.folders, newer.removedFolders);
    mergeRecords(conversations, newer.conversations, newer.removedConversations);
    mergeRecords(messages, newer.messages, newer.removedMessages);
    mergeRecords(tokens, newer.tokens, {}); // an undo of the removal finds them
    const QSet<qint64> gone(newer.removedConversations.begin(), newer.removedConversations.end());
    messages.removeIf([&](const MessageRecord& message) { return gone.contains(message.conversation); });
    removedFolders += newer.removedFolders;
    removedConversations += newer.removedConversations;
    removedMessages += newer.removedMessages;
}

} // namespace vitrine::ui
