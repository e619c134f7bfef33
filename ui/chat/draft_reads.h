// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are being read for a draft belong to its conversation, not to the pane that asked for them: a
// pane that goes to another chat, or away, leaves them here, and they arrive in the draft. A pane that shows
// the conversation again takes back what is not there yet, and what is to be said about it.
//
// Thread: UI; reading happens elsewhere.
#pragma once

#include <vector>

#include <QList>
#include <QObject>

#include "ui/chat/attachment_reader.h"
#include "ui/chat/conversation_store.h"

namespace vitrine::ui {

/// A file that is not read yet.
struct PendingRead
{
    quint64 id = 0; ///< of AttachmentReader::read()
    QString name;
};

class DraftReads : public QObject
{
    Q_OBJECT

public:
    /// The store outlives it.
    explicit DraftReads(ConversationStore& store, QObject* parent = nullptr);

    AttachmentReader& reader() { return m_reader; }
    /// Their ends are this object's affair from now on.
    void leave(ConversationId conversation, const QList<PendingRead>& reads);
    QList<PendingRead> take(ConversationId conversation);
    /// Why a file did not arrive, or not all of it; once.
    QString takeNote(ConversationId conversation);

private:
    struct Left
    {
        ConversationId conversation;
        PendingRead read;
    };

    void onFinished(quint64 id, const ReadOutcome& outcome);

    ConversationStore& m_store;
    AttachmentReader m_reader;
    std::vector<Left> m_left;
    QHash<qint64, QString> m_notes; ///< by conversation
};

} // namespace vitrine::ui
