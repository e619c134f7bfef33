// SPDX-License-Identifier: GPL-3.0-or-later
// Takes back what imports added, a few chats at a time so that the window stays awake: all but chats that
// went on since, and the folders made for them when nothing is in them. Thread: UI.
#pragma once

#include "ui/exchange/window/chat_import.h"

namespace vitrine::ui {

class ImportUndo : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype kAtOnce = 100; ///< chats; the list is put in order once for them

    /// All outlive it. `list` shows the store; nullptr: none does.
    ImportUndo(ConversationStore& store, ConversationList* list, QObject* parent = nullptr);

    /// finished() follows, later; when it is cancelled, the rest stays. REQUIRES: called once.
    void start(const QList<ImportOutcome>& outcomes, std::shared_ptr<ExchangeProgress> progress);
    qsizetype removed() const { return m_removed; }

signals:
    /// They are about to be removed: whoever shows them goes elsewhere before this returns.
    void leaving(const QList<vitrine::ui::ConversationId>& ids);
    void finished();

private:
    void step();
    void removeSome();
    void removeFolders();
    bool isAsImported(const ImportOutcome::Added& added) const;

    ConversationStore& m_store;
    ConversationList* m_list;
    std::shared_ptr<ExchangeProgress> m_progress;
    QList<ImportOutcome::Added> m_added;
    QList<FolderId> m_folders;
    qsizetype m_next = 0;
    qsizetype m_removed = 0;
};

} // namespace vitrine::ui
