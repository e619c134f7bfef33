// SPDX-License-Identifier: GPL-3.0-or-later
// A child process that is a rank. One owner; any thread may
// ask.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "engine/base/result.h"
#include "engine/parallel/deadline.h"

namespace vitrine::engine {

class WorkerProcess
{
public:
    /// `arguments` without the program's name; `descriptors` keep their numbers in the child and stay open.
    static Result<WorkerProcess> start(const std::string& program, const std::vector<std::string>& arguments,
                                       const std::vector<int>& descriptors);
    WorkerProcess(WorkerProcess&& other) noexcept;
    WorkerProcess& operator=(WorkerProcess&& other) noexcept;
    ~WorkerProcess(); ///< kills it where it has not ended

    pid_t id() const { return m_id; }
    int descriptor() const { return m_descriptor; } ///< readable once it has ended (pidfd_open(2))
    bool waitForEnd(Deadline deadline) const;
    void kill() const;
    void end();                    ///< kills it and waits until it is gone
    bool isStopped() const;        ///< by a signal or a debugger
    std::string stateText() const; ///< "sleeping (futex_do_wait)"; for people
    std::string endText() const;   ///< "was killed by signal 9"; REQUIRES: it has ended

private:
    WorkerProcess(pid_t id, int descriptor) : m_id(id), m_descriptor(descriptor) {}

    pid_t m_id = -1;
    int m_descriptor = -1;
};

} // namespace vitrine::engine
