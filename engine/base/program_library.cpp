// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/program_library.h"

#include <filesystem>
#include <initializer_list>

namespace vitrine::engine {

namespace fs = std::filesystem;

namespace {

std::string findBeside(const char* name, std::initializer_list<const char*> places)
{
    std::error_code error;
    const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* place : places) {
        const fs::path path = folder / place / name;
        if (fs::exists(path, error))
            return fs::weakly_canonical(path, error).string();
    }
    return {};
}

} // namespace

std::string programLibrary(const char* name)
{
    return findBeside(name, {".", "../lib", "../engine", "../../engine"});
}

std::string programFile(const char* name)
{
    return findBeside(name, {".", "../app"});
}

} // namespace vitrine::engine
