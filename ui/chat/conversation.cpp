// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation.h"

#include <algorithm>

#include "engine/base/check.h"

namespace vitrine::ui {

Conversation::Conversation(IdSource& ids, std::size_t number, QObject* parent)
    : QObject(parent), m_ids(ids), m_id{ids.next()}, m_number(number),
      m_created(QDateTime::currentMSecsSinceEpoch()), m_lastActivity(QDateTime::currentDateTime())
{}

Conversation::Conversation(IdSource& ids, const ConversationRecord& record, QObject* parent)
    : QObject(parent), m_ids(ids), m_id{record.id}, m_number(record.hue),
      m_title(record.title), m_folder{record.folder}, m_pinned(record.pinned),
      m_settings(settingsFromJson(record.settings)), m_draft(draftFromString(record.draft)),
      m_created(record.created), m_lastActivity(QDateTime::fromMSecsSinceEpoch(record.lastActivity)),
      m_contextUsed(record.contextUsed), m_loaded(record.messages == 0),
      m_stored(record.messages), m_storedLeaf{record.leaf}
{
    ids.above(record.id);
    for (const DraftFile& file : record.draftFiles.value_or(QList<DraftFile>()))
        m_draft.attachments.append({file.name, file.text, file.bytes, file.skipped});
}

QList<DraftFile> Conversation::draftFiles() const
{
    QList<DraftFile> files;
    if (isKeptApart(m_draft)) {
        for (const Attachment& each : m_draft.attachments)
            files.append({each.name, each.text, each.bytes, each.skipped});
    }
    return files;
}

ConversationRecord Conversation::record() const
{
    ConversationRecord record;
    record.id = m_id.value;
    record.title = m_title;
    record.folder = m_folder.value;
    record.pinned = m_pinned;
    record.hue = quint32(m_number);
    record.created = m_created;
    record.lastActivity = m_lastActivity.toMSecsSinceEpoch();
    record.leaf = m_loaded ? m_tree.leaf().value : m_storedLeaf.value;
    record.contextUsed = m_contextUsed;
    record.messages = m_loaded ? quint32(m_tree.size()) : m_stored;
    record.draft = draftToString(m_draft);
    record.settings = settingsToJson(m_settings);
    return record;
}

void Conversation::load(const QList<MessageRecord>& messages)
{
    VT_CHECK(!m_loaded);
    for (const MessageRecord& record : messages) {
        m_ids.above(record.id);
        if (record.id > 0 && m_tree.find(MessageId{record.id}) == nullptr)
            m_tree.add(messageOf(record));
    }
    m_loaded = true;
    if (m_tree.find(m_storedLeaf) != nullptr)
        m_tree.choose(m_storedLeaf);
    emit pathChanged(0);
    emit loaded();
    emit changed();
}

void Conversation::setNumber(std::size_t number)
{
    m_number = number;
    emit changed();
}

void Conversation::setTitle(const QString& title)
{
    if (title == m_title)
        return;
    m_title = title;
    emit changed();
}

QString Conversation::displayTitle() const
{
    return m_title.isEmpty() ? tr("New chat") : m_title;
}

void Conversation::setFolder(FolderId folder)
{
    if (folder == m_folder)
        return;
    m_folder = folder;
    emit changed();
}

void Conversation::setPinned(bool pinned)
{
    if (pinned == m_pinned)
        return;
    m_pinned = pinned;
    emit changed();
}

void Conversation::setSettings(const ConversationSettings& settings)
{
    if (settings == m_settings)
        return;
    m_settings = settings;
    emit changed();
}

void Conversation::setPreset(SamplingPreset preset)
{
    ConversationSettings settings = m_settings;
    settings.sampling = samplingOf(preset);
    setSettings(settings);
}

void Conversation::setDraft(const QString& draft)
{
    if (draft == m_draft.text)
        return;
    m_draft.text = draft;
    emit draftChanged();
}

void Conversation::setDraftAttachments(const QList<Attachment>& attachments)
{
    if (attachments == m_draft.attachments)
        return;
    m_draft.attachments = attachments;
    emit draftChanged();
}

void Conversation::setLastActivity(const QDateTime& when)
{
    m_lastActivity = when;
    emit changed();
}

const Message* Conversation::openReply() const
{
    const MessagePath path = m_tree.path();
    return !path.empty() && path.back().isOpen() ? &path.back() : nullptr;
}

const Message* Conversation::reply(ReplyId reply) const
{
    const auto found = m_replies.constFind(reply.value);
    return found == m_replies.constEnd() ? nullptr : m_tree.find(*found);
}

Message* Conversation::open(ReplyId reply)
{
    const auto found = m_replies.constFind(reply.value);
    return found == m_replies.constEnd() ? nullptr : m_tree.find(*found);
}

/// Puts a message in its place and tells whoever shows the branch.
Message& Conversation::add(Message message, bool show)
{
    VT_CHECK(m_loaded);
    message.id = MessageId{m_ids.next()};
    message.created = QDateTime::currentMSecsSinceEpoch();
    Message& added = m_tree.add(std::move(message));
    if (m_tree.indexOf(added.id) >= 0)
        emit messageAdded(m_tree.indexOf(added.id));
    else if (show)
        emit pathChanged(m_tree.choose(added.id));
    emit messageTouched(added.id);
    return added;
}

void Conversation::addUserMessage(const QString& text, const QList<Attachment>& attachments)
{
    VT_CHECK(openReply() == nullptr);
    addUserMessageAfter(m_tree.leaf(), text, attachments);
}

void Conversation::addUserMessageAfter(MessageId after, const QString& text,
                                       const QList<Attachment>& attachments)
{
    Message message;
    message.text = text;
    message.attachments = attachments;
    message.parent = after;
    if (m_title.isEmpty())
        m_title = titleFromText(text.trimmed().isEmpty() && !attachments.isEmpty() ? attachments.front().name
                                                                                   : text);
    m_lastActivity = QDateTime::currentDateTime();
    add(std::move(message), true);
    emit changed();
}

MessageId Conversation::addVersion(MessageId of, const QString& text, const QList<qint32>& tokens)
{
    const Message* original = m_tree.find(of);
    VT_CHECK(original != nullptr);
    Message message;
    message.role = original->role;
    message.parent = original->parent;
    message.attachments = original->attachments;
    message.model = original->model;
    message.text = text;
    if (message.role == Role::Assistant) {
        ReplyDetails details;
        details.tokens = tokens;
        message.state = MessageState::Stopped;
        message.details = detailsToJson(details);
        message.figures.tokens = quint32(tokens.size());
        message.tokenDetails = detailsUpTo(original->tokenDetails, tokens);
    }
    m_lastActivity = QDateTime::currentDateTime();
    const MessageId added = add(std::move(message), true).id;
    emit changed();
    return added;
}

void Conversation::openReply(ReplyId reply, const QString& model)
{
    VT_CHECK(openReply() == nullptr);
    openReplyAfter(m_tree.leaf(), reply, model, true);
}

MessageId Conversation::openReplyAfter(MessageId after, ReplyId reply, const QString& model, bool show)
{
    Message message;
    message.role = Role::Assistant;
    message.state = MessageState::Queued;
    message.reply = reply;
    message.parent = after;
    message.model = model;
    const MessageId added = add(std::move(message), show).id;
    m_replies.insert(reply.value, added);
    emit progressed();
    return added;
}

void Conversation::reopenReply(MessageId id, ReplyId reply)
{
    Message* message = m_tree.find(id);
    VT_CHECK(message != nullptr && message->canContinue() && m_tree.children(id).empty());
    m_before.insert(id.value, *message);
    message->state = MessageState::Queued;
    message->reply = reply;
    message->wait = {};
    message->error.clear();
    message->earlier = message->figures.tokens;
    m_replies.insert(reply.value, id);
    wantTokens(id); // what comes is added to them
    tell(*message);
    if (const int index = m_tree.indexOf(id); index >= 0)
        emit pathChanged(index); // its text grows again
    emit progressed();
}

void Conversation::choose(MessageId message)
{
    const std::size_t before = m_tree.path().size();
    const int from = m_tree.choose(message);
    if (std::size_t(from) >= before)
        return;
    emit pathChanged(from);
    emit progressed();
    emit changed();
}

std::vector<Message> Conversation::remove(MessageId id)
{
    const int index = m_tree.indexOf(id);
    std::vector<Message> removed = m_tree.take(id);
    QList<MessageId> ids;
    for (Message& each : removed) {
        m_replies.remove(each.reply.value);
        m_before.remove(each.id.value);
        if (each.isOpen())
            each.state = MessageState::Stopped; // whoever removes it has stopped it
        ids.append(each.id);
    }
    if (index >= 0)
        emit pathChanged(index);
    emit messagesRemoved(ids);
    emit progressed();
    emit changed();
    return removed;
}

/// An open reply has no turn after it: one that goes on by now is there once more as it was, and what had
/// followed it follows that.
MessageId Conversation::settledVersion(MessageId id)
{
    const Message* message = m_tree.find(id);
    const auto before = m_before.constFind(id.value);
    if (message == nullptr || !message->isOpen() || before == m_before.constEnd())
        return id;
    Message version = *before;
    version.id = MessageId{m_ids.next()};
    version.created = QDateTime::currentMSecsSinceEpoch();
    const MessageId added = m_tree.add(std::move(version)).id;
    emit messageTouched(added);
    return added;
}

void Conversation::putBack(const std::vector<Message>& removed)
{
    if (removed.empty())
        return;
    const MessageId above = settledVersion(removed.front().parent);
    for (std::size_t i = 0; i < removed.size(); ++i) {
        Message message = removed[i];
        if (i == 0) // the others follow each other
            message.parent = above;
        m_tree.add(std::move(message));
        emit messageTouched(removed[i].id);
    }
    const int chosen = m_tree.choose(removed.front().id); // another branch may be shown by now
    emit pathChanged(std::min(chosen, m_tree.indexOf(removed.front().id)));
    emit changed();
}

void Conversation::tell(const Message& message)
{
    if (const int index = m_tree.indexOf(message.id); index >= 0)
        emit messageChanged(index);
    emit messageTouched(message.id);
}

} // namespace vitrine::ui
