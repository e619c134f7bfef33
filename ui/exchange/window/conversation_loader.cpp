// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/window/conversation_loader.h"

#include "ui/chat/conversation_saver.h"

namespace vitrine::ui {

ConversationLoader::ConversationLoader(ConversationStore& store, const ConversationSaver* saver,
                                       QObject* parent)
    : QObject(parent), m_store(store)
{
    connect(&store, &ConversationStore::removed, this, &ConversationLoader::settle);
    if (saver != nullptr)
        connect(saver, &ConversationSaver::loadFailed, this, &ConversationLoader::settle);
}

void ConversationLoader::load(const QList<ConversationId>& ids)
{
    for (const ConversationId id : ids) {
        const Conversation* conversation = m_store.find(id);
        if (conversation == nullptr || conversation->isLoaded())
            continue;
        m_waiting.insert(id.value);
        connect(conversation, &Conversation::loaded, this, [this, id] { settle(id); });
        m_store.ensureLoaded(id);
    }
    QMetaObject::invokeMethod(this, &ConversationLoader::finishWhenDone, Qt::QueuedConnection);
}

void ConversationLoader::settle(ConversationId id)
{
    if (m_waiting.remove(id.value) && m_waiting.isEmpty())
        QMetaObject::invokeMethod(this, &ConversationLoader::finishWhenDone, Qt::QueuedConnection);
}

void ConversationLoader::finishWhenDone()
{
    if (m_finished || !m_waiting.isEmpty())
        return;
    m_finished = true;
    emit finished();
}

} // namespace vitrine::ui
