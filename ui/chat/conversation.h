// SPDX-License-Identifier: GPL-3.0-or-later
// One conversation: its turns as a tree, the branch that is shown, its title, hue and settings, the text
// typed but not sent. Thread: UI. Owned by the ConversationStore. Whoever shows it listens to the signals;
// indices in them are places on the shown branch.
//
// Invariants: an open reply has no turn after it; the messages of one that is not loaded yet are not touched.
#pragma once

#include <vector>

#include <QDateTime>
#include <QHash>
#include <QObject>
#include <QSet>
#include <QString>

#include "ui/chat/conversation_settings.h"
#include "ui/chat/message_tree.h"
#include "ui/chat/reply_details.h"
#include "ui/store/id_source.h"

namespace vitrine::ui {

using FolderId = engine::Id<struct FolderTag, qint64>; ///< 0 is "none"

class Conversation : public QObject
{
    Q_OBJECT

public:
    /// `ids` outlives it.
    Conversation(IdSource& ids, std::size_t number, QObject* parent = nullptr);
    /// One that was kept: its messages come with load().
    Conversation(IdSource& ids, const ConversationRecord& record, QObject* parent = nullptr);

    ConversationId id() const { return m_id; }
    std::size_t number() const { return m_number; } ///< decides the hue: Tokens::conversation(number())
    void setNumber(std::size_t number);
    const QString& title() const { return m_title; } ///< empty until the first message
    void setTitle(const QString& title);
    QString displayTitle() const; ///< the title, or "New chat"
    FolderId folder() const { return m_folder; }
    void setFolder(FolderId folder);
    bool isPinned() const { return m_pinned; }
    void setPinned(bool pinned);
    const ConversationSettings& settings() const { return m_settings; }
    void setSettings(const ConversationSettings& settings);
    void setPreset(SamplingPreset preset);
    const QString& draft() const { return m_draft.text; }
    void setDraft(const QString& draft);
    const QList<Attachment>& draftAttachments() const { return m_draft.attachments; }
    void setDraftAttachments(const QList<Attachment>& attachments);
    const QDateTime& lastActivity() const { return m_lastActivity; }
    void setLastActivity(const QDateTime& when);
    quint32 contextUsed() const { return m_contextUsed; } ///< tokens of all shown turns, 0 while unknown
    /// Of the shown branch up to its last reply; nothing known for one that was read from the archive.
    const engine::KvResidency& residency() const { return m_residency; }
    void setResidency(const engine::KvResidency& residency);
    ReplyId lastReply() const; ///< of the shown branch; 0: none that was written since the program started
    ConversationRecord record() const;   ///< without draftFiles: whoever saves knows when they change
    QList<DraftFile> draftFiles() const; ///< what is attached to the draft and kept apart from its text

    bool isLoaded() const { return m_loaded; }
    /// REQUIRES: not loaded.
    void load(const QList<MessageRecord>& messages);
    const MessageTree& tree() const { return m_tree; }
    MessagePath messages() const { return m_tree.path(); } ///< of the shown branch
    /// On the shown branch; on all of them while it is not loaded.
    std::size_t messageCount() const { return m_loaded ? messages().size() : m_stored; }
    bool isEmpty() const { return m_loaded ? m_tree.size() == 0 : m_stored == 0; }
    const Message* openReply() const;                          ///< at the end of the shown branch, or nullptr
    bool isGenerating() const { return !m_replies.isEmpty(); } ///< on any branch
    const Message* reply(ReplyId reply) const;                 ///< an open one, or nullptr

    // REQUIRES for all below: loaded.
    void addUserMessage(const QString& text, const QList<Attachment>& attachments = {});
    /// After any turn; shown from now on.
    void addUserMessageAfter(MessageId after, const QString& text, const QList<Attachment>& attachments = {});
    /// Another wording of a turn: a new branch beside it, shown from now on. A reply can be continued.
    MessageId addVersion(MessageId of, const QString& text, const QList<qint32>& tokens = {});
    void openReply(ReplyId reply, const QString& model = {});
    /// A (further) reply to the turn `after`; `show`: on the branch that is shown.
    MessageId openReplyAfter(MessageId after, ReplyId reply, const QString& model, bool show);
    /// An ended reply at the end of its branch goes on. REQUIRES: canContinue().
    void reopenReply(MessageId message, ReplyId reply);
    void choose(MessageId message);
    /// Returns what was removed, for putBack().
    std::vector<Message> remove(MessageId message);
    /// Shown from now on. Where the turn above is being written meanwhile, it comes back below another
    /// version of that: the one it had followed.
    void putBack(const std::vector<Message>& removed);
    /// So many earlier turns had no room in its prompt.
    void setLeftOut(MessageId message, quint32 turns);
    /// How long its first section of thinking took; kept with it. The first that is said counts.
    void setThought(MessageId message, double seconds, quint32 tokens);

    /// Of a reply that was kept: answered by recallTokens() a moment later, once.
    void wantTokens(MessageId message);
    /// What the file has of its tokens: nothing, where they were not recorded.
    void recallTokens(MessageId message, const QList<TokenDetail>& details);

    // Of an open reply; others are ignored.
    void replyWaits(ReplyId reply, const ReplyWait& wait);
    void replyPaused(ReplyId reply, bool paused);
    void replyStarted(ReplyId reply, const ReplyStart& start);
    void replyPrefilled(ReplyId reply, quint32 computed);
    void appendReplyText(ReplyId reply, const QString& delta, const ReplyFigures& figures);
    void appendReplyTokens(ReplyId reply, const QList<qint32>& tokens, const QList<TokenDetail>& details);
    /// `details`: of this request; its tokens are added here.
    void endReply(ReplyId reply, const ReplyEnd& end, ReplyDetails details = {});

signals:
    void messageAdded(int index);
    void textAppended(int index, const QString& delta);
    void messageChanged(int index); ///< state, figures
    void pathChanged(int from);     ///< the messages from here on are others (also fewer or more)
    void progressed();              ///< an open reply's state or figures
    void changed();                 ///< title, folder, settings, time of last activity
    void residencyChanged();
    void draftChanged();
    void loaded();
    void messageTouched(vitrine::ui::MessageId message); ///< anything of it, shown or not
    void tokensWanted(vitrine::ui::MessageId message);
    void tokensRecalled(vitrine::ui::MessageId message);
    void messagesRemoved(const QList<vitrine::ui::MessageId>& messages);

private:
    Message* open(ReplyId reply);
    Message& add(Message message, bool show);
    void tell(const Message& message);
    MessageId settledVersion(MessageId id);

    IdSource& m_ids;
    ConversationId m_id;
    std::size_t m_number;
    QString m_title;
    FolderId m_folder;
    bool m_pinned = false;
    ConversationSettings m_settings;
    Draft m_draft;
    qint64 m_created = 0;
    QDateTime m_lastActivity;
    quint32 m_contextUsed = 0;
    engine::KvResidency m_residency;
    bool m_loaded = true;
    quint32 m_stored = 0; // messages that wait to be loaded
    MessageId m_storedLeaf;
    MessageTree m_tree;
    QHash<quint64, MessageId> m_replies; // open ones
    QHash<qint64, Message> m_before;     // replies that go on, as they were before
    QSet<qint64> m_wanted;               // messages whose tokens are being read
    QList<MessageId> m_recalled;         // whose tokens were read, the latest last
};

/// A title of at most 48 characters out of a first message: its first words, on one line.
QString titleFromText(const QString& text);

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::ConversationId)
Q_DECLARE_METATYPE(vitrine::ui::MessageId)
