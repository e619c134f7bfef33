// SPDX-License-Identifier: GPL-3.0-or-later
// Waits until the messages of several conversations are there. Thread: UI.
#pragma once

#include <QObject>
#include <QSet>

#include "ui/chat/conversation_store.h"

namespace vitrine::ui {

class ConversationSaver;

class ConversationLoader : public QObject
{
    Q_OBJECT

public:
    /// Both outlive it. Without a saver everything is loaded already.
    ConversationLoader(ConversationStore& store, const ConversationSaver* saver, QObject* parent = nullptr);

    /// finished() follows once, later. REQUIRES: called once.
    void load(const QList<ConversationId>& ids);

signals:
    void finished();

private:
    void settle(ConversationId id);
    void finishWhenDone();

    ConversationStore& m_store;
    QSet<qint64> m_waiting;
    bool m_finished = false;
};

} // namespace vitrine::ui
