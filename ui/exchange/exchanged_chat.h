// SPDX-License-Identifier: GPL-3.0-or-later
// Chats on their way into a file or out of one. Values; any thread.
//
// Invariants of a chat that a reader hands over (see settle()): message ids are 1, 2, 3 … in order, a parent
// comes before what follows it, no reply is open, `leaf` is one of the messages.
#pragma once

#include <atomic>

#include <QStringList>

#include "ui/store/records.h"

namespace vitrine::ui {

struct ExchangedChat
{
    ConversationRecord conversation;
    QList<MessageRecord> messages;

    bool operator==(const ExchangedChat&) const = default;
};

struct ExchangedChats
{
    QList<FolderRecord> folders; ///< that chats are in
    QList<ExchangedChat> chats;

    bool operator==(const ExchangedChats&) const = default;
};

/// What a reader takes at most: a file of any content ends within bounded time and memory.
struct ExchangeLimits
{
    qint64 fileBytes = qint64(512) << 20;
    qint64 chatBytes = qint64(256) << 20; ///< of one chat in JSON
    qint64 chatValues = 2'000'000;        ///< JSON values of one chat
    int depth = 200;                      ///< of JSON
    int chats = 100'000;
    int chatMessages = 200'000;
    qint64 messages = 2'000'000;
};

/// Shared between the thread that works and the one that waits.
struct ExchangeProgress
{
    std::atomic_bool cancelled = false;
    std::atomic<qint64> done = 0; ///< of `total`: bytes when reading, messages when writing
    std::atomic<qint64> total = 0;
};

struct ImportResult
{
    ExchangedChats contents;
    QString error;        ///< nothing was read: what is wrong, where, what to do
    QStringList problems; ///< of what was left out, the first few: where and why
    int chatsLeftOut = 0;
    qint64 messagesLeftOut = 0; ///< of chats that are there
    bool cancelled = false;
};

/// The shown turns, first to last: from the chat's leaf up. Bounded also where parents form a circle.
QList<const MessageRecord*> shownTurns(const ExchangedChat& chat);

} // namespace vitrine::ui
