// SPDX-License-Identifier: GPL-3.0-or-later
// How much of a mapping is in this process's memory, by /proc/self/smaps. Any thread.
#pragma once

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

namespace vitrine::engine::test {

/// Bytes of the mapping that holds `address`; -1 where the system does not tell.
inline std::int64_t residentBytes(const void* address)
{
    std::ifstream file("/proc/self/smaps");
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::uintptr_t first = 0, end = 0;
        char dash = 0;
        if (words >> std::hex >> first >> dash >> end && dash == '-') {
            const auto wanted = reinterpret_cast<std::uintptr_t>(address);
            inside = first <= wanted && wanted < end;
        } else if (inside && line.rfind("Rss:", 0) == 0) {
            return std::stoll(line.substr(4)) * 1024;
        }
    }
    return -1;
}

} // namespace vitrine::engine::test
