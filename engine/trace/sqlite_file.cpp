// SPDX-License-Identifier: GPL-3.0-or-later
#ifdef VITRINE_SQLITE

#include "engine/trace/sqlite_file.h"

#include <filesystem>
#include <system_error>

#include <sqlite3.h>

namespace vitrine::engine {

SqliteFile::SqliteFile(const std::string& path)
{
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path.c_str(), &m_database, kFlags, nullptr) != SQLITE_OK)
        fail();
    // Nobody else sees the file yet, and a half one is thrown away: no journal is needed.
    execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN");
}

SqliteFile::~SqliteFile()
{
    sqlite3_close(m_database);
}

void SqliteFile::fail()
{
    if (ok())
        m_error = m_database == nullptr ? "out of memory" : sqlite3_errmsg(m_database);
}

void SqliteFile::execute(const char* statements)
{
    if (ok() && sqlite3_exec(m_database, statements, nullptr, nullptr, nullptr) != SQLITE_OK)
        fail();
}

Result<void> SqliteFile::finish()
{
    execute("COMMIT");
    if (ok() && sqlite3_close(m_database) == SQLITE_OK) {
        m_database = nullptr;
        return {};
    }
    fail();
    return outOfResources(m_error);
}

SqliteFile::Insert::Insert(SqliteFile& file, const char* statement) : m_file(file)
{
    if (file.ok() && sqlite3_prepare_v2(file.m_database, statement, -1, &m_statement, nullptr) != SQLITE_OK)
        file.fail();
}

SqliteFile::Insert::~Insert()
{
    sqlite3_finalize(m_statement);
}

void SqliteFile::Insert::add(std::initializer_list<SqliteValue> values)
{
    if (!m_file.ok())
        return;
    int place = 0;
    for (const SqliteValue& value : values) { // the values live until the row is in
        ++place;
        if (const auto* number = std::get_if<std::int64_t>(&value))
            sqlite3_bind_int64(m_statement, place, *number);
        else if (const auto* real = std::get_if<double>(&value))
            sqlite3_bind_double(m_statement, place, *real);
        else if (const auto* text = std::get_if<std::string>(&value))
            sqlite3_bind_text(m_statement, place, text->data(), static_cast<int>(text->size()),
                              SQLITE_STATIC);
        else
            sqlite3_bind_null(m_statement, place);
    }
    if (sqlite3_step(m_statement) != SQLITE_DONE)
        m_file.fail();
    sqlite3_reset(m_statement);
}

} // namespace vitrine::engine

#endif // VITRINE_SQLITE
