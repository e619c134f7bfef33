// SPDX-License-Identifier: GPL-3.0-or-later
// Carries messages between conversations and the engine: sends histories, puts what comes back where it
// belongs. Knows no widget, so that a reply goes on whatever the window shows. Thread: UI.
#pragma once

#include <optional>

#include <QHash>
#include <QObject>

#include "ui/bridge/engine_bridge.h"
#include "ui/chat/conversation_store.h"

namespace vitrine::ui {

class ChatSession : public QObject
{
    Q_OBJECT

public:
    /// Both must outlive it.
    ChatSession(EngineBridge& bridge, ConversationStore& store, QObject* parent = nullptr);

    /// True when the text was taken. REQUIRES: canSend() says nothing against it.
    bool send(ConversationId id, const QString& text);
    void stop(ConversationId id);
    /// Why nothing can be sent now, for a tooltip; empty when it can.
    QString reasonNotToSend(ConversationId id) const;

    /// The same seed for every reply instead of a fresh one, so that replies repeat.
    void setFixedSeed(std::optional<quint64> seed) { m_seed = seed; }

    /// Somebody writes: a model that sleeps is wanted again.
    void noteTyping() { emit used(); }

    EngineBridge& bridge() { return m_bridge; }
    ConversationStore& store() { return m_store; }

    /// The conversation is about to be used again: its KV may come back from host memory meanwhile.
    void warmUp(const Conversation& conversation);

signals:
    void used();

private:
    bool isWaking() const;
    void sendWaiting();
    void failWaiting(const QString& error);
    engine::Prompt promptOf(const Conversation& conversation) const;
    engine::GenerationRequest request(const Conversation& conversation) const;
    Conversation* conversationOf(ReplyId reply) const;

    EngineBridge& m_bridge;
    ConversationStore& m_store;
    QHash<quint64, quint64> m_conversations; // of running replies: ReplyId → ConversationId
    QHash<quint64, quint64> m_waiting; // of replies that wait for their model: ReplyId → ConversationId
    std::optional<quint64> m_seed;
};

/// What the engine is given of a conversation: every turn but the failed ones and the questions they left
/// unanswered (chat templates want the roles to alternate).
std::vector<engine::ChatMessage> historyOf(const Conversation& conversation);

} // namespace vitrine::ui
