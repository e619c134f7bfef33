// SPDX-License-Identifier: GPL-3.0-or-later
// A new SQLite file that is filled in one go. The first error stays; what comes after it does nothing. One
// owner, one thread. Only where SQLite is there (VITRINE_SQLITE).
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <variant>

#include "engine/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace vitrine::engine {

/// NULL, a whole number, a real one or a text.
using SqliteValue = std::variant<std::monostate, std::int64_t, double, std::string>;

class SqliteFile
{
public:
    /// What is at `path` is removed. Everything up to finish() is one transaction.
    explicit SqliteFile(const std::string& path);
    SqliteFile(const SqliteFile&) = delete;
    SqliteFile& operator=(const SqliteFile&) = delete;
    ~SqliteFile();

    bool ok() const { return m_error.empty(); }
    void execute(const char* statements);
    /// Ends the transaction and closes. OutOfResources: what SQLite says, without the name of the file.
    Result<void> finish();

    /// A prepared statement; the file lives longer.
    class Insert
    {
    public:
        Insert(SqliteFile& file, const char* statement);
        Insert(const Insert&) = delete;
        Insert& operator=(const Insert&) = delete;
        ~Insert();

        void add(std::initializer_list<SqliteValue> values);

    private:
        SqliteFile& m_file;
        sqlite3_stmt* m_statement = nullptr;
    };

private:
    void fail();

    sqlite3* m_database = nullptr;
    std::string m_error;
};

} // namespace vitrine::engine
