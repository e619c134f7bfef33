// SPDX-License-Identifier: GPL-3.0-or-later
// Carries messages between conversations and the engine: sends histories, puts what comes back where it
// belongs. Knows no widget, so that a reply goes on whatever the window shows. Thread: UI.
#pragma once

#include <optional>

#include <QHash>
#include <QObject>

#include "ui/bridge/engine_bridge.h"
#include "ui/chat/context_plan.h"
#include "ui/chat/conversation_store.h"
#include "ui/chat/draft_reads.h"
#include "ui/chat/kv_watch.h"
#include "ui/chat/preset_store.h"

namespace vitrine::ui {

class ChatSession : public QObject
{
    Q_OBJECT

public:
    /// Both must outlive it.
    ChatSession(EngineBridge& bridge, ConversationStore& store, QObject* parent = nullptr);

    /// True when the text was taken; reasonNotToSend() says why not.
    bool send(ConversationId id, const QString& text, const QList<Attachment>& attachments = {});
    /// `count` further replies to the question that `message` (a reply, or the question) belongs to, computed
    /// side by side; the first is shown.
    bool regenerate(ConversationId id, MessageId message, int count = 1);
    /// After any turn: a branch of its own.
    bool sendAfter(ConversationId id, MessageId after, const QString& text,
                   const QList<Attachment>& attachments = {});
    /// A question worded anew, beside the old one, and its reply.
    bool sendVersion(ConversationId id, MessageId question, const QString& text);
    /// A reply that ended early goes on where it stopped.
    bool continueReply(ConversationId id, MessageId reply);
    /// A new branch that says the same up to token `index` of the reply, `instead` there, and goes on from
    /// it. REQUIRES: the reply's token details up to there.
    bool branchAt(ConversationId id, MessageId reply, qsizetype index, const TokenAlternative& instead);
    /// Alternatives that are recorded with each token from now on; 0: none.
    void setTokenAlternatives(quint32 count) { m_alternatives = count; }
    /// What is being written on the shown branch.
    void stop(ConversationId id);
    /// Everything that is being written in this conversation.
    void stopAll(ConversationId id);
    /// Why nothing can be sent now, for a tooltip; empty when it can.
    QString reasonNotToSend(ConversationId id) const;

    /// The keys that open a model, as reasonNotToSend() names them; empty: none.
    void setOpenModelKeys(const QString& keys) { m_openModelKeys = keys; }

    /// The same seed for every reply instead of a fresh one, so that replies repeat.
    void setFixedSeed(std::optional<quint64> seed) { m_seed = seed; }

    /// Somebody writes: a model that sleeps is wanted again.
    void noteTyping() { emit used(); }

    EngineBridge& bridge() { return m_bridge; }
    ConversationStore& store() { return m_store; }
    DraftReads& draftReads() { return m_draftReads; }
    PresetStore& presets() { return m_presets; }
    /// Of prompt and reply together, in tokens, as the KV cache is now; 0: no model.
    quint32 contextLimit() const;
    /// Of a reply to the shown branch's last turn. REQUIRES: a model, and the conversation loaded.
    ContextPlan planOf(const Conversation& conversation) const;

    /// What branchAt() would ask the engine, for EngineBridge::foresee(). REQUIRES: a model, the conversation
    /// loaded, and the reply's token details up to there.
    engine::GenerationRequest branchRequest(const Conversation& conversation, MessageId reply,
                                            qsizetype index) const;
    /// What the engine would be asked if the draft was sent now, for EngineBridge::countTokens(); without a
    /// draft what has been said. REQUIRES: a model, and the conversation loaded.
    engine::Prompt promptWithDraft(const Conversation& conversation) const;

    /// The running engine's number of a reply, as long as its model is loaded; 0: not known.
    engine::RequestId requestOf(MessageId reply) const { return m_requests.value(reply.value); }
    /// A person wants to see what the engine did for it. REQUIRES: requestOf() knows it.
    void showInProfiler(MessageId reply) { emit profilerRequested(requestOf(reply)); }

    /// The conversation is about to be used again: its KV may come back from host memory meanwhile.
    void warmUp(const Conversation& conversation);

signals:
    void used();
    void profilerRequested(vitrine::engine::RequestId request);

private:
    /// Replies that were asked for together.
    struct Asked
    {
        ConversationId conversation;
        MessageId last; ///< the turn that they follow, or the reply that goes on
        QList<ReplyId> replies;
        bool continues = false;
    };

    ContextPlan planOf(const Conversation& conversation, MessageId last) const;
    engine::Prompt promptOf(const Conversation& conversation, MessageId last, const ContextPlan& plan) const;
    engine::Prompt asPrompt(std::vector<engine::ChatMessage> history) const;
    engine::GenerationRequest request(const Conversation& conversation, MessageId last,
                                      const ContextPlan& plan) const;
    void generate(Conversation& conversation, MessageId after, int count = 1);
    void ask(Asked asked);
    void submit(const Asked& asked);
    bool isWaking() const;
    void sendWaiting();
    void failWaiting(const QString& error);
    void endWaiting(const Asked& asked, const ReplyEnd& end);
    void onFinished(ReplyId reply, const ReplyEnd& end);
    QString modelName() const;
    Conversation* conversationOf(ReplyId reply) const;

    EngineBridge& m_bridge;
    ConversationStore& m_store;
    PresetStore m_presets;
    KvWatch m_kvWatch;
    DraftReads m_draftReads{m_store};
    QHash<quint64, ConversationId> m_conversations; // of running replies and the last ended ones, by ReplyId
    QList<quint64> m_ended;                         // oldest first
    QHash<qint64, engine::RequestId> m_requests;    // of replies that the loaded model wrote
    QList<Asked> m_waiting;                         // for their model to wake
    QString m_openModelKeys;
    std::optional<quint64> m_seed;
    quint32 m_alternatives = 0;
};

/// What the engine is given of a conversation up to a turn: the system prompt and every turn on the way but
/// the failed ones and the questions they left unanswered (chat templates want the roles to alternate), and
/// but those `leftOut`.
std::vector<engine::ChatMessage> historyOf(const Conversation& conversation, MessageId last,
                                           const std::vector<MessageId>& leftOut = {});
/// Up to the end of the shown branch.
std::vector<engine::ChatMessage> historyOf(const Conversation& conversation);

} // namespace vitrine::ui
