// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/trace/whole_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace vitrine::engine {

namespace {

namespace fs = std::filesystem;

Error cannotWrite(const std::string& path, int reason)
{
    return outOfResources("cannot write \"" + path + "\"" +
                          (reason == 0 ? std::string() : ": " + std::string(std::strerror(reason))));
}

/// A link is followed: what it leads to is replaced, not the link.
std::string placeOf(const std::string& path)
{
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    return error ? path : real.string();
}

void removeQuietly(const std::string& path)
{
    std::error_code ignored;
    fs::remove(path, ignored);
}

} // namespace

Result<void> writeWholeFile(const std::string& path,
                            const std::function<Result<void>(const std::string& partial)>& write)
{
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::exists(status) && !fs::is_regular_file(status))
        return fs::is_directory(status) ? cannotWrite(path, EISDIR) : write(path);
    const std::string place = placeOf(path), partial = place + ".tmp";
    Result<void> written = write(partial);
    if (written) {
        fs::rename(partial, place, error);
        if (!error)
            return {};
        written = cannotWrite(path, error.value());
    }
    removeQuietly(partial);
    return written;
}

Result<void> writeWholeStream(const std::string& path, const std::function<void(std::ostream&)>& write)
{
    return writeWholeFile(path, [&](const std::string& partial) -> Result<void> {
        errno = 0;
        std::ofstream file(partial, std::ios::binary | std::ios::trunc);
        if (file)
            write(file);
        const int reason = file ? 0 : errno; // of what failed, not of closing
        file.close();
        if (file)
            return {};
        return cannotWrite(path, reason == 0 ? errno : reason);
    });
}

Result<void> checkWritable(const std::string& path)
{
    std::error_code error;
    if (const fs::file_status status = fs::status(path, error);
        fs::exists(status) && !fs::is_regular_file(status))
        return fs::is_directory(status) ? cannotWrite(path, EISDIR) : Result<void>();
    const std::string partial = placeOf(path) + ".tmp";
    errno = 0;
    if (!std::ofstream(partial))
        return cannotWrite(path, errno);
    removeQuietly(partial);
    return {};
}

} // namespace vitrine::engine
