// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/archive_worker.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QTimerEvent>

namespace vitrine::ui {

namespace {

constexpr int kRetryEvery = 3000;                        // ms
constexpr qint64 kKeepDeleted = 30LL * 24 * 3600 * 1000; // ms
constexpr qint64 kBackupEvery = 24LL * 3600;             // s

/// What only the older of two files has.
template<class Record>
void addMissing(QList<Record>& into, const QList<Record>& older)
{
    QSet<qint64> known;
    for (const Record& record : into)
        known.insert(record.id);
    for (const Record& record : older) {
        if (!known.contains(record.id))
            into.append(record);
    }
}

/// Messages whose conversation was lost get one to stand in.
void adoptOrphans(ChangeSet& found)
{
    QSet<qint64> known;
    for (const ConversationRecord& conversation : found.conversations)
        known.insert(conversation.id);
    for (const MessageRecord& message : found.messages) {
        if (known.contains(message.conversation))
            continue;
        known.insert(message.conversation);
        ConversationRecord stand;
        stand.id = message.conversation;
        stand.title = message.text.left(40).simplified();
        stand.created = stand.lastActivity = message.created;
        found.conversations.append(stand);
    }
}

constexpr const char* kParts[] = {"-wal", "-shm"}; // that SQLite keeps beside a file

bool renameFile(const QString& from, const QString& to)
{
    if (!QFile::rename(from, to))
        return false;
    for (const char* part : kParts)
        QFile::rename(from + QLatin1String(part), to + QLatin1String(part));
    return true;
}

void removeFile(const QString& path)
{
    QFile::remove(path);
    for (const char* part : kParts)
        QFile::remove(path + QLatin1String(part));
}

ChangeSet salvageFrom(const QString& path)
{
    ChatDatabase damaged;
    return QFileInfo::exists(path) && damaged.openReadOnly(path) ? damaged.salvage() : ChangeSet();
}

} // namespace

void ArchiveWorker::open()
{
    ArchiveContents contents;
    ArchiveNotice notice = openFile();
    if (m_database.isOpen()) {
        QString error = m_database.closeOpenReplies();
        if (error.isEmpty())
            error = m_database.purgeDeleted(QDateTime::currentMSecsSinceEpoch() - kKeepDeleted);
        if (error.isEmpty())
            error = m_database.read(contents);
        if (!error.isEmpty())
            notice = refuse(ArchiveNotice::Kind::Unavailable, error);
    }
    emit opened(contents, notice);
    if (m_database.isOpen() && notice.kind == ArchiveNotice::Kind::None)
        backUpDaily();
    trySaving();
}

ArchiveNotice ArchiveWorker::openFile()
{
    QDir().mkpath(QFileInfo(m_path).absolutePath());
    m_lock = std::make_unique<QLockFile>(m_path + QStringLiteral(".lock"));
    m_lock->setStaleLockTime(0); // until its process is gone
    if (!m_lock->tryLock() && m_lock->error() == QLockFile::LockFailedError)
        return refuse(ArchiveNotice::Kind::InUse, {});
    if (!QFile::exists(m_path)) // the program ended between the two renames of replaceBy()
        renameFile(recoveringPath(), m_path);
    QString error;
    switch (m_database.open(m_path, error)) {
    case ChatDatabase::Opened::Ready:
        return {};
    case ChatDatabase::Opened::TooNew:
        return refuse(ArchiveNotice::Kind::TooNew, {});
    case ChatDatabase::Opened::Damaged:
        return setAside();
    case ChatDatabase::Opened::Impossible:
        break;
    }
    return refuse(ArchiveNotice::Kind::Unavailable, error);
}

ArchiveNotice ArchiveWorker::refuse(ArchiveNotice::Kind kind, const QString& reason)
{
    m_database.close();
    ArchiveNotice notice;
    notice.kind = kind;
    notice.file = m_path;
    notice.reason = reason;
    return notice;
}

/// A new file takes the damaged one's place only once it has everything: a full disk changes nothing.
QString ArchiveWorker::replaceBy(const ChangeSet& found, const QString& aside)
{
    const QString fresh = recoveringPath();
    removeFile(fresh);
    QString error;
    if (m_database.open(fresh, error) == ChatDatabase::Opened::Ready)
        error = m_database.apply(found);
    else if (error.isEmpty())
        error = fresh;
    m_database.close();
    if (error.isEmpty() && !renameFile(m_path, aside))
        error = aside;
    if (error.isEmpty() && !renameFile(fresh, m_path)) {
        error = m_path;
        renameFile(aside, m_path);
    }
    if (error.isEmpty() && m_database.open(m_path, error) != ChatDatabase::Opened::Ready && error.isEmpty())
        error = m_path;
    if (!error.isEmpty())
        removeFile(fresh);
    return error;
}

ArchiveNotice ArchiveWorker::setAside()
{
    m_database.close();
    ChangeSet found = salvageFrom(m_path);
    const ChangeSet copy = salvageFrom(backupPath());
    addMissing(found.folders, copy.folders);
    addMissing(found.conversations, copy.conversations);
    addMissing(found.messages, copy.messages);
    addMissing(found.tokens, copy.tokens);
    adoptOrphans(found);

    ArchiveNotice notice;
    notice.kind = ArchiveNotice::Kind::Recovered;
    const QString time = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz"));
    notice.file = m_path + QStringLiteral(".damaged-") + time;
    if (const QString error = replaceBy(found, notice.file); !error.isEmpty())
        return refuse(ArchiveNotice::Kind::Unavailable,
                      tr("it is damaged, and what can be recovered could not be written (%1). Nothing of it "
                         "was changed.")
                          .arg(error));
    notice.conversations = quint32(found.conversations.size());
    notice.messages = quint32(found.messages.size());
    return notice;
}

/// For the day that the file is damaged.
void ArchiveWorker::backUpDaily()
{
    const QFileInfo copy(backupPath());
    const bool fresh =
        copy.exists() && copy.lastModified().secsTo(QDateTime::currentDateTime()) < kBackupEvery;
    if (!fresh)
        (void)m_database.copyTo(backupPath()); // without one, a damaged file alone is salvaged
}

void ArchiveWorker::save(const ChangeSet& changes)
{
    m_unsaved.merge(changes);
    if (!m_failing)
        trySaving();
}

void ArchiveWorker::trySaving()
{
    if (!m_database.isOpen() || m_unsaved.isEmpty())
        return;
    const QString error = m_database.apply(m_unsaved);
    if (error.isEmpty()) {
        m_unsaved = {};
        m_retry.stop();
        if (m_failing)
            emit saved();
        m_failing = false;
        return;
    }
    m_retry.start(kRetryEvery, this);
    if (!m_failing)
        emit saveFailed(error);
    m_failing = true;
}

void ArchiveWorker::timerEvent(QTimerEvent* event)
{
    if (event->timerId() == m_retry.timerId())
        trySaving();
    else
        QObject::timerEvent(event);
}

void ArchiveWorker::readMessages(qint64 conversation)
{
    QList<MessageRecord> messages;
    QString error;
    if (m_database.isOpen())
        error = m_database.readMessages(conversation, messages);
    emit messagesRead(conversation, messages, error);
}

/// What cannot be read was not kept.
void ArchiveWorker::readTokens(qint64 message)
{
    QByteArray bytes;
    if (m_database.isOpen())
        (void)m_database.readTokens(message, bytes);
    emit tokensRead(message, bytes);
}

void ArchiveWorker::search(quint64 ticket, const QString& query, int limit)
{
    if (isCancelled(ticket))
        return;
    QList<SearchHit> hits;
    if (m_database.isOpen())
        (void)m_database.search(query, limit,
                                hits); // a file that fails here fails on the next save, and says so
    emit searched(ticket, hits);
}

void ArchiveWorker::cancelSearch(quint64 ticket)
{
    const std::lock_guard lock(m_mutex);
    m_cancelled.insert(ticket);
}

/// Tickets come in order: earlier ones are forgotten.
bool ArchiveWorker::isCancelled(quint64 ticket)
{
    const std::lock_guard lock(m_mutex);
    const bool cancelled = m_cancelled.contains(ticket);
    m_cancelled.removeIf([ticket](quint64 each) { return each <= ticket; });
    return cancelled;
}

void ArchiveWorker::close()
{
    trySaving();
    m_retry.stop();
    m_database.close();
    m_lock.reset();
}

} // namespace vitrine::ui
