// SPDX-License-Identifier: GPL-3.0-or-later
// What is kept of conversations from one start to the next, as values. They cross threads by copy.
//
// Ids are positive, grow with time and are never used twice (see IdSource); 0 is "none".
#pragma once

#include <functional>
#include <optional>

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QString>

namespace vitrine::ui {

enum class Role { User, Assistant };

/// The numbers are stored: new ones are added at the end.
enum class MessageState {
    Complete,    ///< ended by itself, or written by the user
    Queued,      ///< asked for, not admitted yet
    Reading,     ///< the prompt is being processed
    Streaming,   ///< text is coming
    Stopped,     ///< the user stopped it; the text stays
    CutOff,      ///< the length limit ended it
    Failed,      ///< `error` says why and what can be done
    Interrupted, ///< the program ended while it was being written
};

inline bool isOpen(MessageState state)
{
    return state == MessageState::Queued || state == MessageState::Reading ||
           state == MessageState::Streaming;
}

/// What a reply took. Seconds and tokens; 0 where unknown.
struct ReplyFacts
{
    QString model;
    quint32 promptTokens = 0;
    quint32 cachedTokens = 0; ///< of the prompt, found in the prefix cache
    quint32 replyTokens = 0;
    double tokensPerSecond = 0;
    double secondsToFirst = 0;
    double queueSeconds = 0;
    QString details; ///< JSON: where the time went

    bool operator==(const ReplyFacts&) const = default;
};

struct MessageRecord
{
    qint64 id = 0;
    qint64 conversation = 0;
    qint64 parent = 0; ///< the turn it follows; 0: it opens the conversation
    Role role = Role::User;
    MessageState state = MessageState::Complete;
    qint64 created = 0; ///< ms since the epoch
    QString text;
    QString error;
    QString attachments; ///< JSON, empty: none
    ReplyFacts facts;

    bool operator==(const MessageRecord&) const = default;
};

/// Bytes that are kept beside a message and read by themselves: how its tokens came about.
struct TokensRecord
{
    qint64 id = 0;                    ///< the message's
    std::function<QByteArray()> pack; ///< called on the store thread when they are written; pure
};

/// A file that goes with a draft and is too large to be written with each word of it.
struct DraftFile
{
    QString name;
    QString text;
    qint64 bytes = 0;
    QString skipped = {};

    bool operator==(const DraftFile&) const = default;
};

struct ConversationRecord
{
    qint64 id = 0;
    QString title;
    qint64 folder = 0;
    bool pinned = false;
    quint32 hue = 0;
    qint64 created = 0;
    qint64 lastActivity = 0; ///< ms since the epoch
    qint64 leaf = 0;         ///< the message that the shown branch ends in
    quint32 contextUsed = 0;
    qint64 deleted = 0;   ///< when, ms since the epoch; 0: it was not
    quint32 messages = 0; ///< how many there are; counted on reading, not stored
    QString draft;
    QString settings; ///< JSON
    /// All of them; none: they are what they were.
    std::optional<QList<DraftFile>> draftFiles = std::nullopt;

    bool operator==(const ConversationRecord&) const = default;
};

struct FolderRecord
{
    qint64 id = 0;
    QString name;
    qint64 position = 0;
    bool collapsed = false;

    bool operator==(const FolderRecord&) const = default;
};

/// Saved as one: all of it or nothing.
struct ChangeSet
{
    QList<FolderRecord> folders;             ///< new or changed
    QList<ConversationRecord> conversations; ///< new or changed
    QList<MessageRecord> messages;           ///< new or changed; their conversations are known
    QList<TokensRecord> tokens;              ///< new or changed
    QList<qint64> removedMessages;
    QList<qint64> removedConversations; ///< with all their messages
    QList<qint64> removedFolders;       ///< their conversations stay, outside of folders

    /// As if `newer` had been saved after this one.
    void merge(const ChangeSet& newer);

    bool isEmpty() const
    {
        return folders.isEmpty() && conversations.isEmpty() && messages.isEmpty() && tokens.isEmpty() &&
               removedMessages.isEmpty() && removedConversations.isEmpty() && removedFolders.isEmpty();
    }
};

/// Everything but the messages, which are read when a conversation is shown.
struct ArchiveContents
{
    QList<FolderRecord> folders;
    QList<ConversationRecord> conversations; ///< the most recent first
};

/// What a person should know about the file of conversations after it was opened.
struct ArchiveNotice
{
    enum class Kind {
        None,
        Recovered,   ///< it was damaged: set aside as `file`, what could be read is here
        TooNew,      ///< a later version wrote it: nothing is read or saved
        Unavailable, ///< `reason`: nothing is read or saved
        InUse,       ///< another window has it: nothing is read or saved
    };
    Kind kind = Kind::None;
    QString file;
    QString reason;
    quint32 conversations = 0; ///< Recovered: how many
    quint32 messages = 0;
};

struct SearchHit
{
    qint64 conversation = 0;
    qint64 message = 0;
    QString snippet;                     ///< a stretch of the text around the first match, on one line
    int matchStart = 0, matchLength = 0; ///< inside the snippet
};

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::ArchiveContents)
Q_DECLARE_METATYPE(vitrine::ui::ArchiveNotice)
Q_DECLARE_METATYPE(vitrine::ui::ChangeSet)
Q_DECLARE_METATYPE(vitrine::ui::MessageRecord)
Q_DECLARE_METATYPE(vitrine::ui::SearchHit)
