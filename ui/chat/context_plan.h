// SPDX-License-Identifier: GPL-3.0-or-later
// Which turns of a conversation a reply is given when they do not all fit the model's context. Pure; UI
// thread (it reads a conversation).
//
// Invariants: the system prompt and the last question are always given; questions go only with their replies.
#pragma once

#include <vector>

#include "ui/chat/conversation.h"

namespace vitrine::engine {
struct ModelSummary;
}

namespace vitrine::ui {

struct ContextPlan
{
    std::vector<MessageId> leftOut; ///< in order
    quint32 tokens = 0;             ///< of what is given, about
    quint32 limit = 0;              ///< of prompt and reply
    bool full = false;              ///< what is given and the longest reply do not fit together
};

/// Tokens that a prompt and its reply may have: the context, or the KV cache of so many blocks where that
/// holds less. 0 blocks: as many as the model was loaded with.
quint32 contextLimit(const engine::ModelSummary& model, quint32 blocks = 0);

/// For a reply to the turn `last`. Once turns are left out, so many are that a few more questions fit and the
/// prompt goes on beginning the same way, which keeps it in the cache.
ContextPlan planContext(const Conversation& conversation, MessageId last, quint32 limit);

/// A message with what is attached to it, each with its name, before what was asked.
QString promptText(const Message& message);

} // namespace vitrine::ui
