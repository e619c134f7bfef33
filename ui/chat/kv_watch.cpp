// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/kv_watch.h"

#include <algorithm>

namespace vitrine::ui {

KvWatch::KvWatch(EngineBridge& bridge, ConversationStore& store, QObject* parent)
    : QObject(parent), m_bridge(bridge), m_store(store)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &KvWatch::follow);
    const auto soon = [this] { m_soon.start(); };
    connect(&store, &ConversationStore::changed, this, soon);
    connect(&store, &ConversationStore::removed, this, soon);
    connect(&store, &ConversationStore::added, this, soon);
    connect(&bridge, &EngineBridge::replyStarted, this, soon);
    connect(&bridge, &EngineBridge::residencyChanged, this, &KvWatch::take);
}

void KvWatch::follow()
{
    QList<ReplyId> watched;
    m_ends.clear();
    for (Conversation* conversation : m_store.byRecency()) {
        const ReplyId reply = conversation->lastReply();
        if (reply.value == 0) {
            conversation->setResidency({});
            continue;
        }
        watched.append(reply);
        m_ends.insert(reply.value, conversation->id());
    }
    std::ranges::sort(watched, {}, &ReplyId::value); // what is recent changes, what is watched need not
    if (watched == m_watched)
        return;
    m_watched = watched;
    m_bridge.watchResidency(watched);
}

void KvWatch::take(const QList<ReplyResidency>& replies)
{
    for (const ReplyResidency& each : replies) {
        const auto end = m_ends.constFind(each.reply.value);
        Conversation* conversation = end != m_ends.constEnd() ? m_store.find(*end) : nullptr;
        if (conversation != nullptr)
            conversation->setResidency(each.kv);
    }
}

} // namespace vitrine::ui
