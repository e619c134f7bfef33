// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/window/chat_import.h"

#include <algorithm>

#include <QElapsedTimer>

#include "ui/exchange/settle.h"
#include "ui/exchange/window/conversation_loader.h"

namespace vitrine::ui {
namespace {

constexpr qint64 kSlice = 8; // ms of work before the window may do something else

QByteArray digestOf(const Conversation& conversation)
{
    QList<MessageRecord> records;
    for (const Message* message : conversation.tree().all())
        records.append(recordOf(*message, conversation.id()));
    return contentDigest(records);
}

QString firstWords(const QList<MessageRecord>& messages)
{
    const auto first = std::ranges::find(messages, Role::User, &MessageRecord::role);
    return first == messages.end() ? QString() : titleFromText(first->text);
}

} // namespace

ChatImport::ChatImport(ConversationStore& store, const ConversationSaver* saver, ConversationList* list,
                       QObject* parent)
    : QObject(parent), m_store(store), m_saver(saver), m_list(list)
{}

void ChatImport::start(ExchangedChats chats, std::shared_ptr<ExchangeProgress> progress)
{
    m_progress = std::move(progress);
    m_chats = std::move(chats);
    m_progress->done = 0;
    m_progress->total = m_chats.chats.size();
    if (m_list != nullptr)
        m_hold.emplace(*m_list);
    QHash<qint64, QSet<quint32>> sizes;
    for (const ExchangedChat& chat : m_chats.chats)
        sizes[chat.conversation.created].insert(quint32(chat.messages.size()));
    QList<ConversationId> candidates;
    for (const Conversation* conversation : m_store.byRecency()) {
        const ConversationRecord record = conversation->record();
        if (!sizes.value(record.created).contains(record.messages))
            continue;
        m_byTime.insert(record.created, conversation->id());
        candidates.append(conversation->id());
    }
    auto* loader = new ConversationLoader(m_store, m_saver, this);
    connect(loader, &ConversationLoader::finished, this, &ChatImport::step);
    loader->load(candidates);
}

void ChatImport::step()
{
    if (m_progress->cancelled)
        m_next = m_chats.chats.size();
    {
        std::optional<ConversationList::Hold> hold; // folders are made as well
        if (m_list != nullptr)
            hold.emplace(*m_list);
        addSome();
    }
    m_progress->done = m_next;
    const bool more = m_next < m_chats.chats.size();
    QMetaObject::invokeMethod(this, more ? &ChatImport::step : &ChatImport::end, Qt::QueuedConnection);
}

void ChatImport::addSome()
{
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < kAtOnce && m_next < m_chats.chats.size() && timer.elapsed() < kSlice; ++i) {
        const ExchangedChat chat = std::exchange(m_chats.chats[m_next++], {});
        if (isKnown(chat))
            ++m_outcome.known;
        else
            add(chat);
    }
}

/// All rows at once, in a turn of its own.
void ChatImport::end()
{
    m_hold.reset();
    emit finished();
}

bool ChatImport::isKnown(const ExchangedChat& chat) const
{
    const QList<ConversationId> candidates = m_byTime.values(chat.conversation.created);
    if (candidates.isEmpty())
        return false;
    const QByteArray digest = contentDigest(chat.messages);
    return std::ranges::any_of(candidates, [&](ConversationId id) {
        const Conversation* conversation = m_store.find(id);
        return conversation != nullptr && conversation->isLoaded() && digestOf(*conversation) == digest;
    });
}

void ChatImport::add(const ExchangedChat& chat)
{
    ConversationRecord record = chat.conversation;
    QList<MessageRecord> messages = chat.messages;
    record.id = m_store.ids().next();
    QList<qint64> ids{0}; // by number in the file
    for (MessageRecord& message : messages) {
        message.id = m_store.ids().next();
        message.conversation = record.id;
        message.parent = ids[message.parent];
        ids.append(message.id);
    }
    record.leaf = ids[record.leaf];
    record.folder = folderFor(record.folder).value;
    if (record.title.trimmed().isEmpty())
        record.title = firstWords(messages);
    const Conversation& added = m_store.add(record, messages);
    m_outcome.added.append({added.id(), added.tree().size()});
}

FolderId ChatImport::folderFor(qint64 id)
{
    const auto known = m_folders.constFind(id);
    if (known != m_folders.constEnd())
        return *known;
    const auto read = std::ranges::find(m_chats.folders, id, &FolderRecord::id);
    if (id == 0 || read == m_chats.folders.end())
        return {};
    FolderId folder;
    const auto here = std::ranges::find(m_store.folders(), read->name, &Folder::name);
    if (here != m_store.folders().end()) {
        folder = here->id;
    } else {
        folder = m_store.createFolder(read->name);
        m_outcome.folders.append(folder);
        Folder made = *m_store.find(folder);
        made.collapsed = read->collapsed;
        m_store.setFolder(made);
    }
    m_folders.insert(id, folder);
    return folder;
}

} // namespace vitrine::ui
