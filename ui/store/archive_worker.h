// SPDX-License-Identifier: GPL-3.0-or-later
// The store thread's side of a ChatArchive: owns the file, and what could not be saved yet.
//
// A damaged file is renamed, never overwritten; what can be read of it, and of the day's copy, goes into a
// new one. What cannot be saved (a full disk) is kept in memory and tried again.
#pragma once

#include <memory>

#include <QBasicTimer>
#include <QLockFile>
#include <QObject>
#include <QSet>

#include "engine/base/ordered_mutex.h"
#include "ui/store/chat_database.h"

namespace vitrine::ui {

class ArchiveWorker : public QObject
{
    Q_OBJECT

public:
    explicit ArchiveWorker(QString path) : m_path(std::move(path)) {}

    void open();
    void save(const vitrine::ui::ChangeSet& changes);
    void readMessages(qint64 conversation);
    void readTokens(qint64 message);
    void search(quint64 ticket, const QString& query, int limit);
    void cancelSearch(quint64 ticket); ///< any thread
    void close();                      ///< tries once more to save what is left

signals:
    void opened(const vitrine::ui::ArchiveContents& contents, const vitrine::ui::ArchiveNotice& notice);
    void messagesRead(qint64 conversation, const QList<vitrine::ui::MessageRecord>& messages,
                      const QString& error);
    void tokensRead(qint64 message, const QByteArray& bytes);
    void searched(quint64 ticket, const QList<vitrine::ui::SearchHit>& hits);
    void saveFailed(const QString& reason);
    void saved();

protected:
    void timerEvent(QTimerEvent* event) override;

private:
    ArchiveNotice openFile();
    ArchiveNotice setAside();
    QString replaceBy(const ChangeSet& found, const QString& aside);
    ArchiveNotice refuse(ArchiveNotice::Kind kind, const QString& reason);
    QString backupPath() const { return m_path + QStringLiteral(".backup"); }
    QString recoveringPath() const { return m_path + QStringLiteral(".recovering"); }
    void backUpDaily();
    void trySaving();
    bool isCancelled(quint64 ticket);

    QString m_path;
    std::unique_ptr<QLockFile> m_lock;
    ChatDatabase m_database;
    ChangeSet m_unsaved;
    QBasicTimer m_retry;
    bool m_failing = false;
    engine::OrderedMutex m_mutex{engine::LockOrder::Search};
    QSet<quint64> m_cancelled; // searches; guarded by m_mutex
};

} // namespace vitrine::ui
