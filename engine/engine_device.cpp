// SPDX-License-Identifier: GPL-3.0-or-later
// Engine: what the device has room and time for.
#include <algorithm>
#include <new>

#include "engine/engine.h"
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

bool Engine::useIdleTime()
{
    if (!hasModel() || hasWork())
        return false;
    try {
        std::string why;
        if (m_executor->isBroken())
            return recover(why);
        return m_executor->prepareAhead();
    } catch (const std::bad_alloc&) {
        return false; // it was only to spare time
    }
}

std::uint64_t Engine::freeKvBytes() const
{
    return hasModel() ? m_executor->freeKvBytes() : 0;
}

} // namespace vitrine::engine
