// SPDX-License-Identifier: GPL-3.0-or-later
// Where conversations are kept: the window's door to the store thread. Calls never wait, but for the
// destructor, which returns when everything handed in is on disk (or cannot be).
// Thread: one, the one that made it; signals come there.
#pragma once

#include <QObject>
#include <QThread>

#include "ui/store/records.h"

namespace vitrine::ui {

class ArchiveWorker;

class ChatArchive : public QObject
{
    Q_OBJECT

public:
    /// Opens `path` on its own thread; opened() follows, whatever it finds.
    explicit ChatArchive(const QString& path, QObject* parent = nullptr);
    ~ChatArchive() override;

    void save(const ChangeSet& changes);
    void readMessages(qint64 conversation);
    /// Answered by one tokensRead().
    void readTokens(qint64 message);
    /// Returns what searched() will carry. A newer search does not end an older one.
    quint64 search(const QString& query, int limit = 50);
    /// Where it has not begun yet it never does, and no searched() comes; an answer under way still does.
    void cancelSearch(quint64 ticket);

    /// $XDG_DATA_HOME/vitrine/chats.db
    static QString defaultPath();

signals:
    void opened(const vitrine::ui::ArchiveContents& contents, const vitrine::ui::ArchiveNotice& notice);
    void messagesRead(qint64 conversation, const QList<vitrine::ui::MessageRecord>& messages,
                      const QString& error);
    void tokensRead(qint64 message, const QByteArray& bytes);
    void searched(quint64 ticket, const QList<vitrine::ui::SearchHit>& hits);
    /// Once until saved(): what is not saved is kept in memory and tried again.
    void saveFailed(const QString& reason);
    void saved();

private:
    QThread m_thread;
    ArchiveWorker* m_worker = nullptr; // lives on m_thread
    quint64 m_tickets = 0;
};

} // namespace vitrine::ui
