// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/chat_session.h"

#include <QRandomGenerator>

namespace vitrine::ui {

namespace {

constexpr quint32 kMaxReplyTokens = 2048;

/// A model without a chat template continues a text: the turns, one after the other.
std::string plainText(const std::vector<engine::ChatMessage>& history)
{
    std::string text;
    for (const engine::ChatMessage& message : history)
        text += (text.empty() ? "" : "\n\n") + message.content;
    return text;
}

} // namespace

std::vector<engine::ChatMessage> historyOf(const Conversation& conversation)
{
    std::vector<engine::ChatMessage> history;
    for (const Message& message : conversation.messages()) {
        const bool empty = message.text.isEmpty();
        if (message.role == Role::Assistant && empty) {
            if (!message.isOpen() && !history.empty())
                history.pop_back(); // the question it left unanswered
            continue;
        }
        const bool user = message.role == Role::User;
        history.push_back({user ? "user" : "assistant", message.text.toStdString()});
    }
    return history;
}

ChatSession::ChatSession(EngineBridge& bridge, ConversationStore& store, QObject* parent)
    : QObject(parent), m_bridge(bridge), m_store(store)
{
    connect(&bridge, &EngineBridge::replyStarted, this, [this](ReplyId reply, const ReplyStart& start) {
        if (Conversation* conversation = conversationOf(reply))
            conversation->replyStarted(start);
    });
    connect(&bridge, &EngineBridge::replyWaiting, this, [this](ReplyId reply, const ReplyWait& wait) {
        if (Conversation* conversation = conversationOf(reply))
            conversation->replyWaits(wait);
    });
    connect(&bridge, &EngineBridge::replyPaused, this, [this](ReplyId reply, bool paused) {
        if (Conversation* conversation = conversationOf(reply))
            conversation->replyPaused(paused);
    });
    connect(&bridge, &EngineBridge::prefillProgress, this, [this](ReplyId reply, quint32 computed) {
        if (Conversation* conversation = conversationOf(reply))
            conversation->replyPrefilled(computed);
    });
    connect(&bridge, &EngineBridge::replyText, this,
            [this](ReplyId reply, const QString& delta, const ReplyFigures& figures) {
                if (Conversation* conversation = conversationOf(reply))
                    conversation->appendReplyText(delta, figures);
            });
    connect(&bridge, &EngineBridge::replyFinished, this, [this](ReplyId reply, const ReplyEnd& end) {
        Conversation* conversation = conversationOf(reply);
        m_conversations.remove(reply.value);
        if (conversation != nullptr)
            conversation->endReply(end);
    });
    connect(&bridge, &EngineBridge::modelReady, this, &ChatSession::sendWaiting);
    connect(&bridge, &EngineBridge::loadFailed, this,
            [this](const QString&, const QString& error) { failWaiting(error); });
    connect(&bridge, &EngineBridge::loadCancelled, this,
            [this] { failWaiting(tr("Loading was cancelled. Open a model, then send again.")); });
    connect(&bridge, &EngineBridge::modelGone, this, [this](const QString& why) {
        if (!why.isEmpty())
            failWaiting(why);
    });
}

/// The model gave its memory back: what is sent waits until it is there again.
bool ChatSession::isWaking() const
{
    return m_bridge.asleepModel().has_value();
}

void ChatSession::sendWaiting()
{
    for (auto waiting = m_waiting.cbegin(); waiting != m_waiting.cend(); ++waiting) {
        Conversation* conversation = m_store.find(ConversationId{waiting.value()});
        if (conversation == nullptr)
            continue;
        m_conversations.insert(waiting.key(), waiting.value());
        m_bridge.generate(ReplyId{waiting.key()}, request(*conversation));
    }
    m_waiting.clear();
}

void ChatSession::failWaiting(const QString& error)
{
    if (m_bridge.isLoading())
        return; // another load goes on
    ReplyEnd end;
    end.reason = engine::FinishReason::Error;
    end.error = error;
    for (const quint64 id : std::exchange(m_waiting, {}))
        if (Conversation* conversation = m_store.find(ConversationId{id}))
            conversation->endReply(end);
}

QString ChatSession::reasonNotToSend(ConversationId id) const
{
    const Conversation* conversation = m_store.find(id);
    if (conversation == nullptr)
        return tr("There is no conversation to send to.");
    if (conversation->openReply() != nullptr)
        return tr("A reply is being written. Stop it to send something else.");
    if (m_bridge.model().has_value() || isWaking())
        return {};
    return m_bridge.isLoading() ? tr("The model is being loaded.") : tr("Open a model first (Ctrl+O).");
}

bool ChatSession::send(ConversationId id, const QString& text)
{
    Conversation* conversation = m_store.find(id);
    if (conversation == nullptr || text.trimmed().isEmpty() || !reasonNotToSend(id).isEmpty())
        return false;
    conversation->addUserMessage(text);
    const ReplyId reply = m_bridge.newReplyId();
    if (isWaking()) {
        conversation->openReply(reply);
        m_waiting.insert(reply.value, id.value);
        emit used();
        return true;
    }
    m_conversations.insert(reply.value, id.value);
    engine::GenerationRequest generation = request(*conversation);
    conversation->openReply(reply);
    m_bridge.generate(reply, std::move(generation));
    return true;
}

void ChatSession::stop(ConversationId id)
{
    const Conversation* conversation = m_store.find(id);
    const Message* reply = conversation != nullptr ? conversation->openReply() : nullptr;
    if (reply != nullptr && m_waiting.remove(reply->reply.value) > 0) {
        ReplyEnd end;
        end.reason = engine::FinishReason::Cancelled;
        m_store.find(id)->endReply(end);
    } else if (reply != nullptr) {
        m_bridge.stop(reply->reply);
    }
}

engine::Prompt ChatSession::promptOf(const Conversation& conversation) const
{
    std::vector<engine::ChatMessage> history = historyOf(conversation);
    if (m_bridge.model()->hasChatTemplate || !m_bridge.model()->templateError.empty())
        return history;
    return plainText(history);
}

void ChatSession::warmUp(const Conversation& conversation)
{
    if (m_bridge.model().has_value() && !conversation.isEmpty() && conversation.openReply() == nullptr)
        m_bridge.prefetch(promptOf(conversation));
}

engine::GenerationRequest ChatSession::request(const Conversation& conversation) const
{
    engine::GenerationRequest request;
    request.prompt = promptOf(conversation);
    request.sampling = samplingParams(conversation.preset());
    request.sampling.seed = m_seed.value_or(QRandomGenerator::global()->generate64());
    request.maxTokens = kMaxReplyTokens;
    request.client = "chat " + std::to_string(conversation.id().value); // a fair share for each
    return request;
}

Conversation* ChatSession::conversationOf(ReplyId reply) const
{
    const auto found = m_conversations.constFind(reply.value);
    return found == m_conversations.constEnd() ? nullptr : m_store.find(ConversationId{*found});
}

} // namespace vitrine::ui
