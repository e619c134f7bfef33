// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps Conversation::residency() true: tells the engine which reply ends the shown branch of each
// conversation, and hands its answers on. Thread: UI.
#pragma once

#include <QHash>
#include <QObject>
#include <QTimer>

#include "ui/bridge/engine_bridge.h"
#include "ui/chat/conversation_store.h"

namespace vitrine::ui {

class KvWatch : public QObject
{
    Q_OBJECT

public:
    /// Both outlive it.
    KvWatch(EngineBridge& bridge, ConversationStore& store, QObject* parent = nullptr);

private:
    void follow();
    void take(const QList<ReplyResidency>& replies);

    EngineBridge& m_bridge;
    ConversationStore& m_store;
    QTimer m_soon; // many changes cost one look at the conversations
    QList<ReplyId> m_watched;
    QHash<quint64, ConversationId> m_ends; // by ReplyId
};

} // namespace vitrine::ui
