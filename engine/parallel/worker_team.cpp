// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/worker_team.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

namespace {

Error noDescriptors()
{
    return outOfResources(std::string("processes for other ranks cannot be started: ") +
                          std::strerror(errno));
}

} // namespace

std::vector<std::string> seatArguments(const WorkerSeat& seat)
{
    return {"worker",
            "--rank",
            std::to_string(seat.rank),
            "--steps-fd",
            std::to_string(seat.steps),
            "--control-fd",
            std::to_string(seat.control),
            "--life-fd",
            std::to_string(seat.life)};
}

void endWithParent(int life)
{
    std::thread([life] {
        char nothing = 0;
        while (read(life, &nothing, 1) < 0 && errno == EINTR) {
        }
        _exit(1);
    }).detach();
}

Result<void> WorkerTeam::open(std::uint32_t ranks)
{
    Result<std::shared_ptr<RankGroup>> steps = RankGroup::create({.ranks = ranks});
    if (!steps)
        return steps.error();
    Result<std::shared_ptr<RankGroup>> control = RankGroup::create({.ranks = ranks, .collectiveBytes = 64});
    if (!control)
        return control.error();
    m_stepGroup = *steps;
    m_controlGroup = *control;
    m_steps = m_stepGroup->communicator(0);
    m_control = m_controlGroup->communicator(0);
    m_quit = eventfd(0, EFD_CLOEXEC);
    return pipe2(m_life, O_CLOEXEC) == 0 && m_quit >= 0 ? Result<void>() : noDescriptors();
}

Result<std::shared_ptr<WorkerTeam>>
WorkerTeam::start(const std::string& program, const std::vector<std::string>& arguments, std::uint32_t ranks)
{
    const std::shared_ptr<WorkerTeam> team(new WorkerTeam);
    if (Result<void> opened = team->open(ranks); !opened)
        return opened.error();
    for (std::uint32_t rank = 1; rank < ranks; ++rank) {
        const WorkerSeat seat{rank, team->m_stepGroup->memory().descriptor(),
                              team->m_controlGroup->memory().descriptor(), team->m_life[0]};
        std::vector<std::string> words = seatArguments(seat);
        words.insert(words.end(), arguments.begin(), arguments.end());
        Result<WorkerProcess> process =
            WorkerProcess::start(program, words, {seat.steps, seat.control, seat.life});
        if (!process)
            return process.error();
        team->m_processes.push_back(std::move(*process));
    }
    team->m_watch = std::thread([watched = team.get()] { watched->watch(); });
    return team;
}

void WorkerTeam::watch()
{
    nameNvtxThread("worker watch");
    std::vector<bool> ended(m_processes.size());
    while (watchOnce(ended)) {
    }
}

bool WorkerTeam::watchOnce(std::vector<bool>& ended)
{
    std::vector<pollfd> wanted{{m_quit, POLLIN, 0}};
    for (std::size_t i = 0; i < m_processes.size(); ++i)
        wanted.push_back({ended[i] ? -1 : m_processes[i].descriptor(), POLLIN, 0});
    if (poll(wanted.data(), wanted.size(), -1) < 0)
        return errno == EINTR;
    if (wanted[0].revents != 0)
        return false;
    for (std::size_t i = 0; i < m_processes.size(); ++i) {
        if (wanted[i + 1].revents == 0)
            continue;
        ended[i] = true;
        const std::string reason =
            "the process of rank " + std::to_string(i + 1) + " " + m_processes[i].endText();
        m_stepGroup->end(reason);
        m_controlGroup->end(reason);
    }
    return true;
}

/// Who was told to stop does so; the others end with the pipe, whatever they are doing.
void WorkerTeam::endProcesses()
{
    const Deadline grace = Deadline::inMilliseconds(500);
    for (const WorkerProcess& process : m_processes)
        process.waitForEnd(grace);
    close(std::exchange(m_life[1], -1));
    const Deadline last = Deadline::inMilliseconds(500);
    for (const WorkerProcess& process : m_processes)
        process.waitForEnd(last);
    m_processes.clear();
}

WorkerTeam::~WorkerTeam()
{
    if (m_watch.joinable()) {
        const std::uint64_t one = 1;
        static_cast<void>(!write(m_quit, &one, sizeof one));
        m_watch.join();
    }
    for (const std::shared_ptr<RankGroup>& group : {m_stepGroup, m_controlGroup})
        if (group)
            group->end("the model is unloaded");
    endProcesses();
    for (const int descriptor : {m_life[0], m_life[1], m_quit})
        if (descriptor >= 0)
            close(descriptor);
}

} // namespace vitrine::engine
