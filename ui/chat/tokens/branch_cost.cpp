// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/tokens/branch_cost.h"

#include "ui/chat/tokens/token_popover.h"

namespace vitrine::ui {

namespace {

constexpr int kWaitMs = 80;

} // namespace

BranchCost::BranchCost(ChatSession& session, TokenPopover& popover, QObject* parent)
    : QObject(parent), m_session(session), m_popover(popover)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kWaitMs);
    connect(&m_soon, &QTimer::timeout, this, &BranchCost::send);
    connect(&session.bridge(), &EngineBridge::foreseen, this, &BranchCost::take);
}

void BranchCost::ask(ConversationId conversation, MessageId reply, qsizetype token)
{
    m_conversation = conversation;
    m_reply = reply;
    m_token = token;
    m_asked = 0;
    m_soon.start();
}

void BranchCost::cancel()
{
    m_asked = 0;
    m_soon.stop();
}

void BranchCost::send()
{
    const Conversation* conversation = m_session.store().find(m_conversation);
    const Message* turn = conversation != nullptr ? conversation->tree().find(m_reply) : nullptr;
    if (turn == nullptr || m_token >= turn->tokenDetails.size() || !m_session.bridge().model().has_value())
        return;
    m_asked = m_session.bridge().foresee(m_session.branchRequest(*conversation, m_reply, m_token));
}

void BranchCost::take(quint64 id, const PromptForecast& forecast)
{
    if (id != m_asked || !forecast.known)
        return;
    m_popover.setCost(forecast.resident / forecast.blockSize, forecast.tokens - forecast.resident);
}

} // namespace vitrine::ui
