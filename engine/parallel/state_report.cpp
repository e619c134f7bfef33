// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/state_report.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace vitrine::engine {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKept = 10;

fs::path stateFolder()
{
    if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state == '/')
        return fs::path(state) / "vitrine" / "ranks";
    const char* home = std::getenv("HOME");
    return home == nullptr || *home != '/' ? fs::path() : fs::path(home) / ".local/state/vitrine/ranks";
}

/// Sorts by time as a name. Several processes may write within a second.
std::string nameNow(int attempt)
{
    const std::time_t now = std::time(nullptr);
    std::tm parts = {};
    char time[32];
    std::strftime(time, sizeof time, "%Y-%m-%d-%H%M%S", localtime_r(&now, &parts));
    return std::string(time) + "-" + std::to_string(getpid()) + "-" + std::to_string(attempt) + ".txt";
}

void dropOldest(const fs::path& folder)
{
    std::error_code ignored;
    std::vector<fs::path> reports;
    for (fs::directory_iterator it(folder, ignored), end; it != end; it.increment(ignored))
        if (it->path().extension() == ".txt")
            reports.push_back(it->path());
    std::sort(reports.begin(), reports.end());
    for (std::size_t i = 0; i + kKept < reports.size(); ++i)
        fs::remove(reports[i], ignored);
}

bool writeAll(int file, const std::string& text)
{
    std::size_t written = 0;
    while (written < text.size()) {
        const ssize_t count = write(file, text.data() + written, text.size() - written);
        if (count <= 0)
            return false;
        written += static_cast<std::size_t>(count);
    }
    return true;
}

} // namespace

std::string writeStateReport(const std::string& text)
{
    constexpr int kAttempts = 100;
    const fs::path folder = stateFolder();
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (folder.empty() || failed)
        return {};
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const fs::path path = folder / nameNow(attempt);
        const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (file < 0 && errno == EEXIST)
            continue;
        const bool written = file >= 0 && writeAll(file, text);
        if (file >= 0)
            close(file);
        dropOldest(folder);
        return written ? path.string() : std::string();
    }
    return {};
}

} // namespace vitrine::engine
