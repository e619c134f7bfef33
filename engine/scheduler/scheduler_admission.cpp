// SPDX-License-Identifier: GPL-3.0-or-later
// Who may begin: policy order, room in the pool, and what the prefix cache already has.
#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/scheduler/kv_forecast.h"
#include "engine/scheduler/scheduler.h"

namespace vitrine::engine {
namespace {

constexpr std::size_t kLooksAhead = 8;       // requests in order that are considered in one step
constexpr std::uint64_t kDemandLasts = 8;    // steps in which one that lacked room is not counted anew
constexpr std::uint32_t kForecastBlocks = 2; // blocks' worth of steps that running requests must have ahead

/// All known tokens in one piece; the reply is copied behind the prompt only when there is one.
std::span<const TokenId> knownTokens(const Request& request, std::vector<TokenId>& scratch)
{
    if (request.reply.empty())
        return request.spec.prompt;
    scratch = request.spec.prompt;
    scratch.insert(scratch.end(), request.reply.begin(), request.reply.end());
    return scratch;
}

} // namespace

void Scheduler::admitWaiting(StepPlan& plan)
{
    while (plan.left() > 0 && mayStillRun(1)) {
        Request* next = nextAdmissible();
        if (next == nullptr || !admit(*next, plan))
            return;
    }
}

/// Neither the limit of memory nor, with a target for the time between tokens, that of speed is reached.
bool Scheduler::mayStillRun(std::size_t more) const
{
    if (m_running.size() + more > m_options.maxRunning)
        return false;
    if (m_options.itlTarget <= 0.0 || m_running.empty())
        return true;
    StepLoad load = decodeLoad(0);
    load.decodeRows = static_cast<std::uint32_t>(m_running.size() + more);
    return m_stepTimes.predict(load) <= m_options.itlTarget;
}

/// The first in the policy's order that fits. One whose prefix another request is about to compute is passed
/// over: a little later it finds that prefix and saves the work. Nobody passes one that lacks room.
Request* Scheduler::nextAdmissible() const
{
    for (Request* request : m_policy->first(kLooksAhead)) {
        if (!m_cache.isSwapped(request->id) && prefixIsComing(*request))
            continue;
        return fits(*request) ? request : nullptr;
    }
    return nullptr;
}

/// What is planned ahead must not lean on blocks of the same step: whoever fills them may be cancelled before
/// the step begins.
bool Scheduler::prefixIsComing(const Request& request) const
{
    std::vector<TokenId> scratch;
    const PrefixMatch match = m_cache.lookUp(knownTokens(request, scratch), request.spec.scope);
    return match.later > 0 || (m_planningAhead && match.landing > 0);
}

std::uint32_t Scheduler::demand(const Request& request) const
{
    if (m_cache.isSwapped(request.id))
        return m_cache.swapInDemand(request.id, request.known());
    std::vector<TokenId> scratch;
    return m_cache.demand(knownTokens(request, scratch), request.spec.scope);
}

/// Blocks that stay free for those who run: the watermark, and what they will take soon. Alone a request may
/// take the whole pool, else one that was accepted might never start.
std::uint32_t Scheduler::reserve() const
{
    if (m_running.empty() || m_options.watermark <= 0.0)
        return 0;
    const auto share = static_cast<std::uint32_t>(std::ceil(m_options.watermark * m_cache.totalPages()));
    return share + forecastBlocks(m_running, m_cache, kForecastBlocks * m_cache.options().blockSize).needed;
}

bool Scheduler::fits(Request& request) const
{
    const std::uint32_t available = m_cache.available();
    if (request.lastDemand > available && m_step < request.demandStep + kDemandLasts && !m_running.empty())
        return false;
    const std::uint64_t wanted = std::uint64_t{demand(request)} + reserve();
    request.lastDemand = static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, UINT32_MAX));
    request.demandStep = m_step;
    return wanted <= available;
}

bool Scheduler::admit(Request& request, StepPlan& plan)
{
    AdmissionEvent event;
    event.request = request.id;
    event.again = request.times.admittedNs != 0;
    if (!openTable(request, event))
        return false;
    m_policy->erase(request);
    request.state = RequestState::Running;
    const auto older = [](const Request* a, const Request* b) { return a->id < b->id; };
    m_running.insert(std::upper_bound(m_running.begin(), m_running.end(), &request, older), &request);
    countAdmission(request, event, plan);
    if (request.decoding()) // back from host memory
        plan.add(request, 1);
    else
        plannedPrefill(request, plan);
    return true;
}

/// False, and nothing changed, in the rare case that room that was counted on is not there: making room for
/// one block of the prefix pushed another one out of host memory.
bool Scheduler::openTable(Request& request, AdmissionEvent& event)
{
    if (m_cache.isSwapped(request.id)) {
        event.swappedBlocks = m_cache.swapInDemand(request.id, 0);
        const std::uint32_t written = request.decoding() ? request.known() : request.computed;
        VT_CHECK(m_cache.swapIn(request.id) && m_cache.grow(request.id, request.known(), written));
        return true;
    }
    std::vector<TokenId> scratch;
    const std::span<const TokenId> known = knownTokens(request, scratch);
    const PrefixMatch match = m_cache.lookUp(known, request.spec.scope);
    request.computed = m_cache.open(request.id, known, request.spec.scope);
    const std::uint32_t written = request.decoding() ? request.known() : request.computed;
    if (!m_cache.grow(request.id, request.known(), written)) {
        m_cache.close(request.id);
        request.computed = 0;
        return false;
    }
    m_cache.promise(request.id, known.subspan(request.computed));
    event.cachedTokens = request.computed;
    event.hostTokens = std::min(match.host, request.computed);
    event.sharedTokens = std::min(match.landing, request.computed);
    return true;
}

/// After a preemption a request finds its own blocks again: no saving, so nothing is counted.
void Scheduler::countAdmission(Request& request, const AdmissionEvent& event, StepPlan& plan)
{
    plan.admissions.push_back(event);
    request.everComputed = std::max(request.everComputed, request.computed);
    if (event.again)
        return;
    request.times.admittedNs = nowNs();
    request.cachedTokens = request.computed;
    plan.lookedUpTokens += request.known();
    plan.cachedTokens += request.computed;
}

/// The leader will not fork for them any more: they are requests like others, and find its prefix in the
/// cache.
void Scheduler::releaseFollowers(Request& leader)
{
    const std::vector<RequestId> followers = std::move(leader.followers);
    leader.followers.clear();
    for (const RequestId id : followers) {
        --m_following;
        enqueue(*m_requests.at(id));
    }
}

} // namespace vitrine::engine
