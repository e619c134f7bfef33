// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation_saver.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>
#include <QTimerEvent>

#include "ui/chat/tokens/token_packing.h"

namespace vitrine::ui {

ConversationSaver::ConversationSaver(ConversationStore& store, ChatArchive& archive, QObject* parent)
    : QObject(parent), m_store(store), m_archive(archive)
{
    connect(&archive, &ChatArchive::opened, this, &ConversationSaver::onOpened);
    connect(&archive, &ChatArchive::messagesRead, this, &ConversationSaver::onMessagesRead);
    connect(&archive, &ChatArchive::tokensRead, this, &ConversationSaver::onTokensRead);
    connect(&store, &ConversationStore::added, this, [this](ConversationId id) {
        watch(id);
        touch(id);
        for (const Message* message : m_store.find(id)->tree().all())
            m_touchedMessages[id.value].insert(message->id.value); // imported, or put back
    });
    connect(&store, &ConversationStore::changed, this, &ConversationSaver::touch);
    connect(&store, &ConversationStore::removing, this, &ConversationSaver::onRemoving);
    connect(&store, &ConversationStore::foldersChanged, this, &ConversationSaver::onFoldersChanged);
    connect(&store, &ConversationStore::messagesWanted, this, [this](ConversationId id) {
        if (!m_wanted.contains(id.value))
            m_archive.readMessages(id.value);
        m_wanted.insert(id.value);
    });
    for (const Conversation* conversation : store.byRecency()) {
        watch(conversation->id());
        touch(conversation->id());
    }
}

ConversationSaver::~ConversationSaver()
{
    flush(std::numeric_limits<qsizetype>::max());
}

void ConversationSaver::onOpened(const ArchiveContents& contents, const ArchiveNotice& notice)
{
    for (const ConversationRecord& record : contents.conversations) {
        m_kept.insert(record.id);
        if (record.draftFiles)
            m_draftFiles.insert(record.id, *record.draftFiles);
    }
    m_store.restore(contents);
    m_savedFolders = m_store.folders();
    for (const ConversationRecord& record : contents.conversations)
        watch(ConversationId{record.id});
    m_opened = true;
    emit opened(notice);
}

void ConversationSaver::onMessagesRead(qint64 id, const QList<MessageRecord>& messages, const QString& error)
{
    m_wanted.remove(id);
    Conversation* conversation = m_store.find(ConversationId{id});
    if (!error.isEmpty())
        emit loadFailed(ConversationId{id}, error);
    else if (conversation != nullptr && !conversation->isLoaded())
        conversation->load(messages);
}

void ConversationSaver::watch(ConversationId id)
{
    Conversation* conversation = m_store.find(id);
    if (conversation == nullptr)
        return;
    connect(conversation, &Conversation::draftChanged, this, [this, id] { touch(id); });
    connect(conversation, &Conversation::messageTouched, this, [this, id](MessageId message) {
        m_touchedMessages[id.value].insert(message.value);
        touch(id);
    });
    connect(conversation, &Conversation::tokensWanted, this,
            [this, id](MessageId message) { onTokensWanted(id, message); });
    connect(conversation, &Conversation::messagesRemoved, this, [this, id](const QList<MessageId>& gone) {
        settle();
        for (const MessageId message : gone) {
            m_touchedMessages[id.value].remove(message.value);
            m_changes.removedMessages.append(message.value);
        }
        touch(id);
    });
}

void ConversationSaver::touch(ConversationId id)
{
    m_touched.insert(id.value);
    if (!m_timer.isActive())
        m_timer.start(kEvery, this);
}

/// Hidden in the file, not erased: an undo, also after a crash, must find its messages.
void ConversationSaver::onRemoving(ConversationId id)
{
    Conversation* conversation = m_store.find(id);
    conversation->disconnect(this);
    collect(*conversation, m_removals);
    m_touched.remove(id.value);
    m_draftFiles.remove(id.value); // it counts no more; the file has it until the chat is erased
    if (!m_kept.contains(id.value))
        return;
    m_removals.conversations.append(conversation->record());
    m_removals.conversations.back().deleted = QDateTime::currentMSecsSinceEpoch();
    if (!m_timer.isActive())
        m_timer.start(kEvery, this);
}

void ConversationSaver::onFoldersChanged()
{
    ChangeSet changes;
    for (const Folder& folder : m_store.folders())
        changes.folders.append({folder.id.value, folder.name, folder.position, folder.collapsed});
    for (const Folder& before : m_savedFolders) {
        if (m_store.find(before.id) == nullptr)
            changes.removedFolders.append(before.id.value);
    }
    m_savedFolders = m_store.folders();
    m_changes.merge(changes);
    if (!m_timer.isActive())
        m_timer.start(kEvery, this);
}

bool ConversationSaver::isWorthKeeping(const Conversation& conversation) const
{
    return m_kept.contains(conversation.id().value) || !conversation.isEmpty() ||
           !conversation.draft().trimmed().isEmpty() || !conversation.draftAttachments().isEmpty();
}

namespace {

qsizetype charactersOf(const QList<DraftFile>& files)
{
    qsizetype characters = 0;
    for (const DraftFile& file : files)
        characters += file.text.size();
    return characters;
}

} // namespace

/// Only where they are others than before; the texts are shared, not copied.
void ConversationSaver::addDraftFiles(ConversationRecord& record, const Conversation& conversation)
{
    QList<DraftFile> files = conversation.draftFiles();
    qsizetype characters = charactersOf(files);
    for (auto each = m_draftFiles.cbegin(); each != m_draftFiles.cend(); ++each)
        characters += each.key() == record.id ? 0 : charactersOf(each.value());
    if (!files.isEmpty() && characters > kMostDraftCharacters) {
        files.clear();
        if (!m_notKept.contains(record.id))
            emit draftNotKept(conversation.id());
        m_notKept.insert(record.id);
    } else {
        m_notKept.remove(record.id);
    }
    if (files == m_draftFiles.value(record.id))
        return;
    record.draftFiles = files;
    if (files.isEmpty())
        m_draftFiles.remove(record.id);
    else
        m_draftFiles.insert(record.id, files);
}

/// Appends: cheap also for thousands.
void ConversationSaver::collect(Conversation& conversation, ChangeSet& into)
{
    if (!isWorthKeeping(conversation))
        return;
    const qint64 id = conversation.id().value;
    into.conversations.append(conversation.record());
    addDraftFiles(into.conversations.back(), conversation);
    for (const qint64 message : m_touchedMessages.take(id)) {
        if (const Message* touched = conversation.tree().find(MessageId{message})) {
            into.messages.append(recordOf(*touched, conversation.id()));
            keepTokens(*touched, into);
        }
    }
    m_kept.insert(id);
}

/// Once the reply is whole. Packed on the store thread.
void ConversationSaver::keepTokens(const Message& message, ChangeSet& changes)
{
    const QList<TokenDetail>& details = message.tokenDetails;
    if (message.isOpen() || message.tokensUnread || details.isEmpty() ||
        m_keptTokens.value(message.id.value) == details.size())
        return;
    m_keptTokens.insert(message.id.value, details.size());
    changes.tokens.append({message.id.value, [details] { return packTokens(details); }});
}

void ConversationSaver::onTokensWanted(ConversationId conversation, MessageId message)
{
    m_tokensWanted.insert(message.value, conversation);
    m_archive.readTokens(message.value);
}

/// Unpacked on a pool thread.
void ConversationSaver::onTokensRead(qint64 message, const QByteArray& bytes)
{
    const auto promise = std::make_shared<QPromise<QList<TokenDetail>>>();
    auto* watcher = new QFutureWatcher<QList<TokenDetail>>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, message] {
        const QList<TokenDetail> details = watcher->result();
        watcher->deleteLater();
        if (!details.isEmpty())
            m_keptTokens.insert(message, details.size());
        if (Conversation* conversation = m_store.find(m_tokensWanted.take(message)))
            conversation->recallTokens(MessageId{message}, details);
    });
    promise->start();
    watcher->setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, bytes] {
        promise->addResult(unpackTokens(bytes));
        promise->finish();
    });
}

void ConversationSaver::settle()
{
    if (!m_removals.isEmpty())
        m_changes.merge(std::exchange(m_removals, {}));
}

/// What is more than `most` follows in the next turn.
void ConversationSaver::flush(qsizetype most)
{
    m_timer.stop();
    settle();
    ChangeSet fresh;
    for (auto it = m_touched.begin(); it != m_touched.end() && most > 0; --most) {
        if (Conversation* conversation = m_store.find(ConversationId{*it}))
            collect(*conversation, fresh);
        it = m_touched.erase(it);
    }
    m_changes.merge(fresh);
    m_archive.save(std::exchange(m_changes, {}));
    if (!m_touched.isEmpty())
        m_timer.start(0, this);
}

void ConversationSaver::timerEvent(QTimerEvent* event)
{
    if (event->timerId() == m_timer.timerId())
        flush(kAtOnce);
    else
        QObject::timerEvent(event);
}

} // namespace vitrine::ui
