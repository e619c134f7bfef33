// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/worker_process.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <utility>

#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace vitrine::engine {

namespace {

std::vector<char*> wordsOf(const std::string& program, const std::vector<std::string>& arguments)
{
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments)
        words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    return words;
}

std::string firstLine(const std::string& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

/// proc(5): what follows the name, which may have any letters itself.
char stateLetter(pid_t id)
{
    const std::string line = id < 0 ? std::string() : firstLine("/proc/" + std::to_string(id) + "/stat");
    const std::size_t name = line.rfind(')');
    return name == std::string::npos || name + 2 >= line.size() ? '?' : line[name + 2];
}

/// A descriptor put onto itself is not closed when the program is executed.
Result<pid_t> spawn(const std::string& program, const std::vector<std::string>& arguments,
                    const std::vector<int>& descriptors)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int descriptor : descriptors)
        posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor);
    const std::vector<char*> words = wordsOf(program, arguments);
    pid_t id = -1;
    const int failed = posix_spawn(&id, program.c_str(), &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        return internalError(program + " could not be started: " + std::strerror(failed));
    return id;
}

} // namespace

Result<WorkerProcess> WorkerProcess::start(const std::string& program,
                                           const std::vector<std::string>& arguments,
                                           const std::vector<int>& descriptors)
{
    const Result<pid_t> id = spawn(program, arguments, descriptors);
    if (!id)
        return id.error();
    return WorkerProcess(*id, static_cast<int>(syscall(SYS_pidfd_open, *id, 0)));
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : m_id(std::exchange(other.m_id, -1)), m_descriptor(std::exchange(other.m_descriptor, -1))
{}

WorkerProcess& WorkerProcess::operator=(WorkerProcess&& other) noexcept
{
    std::swap(m_id, other.m_id);
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

WorkerProcess::~WorkerProcess()
{
    end();
}

void WorkerProcess::end()
{
    if (m_id < 0)
        return;
    if (!waitForEnd({}))
        kill();
    while (waitpid(m_id, nullptr, 0) < 0 && errno == EINTR) {
    }
    m_id = -1;
    if (m_descriptor >= 0)
        close(std::exchange(m_descriptor, -1));
}

bool WorkerProcess::isStopped() const
{
    const char state = stateLetter(m_id);
    return state == 'T' || state == 't';
}

std::string WorkerProcess::stateText() const
{
    switch (stateLetter(m_id)) {
    case 'R':
        return "running";
    case 'S':
        return "sleeping (" + firstLine("/proc/" + std::to_string(m_id) + "/wchan") + ")";
    case 'D':
        return "waiting for a device";
    case 'T':
    case 't':
        return "stopped";
    default:
        return "gone";
    }
}

bool WorkerProcess::waitForEnd(Deadline deadline) const
{
    pollfd ended{m_descriptor, POLLIN, 0};
    while (m_descriptor >= 0) {
        const int milliseconds = static_cast<int>(deadline.leftNs() / 1'000'000);
        const int found = poll(&ended, 1, milliseconds);
        if (found >= 0 || errno != EINTR)
            return found == 1;
    }
    return false;
}

void WorkerProcess::kill() const
{
    ::kill(m_id, SIGKILL);
}

std::string WorkerProcess::endText() const
{
    siginfo_t info = {};
    if (waitid(P_PID, static_cast<id_t>(m_id), &info, WEXITED | WNOWAIT | WNOHANG) != 0)
        return "ended";
    return info.si_code == CLD_EXITED ? "ended with code " + std::to_string(info.si_status)
                                      : "was killed by signal " + std::to_string(info.si_status);
}

} // namespace vitrine::engine
