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

/// Room for the rows of a usual micro-batch, so that a stage need not wait until the next one takes them.
GroupShape pipeShape(const StagePlan& plan)
{
    return {.ranks = plan.processes() + 1, .collectiveBytes = 64, .messageBytes = std::size_t{1} << 20U};
}

} // namespace

std::string WorkerTeam::nameOf(const TeamMember& member) const
{
    return "the process of " + m_plan.nameOf(member.rank) + " ";
}

Result<std::shared_ptr<RankGroup>> WorkerTeam::addGroup(const GroupShape& shape)
{
    Result<std::shared_ptr<RankGroup>> group = RankGroup::create(shape);
    if (group)
        m_groups.push_back(*group);
    return group;
}

Result<void> WorkerTeam::open()
{
    for (std::uint32_t stage = 0; stage < m_plan.stages; ++stage)
        if (const auto steps = addGroup({.ranks = m_plan.ranks}); !steps)
            return steps.error();
    m_steps = m_groups.front()->communicator(0);
    if (m_plan.stages > 1) {
        const auto pipe = addGroup(pipeShape(m_plan));
        if (!pipe)
            return pipe.error();
        m_pipe = (*pipe)->communicator(0);
        m_results = (*pipe)->communicator(m_plan.processes());
    }
    m_quit = eventfd(0, EFD_CLOEXEC);
    return pipe2(m_life, O_CLOEXEC) == 0 && m_quit >= 0 ? Result<void>() : noDescriptors();
}

Result<std::unique_ptr<TeamMember>> WorkerTeam::startMember(std::uint32_t rank) const
{
    Result<std::shared_ptr<RankGroup>> control = RankGroup::create(TeamMember::kControl);
    if (!control)
        return control.error();
    WorkerSeat seat{rank, stepsOf(rank).memory().descriptor(), (*control)->memory().descriptor(), m_life[0]};
    std::vector<int> descriptors{seat.steps, seat.control, seat.life};
    if (m_plan.stages > 1) {
        seat.pipe = m_groups.back()->memory().descriptor();
        descriptors.push_back(seat.pipe);
    }
    if (!m_weights.empty()) {
        seat.weights = m_weights[rank - 1];
        descriptors.push_back(seat.weights);
    }
    std::vector<std::string> words = seatArguments(seat);
    words.insert(words.end(), m_arguments.begin(), m_arguments.end());
    Result<WorkerProcess> process = WorkerProcess::start(m_program, words, descriptors);
    if (!process)
        return process.error();
    std::shared_ptr<Communicator> own = (*control)->communicator(TeamMember::kOwn);
    return std::make_unique<TeamMember>(
        TeamMember{rank, std::move(*process), std::move(*control), std::move(own)});
}

Result<std::shared_ptr<WorkerTeam>> WorkerTeam::start(const std::string& program,
                                                      const std::vector<std::string>& arguments,
                                                      const StagePlan& plan, const std::vector<int>& weights,
                                                      std::uint32_t patienceMs)
{
    const std::shared_ptr<WorkerTeam> team(new WorkerTeam(plan, patienceMs));
    team->m_program = program;
    team->m_arguments = arguments;
    team->m_weights = weights;
    if (Result<void> opened = team->open(); !opened)
        return opened.error();
    for (std::uint32_t rank = 1; rank < plan.processes(); ++rank) {
        Result<std::unique_ptr<TeamMember>> member = team->startMember(rank);
        if (!member)
            return member.error();
        team->m_members.push_back(std::move(*member));
    }
    team->beginWatch();
    return team;
}

std::shared_ptr<WorkProgress> WorkerTeam::ownProgress() const
{
    return looksAtWork() ? std::make_shared<WorkProgress>(*m_ownWork, m_ownWork) : nullptr;
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
        const std::string wrong = ended ? member.process.endText() : found > 0 ? "" : lookAt(member);
        if (!wrong.empty())
            noteFailure(member, nameOf(member) + wrong);
    }
    return true;
}

std::string WorkerTeam::lookAt(TeamMember& member)
{
    const std::lock_guard lock(m_mutex);
    const std::string life = member.look();
    if (!life.empty() || !looksAtWork())
        return life;
    return member.lookAtWork(m_ownWork->longestNs.load(std::memory_order_relaxed), m_patienceNs);
}

void WorkerTeam::noteFailure(TeamMember& member, const std::string& reason)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!member.failure.empty())
            return;
        member.failure = reason;
    }
    stepsOf(member.rank).end(reason, m_plan.rankOf(member.rank));
    if (m_plan.stages > 1)
        m_groups.back()->end(reason, member.rank);
    endGroups(reason);
    member.controlGroup->end(reason);
}

void WorkerTeam::endGroups(const std::string& reason)
{
    for (const std::shared_ptr<RankGroup>& group : m_groups)
        group->end(reason);
}

void WorkerTeam::blame(std::uint32_t rank, const std::string& reason)
{
    if (rank > 0 && rank < ranks())
        noteFailure(*m_members[rank - 1], reason);
}

/// Ranks of a stage's group are those of the stage; the pipe's are all.
void WorkerTeam::blameCulprits()
{
    for (std::uint32_t i = 0; i < m_groups.size(); ++i)
        if (const std::optional<std::uint32_t> culprit = m_groups[i]->culprit())
            blame(i < m_plan.stages ? i * m_plan.ranks + *culprit : *culprit, m_groups[i]->reason());
}

const RankGroup* WorkerTeam::ended() const
{
    const auto found =
        std::find_if(m_groups.begin(), m_groups.end(),
                     [](const std::shared_ptr<RankGroup>& group) { return group->hasEnded(); });
    return found == m_groups.end() ? nullptr : found->get();
}

bool WorkerTeam::isBroken() const
{
    return ended() != nullptr || !failed().empty();
}

std::string WorkerTeam::reason() const
{
    if (const RankGroup* group = ended())
        return group->reason();
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
    std::string text = m_plan.nameOf(0) + ": process " + std::to_string(getpid()) + ", " + whereIs(0) + '\n';
    for (const std::unique_ptr<TeamMember>& member : m_members)
        text += m_plan.nameOf(member->rank) + ": process " + std::to_string(member->process.id()) + ", " +
                member->process.stateText() + ", " + whereIs(member->rank) + ", " +
                std::to_string(member->beatsSeen) + " signs of life, " + std::to_string(member->silentLooks) +
                " looks without" + (member->failure.empty() ? "" : "; failed: " + member->failure) + '\n';
    return text;
}

/// With the other ranks of its stage.
std::string WorkerTeam::whereIs(std::uint32_t rank) const
{
    return m_plan.ranks == 1 ? "alone in its stage" : stepsOf(rank).stateText(m_plan.rankOf(rank));
}

Result<void> WorkerTeam::replaceFailed(std::vector<std::uint32_t>& ranks)
{
    endWatch();
    ranks = failed(); // nobody adds to them any more
    endGroups("ranks are being replaced");
    for (std::unique_ptr<TeamMember>& member : m_members)
        if (!member->failure.empty())
            member->process.end(); // before the memory is renewed that it may write to
    for (const std::shared_ptr<RankGroup>& group : m_groups)
        group->renew();
    for (const std::shared_ptr<Communicator>& own : {m_steps, m_pipe, m_results})
        if (own)
            own->restart();
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
    endGroups("the model is unloaded");
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
