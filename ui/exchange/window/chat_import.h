// SPDX-License-Identifier: GPL-3.0-or-later
// Puts chats that were read into the store, a few at a time so that the window stays awake: under new ids, in
// folders of the same names, without those that are there already (the same turns at the same times).
// Thread: UI.
#pragma once

#include <memory>
#include <optional>

#include <QMultiHash>
#include <QObject>
#include <QSet>

#include "ui/chat/conversation_list.h"
#include "ui/exchange/exchanged_chat.h"

namespace vitrine::ui {

class ConversationSaver;

/// What an import did; ImportUndo takes it back.
struct ImportOutcome
{
    struct Added
    {
        ConversationId id;
        std::size_t messages = 0;
    };
    QList<Added> added;
    QList<FolderId> folders; ///< made for them
    int known = 0;           ///< were there already
};

class ChatImport : public QObject
{
    Q_OBJECT

public:
    static constexpr int kAtOnce = 100; ///< chats

    /// All outlive it. `list` shows the store and gets its new rows at the end; nullptr: none does.
    ChatImport(ConversationStore& store, const ConversationSaver* saver, ConversationList* list,
               QObject* parent = nullptr);

    /// finished() follows, later; when it is cancelled, with what was added by then. REQUIRES: called once.
    void start(ExchangedChats chats, std::shared_ptr<ExchangeProgress> progress);
    const ImportOutcome& outcome() const { return m_outcome; }

signals:
    void finished();

private:
    void step();
    void addSome();
    void end();
    bool isKnown(const ExchangedChat& chat) const;
    void add(const ExchangedChat& chat);
    FolderId folderFor(qint64 id);

    ConversationStore& m_store;
    const ConversationSaver* m_saver;
    ConversationList* m_list;
    std::optional<ConversationList::HoldAdditions> m_hold;
    ExchangedChats m_chats;
    std::shared_ptr<ExchangeProgress> m_progress;
    qsizetype m_next = 0;
    QMultiHash<qint64, ConversationId> m_byTime; // of what is there, by when it was begun
    QHash<qint64, FolderId> m_folders;           // of the file, here
    ImportOutcome m_outcome;
};

} // namespace vitrine::ui
