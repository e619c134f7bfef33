// SPDX-License-Identifier: GPL-3.0-or-later
// Opening, checking and bringing up to date. Reading and writing rows are in chat_rows.cpp.
#include "ui/store/chat_database.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSqlError>
#include <QSqlQuery>
#include <QUuid>
#include <QVariant>

#include "ui/store/chat_schema.h"

namespace vitrine::ui {

namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("ChatDatabase", text);
}

/// SQLite's result codes for a file that is no (sound) database.
bool saysDamaged(const QSqlError& error)
{
    const int code = error.nativeErrorCode().toInt() & 0xff;
    constexpr int kCorrupt = 11, kNotADatabase = 26;
    return code == kCorrupt || code == kNotADatabase;
}

} // namespace

ChatDatabase::ChatDatabase() : m_connection(QUuid::createUuid().toString(QUuid::WithoutBraces)) {}

ChatDatabase::~ChatDatabase()
{
    close();
}

void ChatDatabase::close()
{
    if (!m_database.isValid())
        return;
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_connection);
}

ChatDatabase::Opened ChatDatabase::open(const QString& path, QString& error)
{
    close();
    if (!QDir().mkpath(QFileInfo(path).absolutePath())) {
        error = translated(QT_TRANSLATE_NOOP("ChatDatabase", "The folder %1 cannot be made."))
                    .arg(QFileInfo(path).absolutePath());
        return Opened::Impossible;
    }
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    m_database.setDatabaseName(path);
    m_database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
    if (!m_database.open()) {
        error = m_database.lastError().text();
        return Opened::Impossible;
    }
    // A crash of the program loses nothing that was committed; one of the machine at most the last commits.
    for (const char* pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL"}) {
        QSqlQuery query(m_database);
        if (!query.exec(QLatin1String(pragma))) {
            error = query.lastError().text();
            return saysDamaged(query.lastError()) ? Opened::Damaged : Opened::Impossible;
        }
    }
    if (const Opened checked = check(error); checked != Opened::Ready)
        return checked;
    const int version = schemaVersion(error);
    if (version > kVersion)
        return Opened::TooNew;
    error = version < kVersion ? migrate(path) : QString();
    return error.isEmpty() ? Opened::Ready : Opened::Impossible;
}

bool ChatDatabase::openReadOnly(const QString& path)
{
    close();
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    m_database.setDatabaseName(path);
    m_database.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY"));
    return m_database.open();
}

/// Damaged only where SQLite says so: a file that cannot be read at the moment is left where it is.
ChatDatabase::Opened ChatDatabase::check(QString& error)
{
    QSqlQuery query(m_database);
    if (!query.exec(QStringLiteral("PRAGMA quick_check(1)")) || !query.next()) {
        error = query.lastError().text();
        return saysDamaged(query.lastError()) ? Opened::Damaged : Opened::Impossible;
    }
    error = query.value(0).toString();
    if (error != QLatin1String("ok"))
        return Opened::Damaged;
    error.clear();
    return Opened::Ready;
}

int ChatDatabase::schemaVersion(QString& error)
{
    QSqlQuery query(m_database);
    if (!query.exec(QStringLiteral("PRAGMA user_version")) || !query.next()) {
        error = query.lastError().text();
        return 0;
    }
    return query.value(0).toInt();
}

QString ChatDatabase::execute(const QString& statement)
{
    QSqlQuery query(m_database);
    return query.exec(statement) ? QString() : query.lastError().text();
}

/// A version at a time, each in a transaction of its own. A file with chats is copied first.
QString ChatDatabase::migrate(const QString& path)
{
    QString error;
    int version = schemaVersion(error);
    if (version > 0)
        error = copyTo(path + QStringLiteral(".v%1.backup").arg(version));
    while (error.isEmpty() && version < kVersion) {
        ++version;
        m_database.transaction();
        QStringList statements = schemaStatements(version);
        statements << QStringLiteral("PRAGMA user_version = %1").arg(version);
        for (const QString& statement : statements) {
            if (error.isEmpty())
                error = execute(statement);
        }
        if (!error.isEmpty())
            m_database.rollback();
        else if (!m_database.commit())
            error = m_database.lastError().text();
    }
    return error;
}

QString ChatDatabase::copyTo(const QString& path)
{
    const QString fresh = path + QStringLiteral(".new");
    QFile::remove(fresh);
    QSqlQuery query(m_database);
    query.prepare(QStringLiteral("VACUUM INTO ?"));
    query.addBindValue(fresh);
    if (!query.exec())
        return query.lastError().text();
    QFile::remove(path);
    return QFile::rename(fresh, path)
               ? QString()
               : translated(QT_TRANSLATE_NOOP("ChatDatabase", "The copy %1 cannot be written.")).arg(path);
}

} // namespace vitrine::ui
