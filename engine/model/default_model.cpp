// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/default_model.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <pwd.h>
#include <unistd.h>

namespace vitrine::engine {

namespace {

namespace fs = std::filesystem;

/// The value of an environment variable; empty when unset. XDG asks that relative paths be ignored.
std::string environmentValue(const char* name)
{
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

std::string homeFolder()
{
    if (std::string home = environmentValue("HOME"); !home.empty())
        return home;
    const passwd* entry = getpwuid(getuid());
    return entry != nullptr && entry->pw_dir != nullptr ? entry->pw_dir : "";
}

} // namespace

std::string modelFolder()
{
    if (std::string folder = environmentValue("VITRINE_MODELS"); !folder.empty())
        return folder;
    if (std::string data = environmentValue("XDG_DATA_HOME"); !data.empty() && data.front() == '/')
        return data + "/vitrine/models";
    const std::string home = homeFolder();
    return home.empty() ? "" : home + "/.local/share/vitrine/models";
}

std::vector<std::string> findModelFiles()
{
    std::vector<std::string> files;
    std::error_code error;
    for (fs::directory_iterator it(modelFolder(), error), end; !error && it != end; it.increment(error)) {
        std::error_code ignored;
        if (it->path().extension() == ".gguf" && it->is_regular_file(ignored))
            files.push_back(it->path().string());
    }
    std::sort(files.begin(), files.end());
    const auto isDefault = [](const std::string& path) {
        return fs::path(path).filename() == kDefaultModelFile;
    };
    std::stable_partition(files.begin(), files.end(), isDefault);
    return files;
}

Result<std::string> findDefaultModel()
{
    std::vector<std::string> files = findModelFiles();
    if (!files.empty())
        return std::move(files.front());
    const std::string folder = modelFolder();
    return badInput("no model file found in " + (folder.empty() ? "any folder: $HOME is not set" : folder) +
                    "; name one, or let ./installer/run fetch the default model");
}

} // namespace vitrine::engine
