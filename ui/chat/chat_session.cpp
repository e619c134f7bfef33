// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/chat_session.h"

#include <algorithm>

#include <QRandomGenerator>

namespace vitrine::ui {

namespace {

constexpr qsizetype kRememberEnded = 256; // replies that may still be named as somebody's neighbour
constexpr quint32 kSinkTokens = 64;
constexpr quint32 kWindowMargin = 64; // the blocks at either end of what is kept

/// Everything that fits, with the beginning. None where too little fits for that.
engine::EndlessWindow endlessWindow(quint32 limit)
{
    const quint32 spared = kSinkTokens + kWindowMargin;
    return limit > 2 * spared ? engine::EndlessWindow{kSinkTokens, limit - spared} : engine::EndlessWindow{};
}

} // namespace

namespace {

/// Chat templates want the roles to alternate: questions in a row (the reply between them was deleted) are
/// one.
void joinQuestions(std::vector<engine::ChatMessage>& history)
{
    std::vector<engine::ChatMessage> joined;
    for (engine::ChatMessage& message : history) {
        if (!joined.empty() && message.role == "user" && joined.back().role == "user")
            joined.back().content += "\n\n" + message.content;
        else
            joined.push_back(std::move(message));
    }
    history = std::move(joined);
}

} // namespace

std::vector<engine::ChatMessage> historyOf(const Conversation& conversation, MessageId last,
                                           const std::vector<MessageId>& leftOut)
{
    std::vector<const Message*> way;
    for (const Message* at = conversation.tree().find(last); at != nullptr;
         at = conversation.tree().find(at->parent))
        way.push_back(at);
    std::ranges::reverse(way);

    std::vector<engine::ChatMessage> history;
    for (const Message* message : way) {
        if (std::ranges::find(leftOut, message->id) != leftOut.end())
            continue;
        if (message->role == Role::Assistant && message->text.isEmpty()) {
            if (!message->isOpen() && !history.empty() && history.back().role == "user")
                history.pop_back(); // the question it left unanswered
            continue;
        }
        const bool user = message->role == Role::User;
        history.push_back({user ? "user" : "assistant", promptText(*message).toStdString()});
    }
    joinQuestions(history);
    const QString& system = conversation.settings().systemPrompt;
    if (!system.trimmed().isEmpty())
        history.insert(history.begin(), {"system", system.toStdString()});
    return history;
}

std::vector<engine::ChatMessage> historyOf(const Conversation& conversation)
{
    return historyOf(conversation, conversation.tree().leaf());
}

ChatSession::ChatSession(EngineBridge& bridge, ConversationStore& store, QObject* parent)
    : QObject(parent), m_bridge(bridge), m_store(store), m_kvWatch(bridge, store)
{
    connect(&bridge, &EngineBridge::replyStarted, this, [this](ReplyId reply, const ReplyStart& start) {
        if (Conversation* conversation = conversationOf(reply))
            conversation->replyStarted(reply, start);
    });
    connect(&bridge, &EngineBridge::replyWaiting, this, [this](ReplyId reply, const ReplyWait& wait) {
        if (Conversation* conversation = conversationOf(reply))
            conversation->replyWaits(reply, wait);
    });
    connect(&bridge, &EngineBridge::replyPaused, this, [this](ReplyId reply, bool paused) {
        if (Conversation* conversation = conversationOf(reply))
            conversation->replyPaused(reply, paused);
    });
    connect(&bridge, &EngineBridge::prefillProgress, this, [this](ReplyId reply, quint32 computed) {
        if (Conversation* conversation = conversationOf(reply))
            conversation->replyPrefilled(reply, computed);
    });
    connect(&bridge, &EngineBridge::replyText, this,
            [this](ReplyId reply, const QString& delta, const ReplyFigures& figures) {
                if (Conversation* conversation = conversationOf(reply))
                    conversation->appendReplyText(reply, delta, figures);
            });
    connect(&bridge, &EngineBridge::replyTokens, this,
            [this](ReplyId reply, const QList<qint32>& tokens, const QList<TokenDetail>& details) {
                if (Conversation* conversation = conversationOf(reply))
                    conversation->appendReplyTokens(reply, tokens, details);
            });
    connect(&bridge, &EngineBridge::replySubmitted, this, [this](ReplyId reply, engine::RequestId request) {
        if (const Conversation* conversation = conversationOf(reply))
            if (const Message* message = conversation->reply(reply))
                m_requests.insert(message->id.value, request);
    });
    connect(&bridge, &EngineBridge::modelReady, this, [this] { m_requests.clear(); });
    connect(&bridge, &EngineBridge::replyFinished, this, &ChatSession::onFinished);
    connect(&bridge, &EngineBridge::modelReady, this, &ChatSession::sendWaiting);
    connect(&bridge, &EngineBridge::loadFailed, this,
            [this](const QString&, const QString& error) { failWaiting(error); });
    connect(&bridge, &EngineBridge::loadCancelled, this,
            [this] { failWaiting(tr("Loading was cancelled. Open a model, then send again.")); });
    connect(&bridge, &EngineBridge::modelGone, this, [this](const QString& why) {
        if (!why.isEmpty())
            failWaiting(why);
        else if (!isWaking()) // closed for good, not asleep
            failWaiting(tr("The model was closed before it could answer. Open a model, then send again."));
    });
}

void ChatSession::onFinished(ReplyId reply, const ReplyEnd& end)
{
    Conversation* conversation = conversationOf(reply);
    ReplyDetails details = detailsOf(end);
    for (const ReplyNeighbour& each : end.neighbours) {
        const Conversation* other = conversationOf(each.reply);
        if (other != nullptr)
            details.neighbours.append({other->displayTitle(), each.sharedSteps, each.seconds});
    }
    m_ended.append(reply.value);
    while (m_ended.size() > kRememberEnded)
        m_conversations.remove(m_ended.takeFirst());
    if (conversation != nullptr)
        conversation->endReply(reply, end, details);
}

/// The model gave its memory back: what is sent waits until it is there again.
bool ChatSession::isWaking() const
{
    return m_bridge.asleepModel().has_value();
}

void ChatSession::sendWaiting()
{
    for (const Asked& asked : std::exchange(m_waiting, {}))
        submit(asked);
}

void ChatSession::failWaiting(const QString& error)
{
    if (m_bridge.isLoading())
        return; // another load goes on
    ReplyEnd end;
    end.reason = engine::FinishReason::Error;
    end.error = error;
    for (const Asked& asked : std::exchange(m_waiting, {}))
        endWaiting(asked, end);
}

void ChatSession::endWaiting(const Asked& asked, const ReplyEnd& end)
{
    if (Conversation* conversation = m_store.find(asked.conversation)) {
        for (const ReplyId reply : asked.replies)
            conversation->endReply(reply, end);
    }
}

QString ChatSession::reasonNotToSend(ConversationId id) const
{
    const Conversation* conversation = m_store.find(id);
    if (conversation == nullptr)
        return tr("There is no conversation to send to.");
    if (!conversation->isLoaded())
        return tr("The conversation is being read.");
    if (conversation->openReply() != nullptr)
        return tr("A reply is being written. Stop it to send something else.");
    if (m_bridge.model().has_value() || isWaking())
        return {};
    return m_bridge.isLoading()        ? tr("The model is being loaded.")
           : m_openModelKeys.isEmpty() ? tr("Open a model first.")
                                       : tr("Open a model first (%1).").arg(m_openModelKeys);
}

bool ChatSession::send(ConversationId id, const QString& text, const QList<Attachment>& attachments)
{
    Conversation* conversation = m_store.find(id);
    const bool nothing = text.trimmed().isEmpty() && attachments.isEmpty();
    if (conversation == nullptr || nothing || !reasonNotToSend(id).isEmpty())
        return false;
    conversation->addUserMessage(text, attachments);
    generate(*conversation, conversation->tree().leaf());
    return true;
}

bool ChatSession::sendAfter(ConversationId id, MessageId after, const QString& text,
                            const QList<Attachment>& attachments)
{
    Conversation* conversation = m_store.find(id);
    const bool nothing = text.trimmed().isEmpty() && attachments.isEmpty();
    if (conversation == nullptr || nothing || !reasonNotToSend(id).isEmpty() ||
        conversation->tree().find(after) == nullptr)
        return false;
    conversation->addUserMessageAfter(after, text, attachments);
    generate(*conversation, conversation->tree().leaf());
    return true;
}

bool ChatSession::sendVersion(ConversationId id, MessageId question, const QString& text)
{
    Conversation* conversation = m_store.find(id);
    if (conversation == nullptr || text.trimmed().isEmpty() || !reasonNotToSend(id).isEmpty() ||
        conversation->tree().find(question) == nullptr)
        return false;
    generate(*conversation, conversation->addVersion(question, text));
    return true;
}

bool ChatSession::regenerate(ConversationId id, MessageId message, int count)
{
    Conversation* conversation = m_store.find(id);
    const Message* turn = conversation != nullptr ? conversation->tree().find(message) : nullptr;
    if (turn == nullptr || !reasonNotToSend(id).isEmpty())
        return false;
    const MessageId question = turn->role == Role::User ? turn->id : turn->parent;
    if (conversation->tree().find(question) == nullptr)
        return false; // a reply that opens its conversation answers nothing
    generate(*conversation, question, count);
    return true;
}

bool ChatSession::continueReply(ConversationId id, MessageId message)
{
    Conversation* conversation = m_store.find(id);
    const Message* turn = conversation != nullptr ? conversation->tree().find(message) : nullptr;
    if (turn == nullptr || !turn->canContinue() || !conversation->tree().children(message).empty() ||
        !reasonNotToSend(id).isEmpty())
        return false;
    const ReplyId reply = m_bridge.newReplyId();
    conversation->reopenReply(message, reply);
    ask({id, message, {reply}, true});
    return true;
}

bool ChatSession::branchAt(ConversationId id, MessageId message, qsizetype index,
                           const TokenAlternative& instead)
{
    Conversation* conversation = m_store.find(id);
    const Message* turn = conversation != nullptr ? conversation->tree().find(message) : nullptr;
    if (turn == nullptr || index < 0 || index >= turn->tokenDetails.size() || !reasonNotToSend(id).isEmpty())
        return false;
    QString text;
    QList<qint32> tokens;
    for (const TokenDetail& each : turn->tokenDetails.mid(0, index)) {
        text += each.added;
        tokens.append(each.id);
    }
    tokens.append(instead.id);
    return continueReply(id, conversation->addVersion(message, text + instead.text, tokens));
}

void ChatSession::generate(Conversation& conversation, MessageId after, int count)
{
    Asked asked{conversation.id(), after, {}, false};
    for (int i = 0; i < count; ++i) {
        asked.replies.append(m_bridge.newReplyId());
        conversation.openReplyAfter(after, asked.replies.last(), modelName(), i == 0);
    }
    ask(std::move(asked));
}

/// Now, or once the model is awake.
void ChatSession::ask(Asked asked)
{
    if (!isWaking()) {
        submit(asked);
        return;
    }
    m_waiting.append(std::move(asked));
    emit used();
}

void ChatSession::submit(const Asked& asked)
{
    Conversation* conversation = m_store.find(asked.conversation);
    if (conversation == nullptr || conversation->reply(asked.replies.first()) == nullptr)
        return; // deleted meanwhile
    const ContextPlan plan = planOf(*conversation, asked.last);
    engine::GenerationRequest generation = request(*conversation, asked.last, plan);
    for (const ReplyId reply : asked.replies) {
        m_conversations.insert(reply.value, asked.conversation);
        if (const Message* message = conversation->reply(reply))
            conversation->setLeftOut(message->id, quint32(plan.leftOut.size()));
    }
    const Message& last = *conversation->tree().find(asked.last);
    generation.continues = asked.continues;
    if (asked.continues && last.model == modelName()) { // another model has other tokens
        const QList<qint32> tokens = detailsFromJson(last.details).tokens;
        if (quint32(tokens.size()) == last.earlier)
            generation.continuationTokens.assign(tokens.begin(), tokens.end());
    }
    if (asked.replies.size() == 1)
        m_bridge.generate(asked.replies.first(), std::move(generation));
    else
        m_bridge.generateSamples(asked.replies, std::move(generation));
}

QString ChatSession::modelName() const
{
    const auto& model = m_bridge.model() ? m_bridge.model() : m_bridge.asleepModel();
    return model ? QString::fromStdString(model->name) : QString();
}

void ChatSession::stop(ConversationId id)
{
    const Conversation* conversation = m_store.find(id);
    const Message* reply = conversation != nullptr ? conversation->openReply() : nullptr;
    if (reply != nullptr && m_bridge.isRunning(reply->reply))
        m_bridge.stop(reply->reply);
    else if (reply != nullptr)
        stopAll(id); // it waits for its model
}

void ChatSession::stopAll(ConversationId id)
{
    for (auto each = m_conversations.cbegin(); each != m_conversations.cend(); ++each) {
        if (each.value() == id && m_bridge.isRunning(ReplyId{each.key()}))
            m_bridge.stop(ReplyId{each.key()});
    }
    ReplyEnd end;
    end.reason = engine::FinishReason::Cancelled;
    const QList<Asked> waiting = m_waiting;
    m_waiting.removeIf([id](const Asked& asked) { return asked.conversation == id; });
    for (const Asked& asked : waiting) {
        if (asked.conversation == id)
            endWaiting(asked, end);
    }
}

ContextPlan ChatSession::planOf(const Conversation& conversation, MessageId last) const
{
    return planContext(conversation, last, contextLimit());
}

quint32 ChatSession::contextLimit() const
{
    const auto& model = m_bridge.model();
    return model ? ui::contextLimit(*model, m_bridge.status().blocksTotal) : 0;
}

ContextPlan ChatSession::planOf(const Conversation& conversation) const
{
    return planOf(conversation, conversation.tree().leaf());
}

engine::Prompt ChatSession::promptOf(const Conversation& conversation, MessageId last,
                                     const ContextPlan& plan) const
{
    return asPrompt(historyOf(conversation, last, plan.leftOut));
}

void ChatSession::warmUp(const Conversation& conversation)
{
    if (m_bridge.model().has_value() && conversation.isLoaded() && !conversation.isEmpty() &&
        conversation.openReply() == nullptr)
        m_bridge.prefetch(promptOf(conversation, conversation.tree().leaf(), planOf(conversation)));
}

engine::GenerationRequest ChatSession::request(const Conversation& conversation, MessageId last,
                                               const ContextPlan& plan) const
{
    const ConversationSettings& settings = conversation.settings();
    engine::GenerationRequest request;
    request.prompt = promptOf(conversation, last, plan);
    request.sampling = settings.sampling.params();
    request.sampling.seed =
        m_seed.value_or(settings.sampling.seed.value_or(QRandomGenerator::global()->generate64()));
    request.sampling.logprobs = m_alternatives;
    request.maxTokens = settings.sampling.maxTokens();
    if (plan.full && settings.whenFull == WhenFull::KeepStartAndLatest)
        request.endless = endlessWindow(plan.limit);
    request.fitReply = true; // a reply that ends early is better than none
    request.client = "chat " + std::to_string(conversation.id().value); // a fair share for each
    return request;
}

Conversation* ChatSession::conversationOf(ReplyId reply) const
{
    const auto found = m_conversations.constFind(reply.value);
    return found == m_conversations.constEnd() ? nullptr : m_store.find(*found);
}

} // namespace vitrine::ui
