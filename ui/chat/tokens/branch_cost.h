// SPDX-License-Identifier: GPL-3.0-or-later
// Says in a TokenPopover what a branch from its token would find in the KV cache and what it would compute:
// the engine is asked with the very prompt that the branch would have. Thread: UI.
#pragma once

#include <QObject>
#include <QTimer>

#include "ui/chat/chat_session.h"

namespace vitrine::ui {

class TokenPopover;

class BranchCost : public QObject
{
    Q_OBJECT

public:
    /// Both outlive it.
    BranchCost(ChatSession& session, TokenPopover& popover, QObject* parent = nullptr);

    /// After TokenPopover::setToken(); only of a token from which a branch can begin.
    void ask(ConversationId conversation, MessageId reply, qsizetype token);
    /// What was asked for is not of interest any more.
    void cancel();

private:
    void send();
    void take(quint64 id, const PromptForecast& forecast);

    ChatSession& m_session;
    TokenPopover& m_popover;
    QTimer m_soon; // who steps through tokens asks for the one where he stops
    ConversationId m_conversation;
    MessageId m_reply;
    qsizetype m_token = 0;
    quint64 m_asked = 0; // 0: nothing
};

} // namespace vitrine::ui
