// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/process_memory.h"

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include <unistd.h>

namespace vitrine::engine {

ProcessMemory& ProcessMemory::operator+=(const ProcessMemory& other)
{
    processes += other.processes;
    residentBytes += other.residentBytes;
    proportionalBytes += other.proportionalBytes;
    return *this;
}

std::optional<ProcessMemory> processMemory(pid_t process)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/smaps_rollup");
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n'); // the range of addresses
    ProcessMemory memory{1, 0, 0};
    std::string name, unit;
    for (std::uint64_t kibibytes = 0; file >> name >> kibibytes >> unit;) {
        if (name == "Rss:")
            memory.residentBytes = kibibytes << 10U;
        if (name == "Pss:")
            memory.proportionalBytes = kibibytes << 10U;
    }
    if (memory.residentBytes == 0)
        return std::nullopt;
    return memory;
}

/// A child belongs to the thread that started it.
std::vector<pid_t> childProcesses()
{
    std::vector<pid_t> children;
    std::error_code ended; // a thread that ends meanwhile
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", ended)) {
        std::ifstream file(task.path() / "children");
        for (pid_t child = 0; file >> child;)
            children.push_back(child);
    }
    return children;
}

ProcessMemory memoryOfGroup()
{
    ProcessMemory sum = processMemory(getpid()).value_or(ProcessMemory{});
    for (const pid_t child : childProcesses())
        if (const std::optional<ProcessMemory> memory = processMemory(child))
            sum += *memory;
    return sum;
}

} // namespace vitrine::engine
