// SPDX-License-Identifier: GPL-3.0-or-later
// ChatSession: what the engine is asked, and what it would be asked.
#include <utility>

#include "ui/chat/chat_session.h"

namespace vitrine::ui {

namespace {

/// A model without a chat template continues a text: the turns, one after the other.
std::string plainText(const std::vector<engine::ChatMessage>& history)
{
    std::string text;
    for (const engine::ChatMessage& message : history)
        text += (text.empty() ? "" : "\n\n") + message.content;
    return text;
}

} // namespace

engine::Prompt ChatSession::asPrompt(std::vector<engine::ChatMessage> history) const
{
    if (m_bridge.model()->hasChatTemplate || !m_bridge.model()->templateError.empty())
        return history;
    return plainText(history);
}

engine::GenerationRequest ChatSession::branchRequest(const Conversation& conversation, MessageId reply,
                                                     qsizetype index) const
{
    const Message& turn = *conversation.tree().find(reply);
    engine::GenerationRequest request;
    request.continues = true;
    QString text;
    for (const TokenDetail& each : turn.tokenDetails.mid(0, index + 1)) {
        text += each.added;
        if (turn.model == modelName()) // another model has other tokens
            request.continuationTokens.push_back(each.id);
    }
    const ContextPlan plan = planOf(conversation, reply);
    std::vector<engine::ChatMessage> history = historyOf(conversation, turn.parent, plan.leftOut);
    history.push_back({"assistant", text.toStdString()});
    request.prompt = asPrompt(std::move(history));
    return request;
}

engine::Prompt ChatSession::promptWithDraft(const Conversation& conversation) const
{
    const MessageId leaf = conversation.tree().leaf();
    std::vector<engine::ChatMessage> history =
        historyOf(conversation, leaf, planOf(conversation, leaf).leftOut);
    Message draft;
    draft.text = conversation.draft();
    draft.attachments = conversation.draftAttachments();
    const std::string asked = promptText(draft).toStdString();
    if (asked.empty())
        return asPrompt(std::move(history));
    if (!history.empty() && history.back().role == "user") // questions in a row are one
        history.back().content += "\n\n" + asked;
    else
        history.push_back({"user", asked});
    return asPrompt(std::move(history));
}

} // namespace vitrine::ui
