// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/chat_archive.h"

#include <QStandardPaths>

#include "ui/store/archive_worker.h"

namespace vitrine::ui {

ChatArchive::ChatArchive(const QString& path, QObject* parent)
    : QObject(parent), m_worker(new ArchiveWorker(path))
{
    qRegisterMetaType<ArchiveContents>();
    qRegisterMetaType<ArchiveNotice>();
    qRegisterMetaType<ChangeSet>();
    qRegisterMetaType<QList<MessageRecord>>();
    qRegisterMetaType<QList<SearchHit>>();
    m_thread.setObjectName(QStringLiteral("store"));
    m_worker->moveToThread(&m_thread);
    connect(m_worker, &ArchiveWorker::opened, this, &ChatArchive::opened);
    connect(m_worker, &ArchiveWorker::messagesRead, this, &ChatArchive::messagesRead);
    connect(m_worker, &ArchiveWorker::tokensRead, this, &ChatArchive::tokensRead);
    connect(m_worker, &ArchiveWorker::searched, this, &ChatArchive::searched);
    connect(m_worker, &ArchiveWorker::saveFailed, this, &ChatArchive::saveFailed);
    connect(m_worker, &ArchiveWorker::saved, this, &ChatArchive::saved);
    m_thread.start();
    QMetaObject::invokeMethod(m_worker, &ArchiveWorker::open, Qt::QueuedConnection);
}

ChatArchive::~ChatArchive()
{
    // Behind everything that was handed in.
    QMetaObject::invokeMethod(
        m_worker,
        [worker = m_worker] {
            worker->close();
            QThread::currentThread()->quit();
        },
        Qt::QueuedConnection);
    m_thread.wait();
    delete m_worker; // its thread is over
}

void ChatArchive::save(const ChangeSet& changes)
{
    if (!changes.isEmpty())
        QMetaObject::invokeMethod(m_worker, [worker = m_worker, changes] { worker->save(changes); });
}

void ChatArchive::readMessages(qint64 conversation)
{
    QMetaObject::invokeMethod(m_worker,
                              [worker = m_worker, conversation] { worker->readMessages(conversation); });
}

void ChatArchive::readTokens(qint64 message)
{
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, message] { worker->readTokens(message); });
}

quint64 ChatArchive::search(const QString& query, int limit)
{
    const quint64 ticket = ++m_tickets;
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, ticket, query, limit] { worker->search(ticket, query, limit); });
    return ticket;
}

void ChatArchive::cancelSearch(quint64 ticket)
{
    m_worker->cancelSearch(ticket);
}

QString ChatArchive::defaultPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           QStringLiteral("/vitrine/chats.db");
}

} // namespace vitrine::ui
