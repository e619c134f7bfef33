// SPDX-License-Identifier: GPL-3.0-or-later
// Engine: what the device has room and time for.
#include <algorithm>
#include <new>

#include "engine/base/clock.h"
#include "engine/engine.h"
#include "engine/execution/executor_choice.h"
#include "engine/memory_reserve.h"

namespace vitrine::engine {

/// Where steps of that size have no room they become smaller: a conversation then takes longer, and none has
/// to end for want of memory.
SchedulerOptions Engine::withinRoom(SchedulerOptions wanted)
{
    if (!checkOptions(wanted))
        return wanted; // the scheduler says what is wrong with it
    const StepLimits limits = stepLimits(wanted, m_model->config(), m_kvPlan.blockSize);
    if (m_executor->hasRoom(limits))
        return wanted;
    settle();
    const Result<StepLimits> granted = m_executor->reserveSteps(limits);
    const SchedulerOptions& now = m_scheduler->options();
    if (granted) {
        keepWithin(wanted, limits, *granted);
    } else {
        wanted.tokenBudget = std::min(wanted.tokenBudget, now.tokenBudget);
        wanted.maxRunning = std::min(wanted.maxRunning, now.maxRunning);
    }
    return wanted;
}

Result<void> Engine::setThreads(std::uint32_t threads)
{
    if (!hasModel())
        return invalidArgument("no model is loaded");
    settle();
    Result<void> set = m_executor->setThreads(threads);
    if (set)
        m_options.executor.threads = threads;
    return set;
}

Result<void> Engine::setDeterministic(bool on)
{
    if (!hasModel())
        return invalidArgument("no model is loaded");
    settle();
    if (on == m_options.executor.deterministic)
        return {};
    m_options.executor.deterministic = on;
    m_executor->setDeterministic(on);
    m_cache->dropPrefixes(); // computed the other way: whether it is found would show in a reply
    return {};
}

std::uint32_t Engine::ranks() const
{
    if (!hasModel())
        return 0;
    return static_cast<std::uint32_t>(std::max<std::size_t>(1, m_executor->info().parts.size()));
}

std::uint32_t Engine::threads() const
{
    return hasModel() ? m_executor->info().threads : 0;
}

std::string Engine::device() const
{
    return hasModel() ? m_executor->info().device : std::string();
}

bool Engine::useIdleTime()
{
    if (!hasModel() || hasWork())
        return false;
    try {
        std::string why;
        if (m_executor->isBroken() && !m_leftBroken) {
            m_leftBroken = !recover(why);
            return !m_leftBroken;
        }
        return m_executor->prepareAhead();
    } catch (const std::bad_alloc&) {
        return false; // it was only to spare time
    }
}

namespace {

/// Tokens that it would have to compute anew, or asks for what several processes do not tell.
bool forgets(const RequestSpec& spec)
{
    return spec.endless.enabled() || spec.keepTokens > 0;
}

} // namespace

/// As the one in use, with all that was reserved there.
Result<std::unique_ptr<Executor>> Engine::executorOf(const ExecutorOptions& options) const
{
    Result<std::unique_ptr<Executor>> executor = makeExecutor(m_model, options, {}, {});
    if (!executor)
        return executor;
    const StepLimits limits = stepLimits(m_scheduler->options(), m_model->config(), m_kvPlan.blockSize);
    if (const Result<StepLimits> granted = (*executor)->reserveSteps(limits); !granted)
        return granted.error();
    Result<void> reserved = (*executor)->reserveKv(m_kvPlan);
    if (reserved && m_options.hostBlocks > 0)
        reserved = (*executor)->reserveHost(m_options.hostBlocks);
    if (!reserved)
        return reserved.error();
    return executor;
}

Result<void> Engine::setRanks(std::uint32_t count, RankEventKind why)
{
    if (!hasModel())
        return invalidArgument("no model is loaded");
    settle();
    for (const auto& entry : m_streams)
        if (forgets(m_scheduler->find(entry.first)->spec))
            return invalidArgument(
                "an endless reply is being written; the number of processes can change when "
                "it has ended");
    if (count == ranks() && !m_executor->isBroken())
        return {};
    const std::int64_t asked = nowNs();
    const std::size_t before = std::max<std::size_t>(1, m_executor->info().parts.size());
    ExecutorOptions options = m_options.executor;
    options.rankCount = count;
    Result<std::unique_ptr<Executor>> executor = executorOf(options);
    if (!executor)
        return executor.error();
    m_executor = std::move(*executor);
    m_options.executor = options;
    beginAnew(nullptr); // nobody ends
    noteRanks({why, asked, nowNs(), static_cast<std::uint32_t>(before),
               static_cast<std::uint32_t>(std::max<std::size_t>(1, m_executor->info().parts.size()))});
    return {};
}

std::uint64_t Engine::freeKvBytes() const
{
    return hasModel() ? m_executor->freeKvBytes() : 0;
}

} // namespace vitrine::engine
