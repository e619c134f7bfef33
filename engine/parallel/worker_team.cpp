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

#include "engine/parallel/worker_seat.h"
#include "engine/telemetry/nvtx_ranges.h"

namespace vitrine::engine {

namespace {

constexpr int kLookMilliseconds = 100;

Error noDescriptors()
{
    return outOfResources(std::string("processes for other ranks cannot be started: ") +
                          std::strerror(errno));
}

std::string nameOf(const TeamMember& member)
{
    return "the process of rank " + std::to_string(member.rank) + " ";
}

} // namespace

Result<void> WorkerTeam::open(std::uint32_t ranks)
{
    Result<std::shared_ptr<RankGroup>> steps = RankGroup::create({.ranks = ranks});
    if (!steps)
        return steps.error();
    m_stepGroup = *steps;
    m_steps = m_stepGroup->communicator(0);
    m_quit = eventfd(0, EFD_CLOEXEC);
    return pipe2(m_life, O_CLOEXEC) == 0 && m_quit >= 0 ? Result<void>() : noDescriptors();
}

Result<std::unique_ptr<TeamMember>> WorkerTeam::startMember(std::uint32_t rank) const
{
    Result<std::shared_ptr<RankGroup>> control = RankGroup::create(TeamMember::kControl);
    if (!control)
        return control.error();
    const WorkerSeat seat{rank, m_stepGroup->memory().descriptor(), (*control)->memory().descriptor(),
                          m_life[0], m_weights.empty() ? -1 : m_weights[rank - 1]};
    std::vector<std::string> words = seatArguments(seat);
    words.insert(words.end(), m_arguments.begin(), m_arguments.end());
    std::vector<int> kept{seat.steps, seat.control, seat.life};
    if (seat.weights >= 0)
        kept.push_back(seat.weights);
    Result<WorkerProcess> process = WorkerProcess::start(m_program, words, kept);
    if (!process)
        return process.error();
    std::shared_ptr<Communicator> own = (*control)->communicator(TeamMember::kOwn);
    return std::make_unique<TeamMember>(
        TeamMember{rank, std::move(*process), std::move(*control), std::move(own)});
}

Result<std::shared_ptr<WorkerTeam>> WorkerTeam::start(const std::string& program,
                                                      const std::vector<std::string>& arguments,
                                                      std::uint32_t ranks, const std::vector<int>& weights)
{
    const std::shared_ptr<WorkerTeam> team(new WorkerTeam);
    team->m_program = program;
    team->m_arguments = arguments;
    team->m_weights = weights;
    if (Result<void> opened = team->open(ranks); !opened)
        return opened.error();
    for (std::uint32_t rank = 1; rank < ranks; ++rank) {
        Result<std::unique_ptr<TeamMember>> member = team->startMember(rank);
        if (!member)
            return member.error();
        team->m_members.push_back(std::move(*member));
    }
    team->beginWatch();
    return team;
}

void WorkerTeam::beginWatch()
{
    m_watch = std::thread([this] { watch(); });
}

void WorkerTeam::endWatch()
{
    if (!m_watch.joinable())
        return;
    std::uint64_t one = 1;
    static_cast<void>(!write(m_quit, &one, sizeof one));
    m_watch.join();
    static_cast<void>(!read(m_quit, &one, sizeof one));
}

void WorkerTeam::watch()
{
    nameNvtxThread("worker watch");
    while (watchOnce()) {
    }
}

bool WorkerTeam::watchOnce()
{
    std::vector<pollfd> wanted{{m_quit, POLLIN, 0}};
    for (const std::unique_ptr<TeamMember>& member : m_members) {
        const std::lock_guard lock(m_mutex);
        wanted.push_back({member->failure.empty() ? member->process.descriptor() : -1, POLLIN, 0});
    }
    const int found = poll(wanted.data(), wanted.size(), kLookMilliseconds);
    if (found < 0)
        return errno == EINTR;
    if (wanted[0].revents != 0)
        return false;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        TeamMember& member = *m_members[i];
        const bool ended = wanted[i + 1].revents != 0;
        const std::string wrong = ended ? member.process.endText() : found > 0 ? "" : member.look();
        if (!wrong.empty())
            noteFailure(member, nameOf(member) + wrong);
    }
    return true;
}

void WorkerTeam::noteFailure(TeamMember& member, const std::string& reason)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!member.failure.empty())
            return;
        member.failure = reason;
    }
    m_stepGroup->end(reason, member.rank);
    member.controlGroup->end(reason);
}

void WorkerTeam::blame(std::uint32_t rank, const std::string& reason)
{
    if (rank > 0 && rank < ranks())
        noteFailure(*m_members[rank - 1], reason);
}

bool WorkerTeam::isBroken() const
{
    return m_stepGroup->hasEnded() || !failed().empty();
}

std::string WorkerTeam::reason() const
{
    if (m_stepGroup->hasEnded())
        return m_stepGroup->reason();
    const std::lock_guard lock(m_mutex);
    for (const std::unique_ptr<TeamMember>& member : m_members)
        if (!member->failure.empty())
            return member->failure;
    return {};
}

std::vector<std::uint32_t> WorkerTeam::failed() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::uint32_t> ranks;
    for (const std::unique_ptr<TeamMember>& member : m_members)
        if (!member->failure.empty())
            ranks.push_back(member->rank);
    return ranks;
}

std::string WorkerTeam::stateText() const
{
    const std::lock_guard lock(m_mutex);
    std::string text =
        "rank 0: process " + std::to_string(getpid()) + ", " + m_stepGroup->stateText(0) + '\n';
    for (const std::unique_ptr<TeamMember>& member : m_members)
        text += "rank " + std::to_string(member->rank) + ": process " + std::to_string(member->process.id()) +
                ", " + member->process.stateText() + ", " + m_stepGroup->stateText(member->rank) + ", " +
                std::to_string(member->beatsSeen) + " signs of life, " + std::to_string(member->silentLooks) +
                " looks without" + (member->failure.empty() ? "" : "; failed: " + member->failure) + '\n';
    return text;
}

Result<void> WorkerTeam::replaceFailed()
{
    endWatch();
    m_stepGroup->end("ranks are being replaced");
    for (std::unique_ptr<TeamMember>& member : m_members)
        if (!member->failure.empty())
            member->process.end(); // before the memory is renewed that it may write to
    m_stepGroup->renew();
    m_steps->restart();
    Result<void> replaced;
    for (std::unique_ptr<TeamMember>& member : m_members) {
        if (member->failure.empty() || !replaced)
            continue;
        Result<std::unique_ptr<TeamMember>> fresh = startMember(member->rank);
        if (fresh)
            member = std::move(*fresh);
        else
            replaced = fresh.error();
    }
    beginWatch();
    return replaced;
}

/// Who was told to stop does so; the others end with the pipe, whatever they are doing.
void WorkerTeam::endProcesses()
{
    const Deadline grace = Deadline::inMilliseconds(500);
    for (const std::unique_ptr<TeamMember>& member : m_members)
        if (member->failure.empty())
            member->process.waitForEnd(grace);
    if (m_life[1] >= 0)
        close(std::exchange(m_life[1], -1));
    const Deadline last = Deadline::inMilliseconds(500);
    for (const std::unique_ptr<TeamMember>& member : m_members)
        if (member->failure.empty())
            member->process.waitForEnd(last);
    m_members.clear();
}

void WorkerTeam::dismiss()
{
    endWatch();
    if (m_stepGroup)
        m_stepGroup->end("the model is unloaded");
    for (const std::unique_ptr<TeamMember>& member : m_members)
        member->controlGroup->end("the model is unloaded");
    endProcesses();
}

WorkerTeam::~WorkerTeam()
{
    dismiss();
    for (const int descriptor : {m_life[0], m_life[1], m_quit})
        if (descriptor >= 0)
            close(descriptor);
}

} // namespace vitrine::engine
