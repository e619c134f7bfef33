// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/program_library.h"

#include <filesystem>

namespace vitrine::engine {

namespace fs = std::filesystem;

std::string programLibrary(const char* name)
{
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* place : {".", "../lib", "../engine", "../../engine"}) {
        const fs::path path = folder / place / name;
        if (fs::exists(path, error))
            return fs::weakly_canonical(path, error).string();
    }
    return {};
}

} // namespace vitrine::engine
