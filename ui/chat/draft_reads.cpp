// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/draft_reads.h"

#include <algorithm>

#include "ui/chat/attachment_limits.h"

namespace vitrine::ui {

DraftReads::DraftReads(ConversationStore& store, QObject* parent) : QObject(parent), m_store(store)
{
    connect(&m_reader, &AttachmentReader::finished, this, &DraftReads::onFinished);
    connect(&m_store, &ConversationStore::removed, this, [this](ConversationId id) {
        for (const PendingRead& read : take(id))
            m_reader.cancel(read.id);
        m_notes.remove(id.value);
    });
}

void DraftReads::leave(ConversationId conversation, const QList<PendingRead>& reads)
{
    for (const PendingRead& read : reads)
        m_left.push_back({conversation, read});
}

QList<PendingRead> DraftReads::take(ConversationId conversation)
{
    QList<PendingRead> reads;
    std::erase_if(m_left, [&](const Left& left) {
        if (left.conversation == conversation)
            reads.append(left.read);
        return left.conversation == conversation;
    });
    return reads;
}

QString DraftReads::takeNote(ConversationId conversation)
{
    return m_notes.take(conversation.value);
}

void DraftReads::onFinished(quint64 id, const ReadOutcome& outcome)
{
    const auto left = std::ranges::find_if(m_left, [id](const Left& each) { return each.read.id == id; });
    if (left == m_left.end())
        return; // a pane shows it
    const ConversationId where = left->conversation;
    m_left.erase(left);
    Conversation* conversation = m_store.find(where);
    if (conversation == nullptr)
        return;
    QString note = outcome.refusal;
    if (note.isEmpty()) {
        QList<Attachment> attachments = conversation->draftAttachments();
        note = reasonAgainstMore(attachments, outcome.attachment.text.size());
        if (note.isEmpty()) {
            attachments.append(outcome.attachment);
            conversation->setDraftAttachments(attachments);
            note = outcome.note;
        }
    }
    if (!note.isEmpty())
        m_notes.insert(where.value, note);
}

} // namespace vitrine::ui
