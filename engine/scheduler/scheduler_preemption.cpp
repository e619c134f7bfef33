// SPDX-License-Identifier: GPL-3.0-or-later
// Who gives blocks back when they do not suffice, and what that costs.
#include <algorithm>

#include "engine/base/check.h"
#include "engine/scheduler/kv_forecast.h"
#include "engine/scheduler/scheduler.h"

namespace vitrine::engine {
namespace {

constexpr std::uint32_t kForecastSteps = 4; // how early the pool's running dry is acted upon

bool cheaper(const PreemptionPrice& a, const PreemptionPrice& b)
{
    return a.weighted < b.weighted;
}

} // namespace

/// Room for the request's tokens before `written`. `shortfall` is what it and those after it in this step
/// need: one round of preemption serves them all.
bool Scheduler::secureBlocks(const Request& request, std::uint32_t written, std::uint32_t shortfall,
                             StepPlan& plan)
{
    while (!m_cache.grow(request.id, request.known(), written)) {
        PreemptionEvent event;
        const std::uint32_t available = m_cache.available();
        const std::uint32_t missing = shortfall > available ? shortfall - available : 1;
        const Candidate victim = chooseVictim(&request, missing, event);
        if (victim.request == nullptr && &request == m_running.front() && endAnEndless(request, plan))
            continue;
        if (victim.request == nullptr || victim.request == &request)
            return false; // it waits and keeps what it has
        event.beneficiary = request.id;
        plan.remove(*victim.request);
        preempt(victim, event, plan.preemptions);
    }
    return true;
}

/// What an endless request forgot cannot be computed again.
bool Scheduler::canBePreempted(const Request& request) const
{
    return !request.spec.endless.enabled() || caseOf(request).canSwap;
}

bool Scheduler::endAnEndless(const Request& beneficiary, StepPlan& plan)
{
    const auto endless = std::find_if(m_running.rbegin(), m_running.rend(), [&](const Request* request) {
        return request != &beneficiary && request->spec.endless.enabled();
    });
    if (endless == m_running.rend())
        return false;
    Request& request = **endless;
    plan.remove(request);
    plan.ended.push_back(request.id);
    request.spec.fillsContext = true;
    finish(request, FinishReason::Length);
    return true;
}

/// Everybody but the request that is oldest: that one always goes on. Who would free nothing is no help, but
/// when that is so for all of them: samples of one prompt free their blocks only together.
std::vector<Scheduler::Candidate> Scheduler::candidates(const Request* beneficiary) const
{
    std::vector<Candidate> found;
    for (Request* request : m_running) {
        const bool oldest = request == m_running.front();
        if (oldest && (beneficiary != nullptr || m_running.size() == 1))
            continue;
        if (!canBePreempted(*request) && request != beneficiary)
            continue;
        Candidate candidate{request, priceOf(caseOf(*request), m_rates), m_cache.exclusivePages(request->id)};
        found.push_back(candidate);
    }
    const auto frees = [](const Candidate& candidate) { return candidate.freed > 0; };
    if (std::any_of(found.begin(), found.end(), frees))
        std::erase_if(found, [&](const Candidate& candidate) {
            return !frees(candidate) && candidate.request != beneficiary;
        });
    return found;
}

/// The cheapest that frees enough alone, else the cheapest per block. The beneficiary itself when it is
/// the cheapest. Fills in what the event says about the choice.
Scheduler::Candidate Scheduler::chooseVictim(const Request* beneficiary, std::uint32_t shortfall,
                                             PreemptionEvent& event) const
{
    std::vector<Candidate> found = candidates(beneficiary);
    event.considered = static_cast<std::uint32_t>(found.size());
    if (found.empty())
        return {};
    if (m_options.victim == VictimChoice::Newest)
        return beneficiary == nullptr || beneficiary->id <= found.back().request->id ? found.back()
                                                                                     : Candidate{};
    const auto enough = [&](const Candidate& candidate) { return candidate.freed >= shortfall; };
    const bool any = std::any_of(found.begin(), found.end(), enough);
    const auto better = [&](const Candidate& a, const Candidate& b) {
        if (any)
            return enough(a) != enough(b) ? enough(a) : cheaper(a.price, b.price);
        return a.price.weighted * std::max(b.freed, 1U) < b.price.weighted * std::max(a.freed, 1U);
    };
    std::stable_sort(found.begin(), found.end(), better);
    for (std::size_t i = 1; i < found.size() && i <= PreemptionEvent::kMostAlternatives; ++i)
        event.others[event.alternatives++] = {found[i].request->id, found[i].price.weighted};
    return found.front();
}

PreemptionCase Scheduler::caseOf(const Request& request) const
{
    const auto blocks = static_cast<std::uint32_t>(m_cache.table(request.id).size());
    const std::uint32_t kept = (blocks - m_cache.exclusiveBlocks(request.id)) * m_cache.options().blockSize;
    PreemptionCase result;
    result.recomputeTokens = request.computed > kept ? request.computed - kept : 0;
    result.blocks = m_cache.heldPages(request.id);
    result.canSwap = m_cache.hostRoom() >= blocks && request.computed > 0 &&
                     m_options.preemption != PreemptionChoice::Recompute;
    result.mustRecompute = m_options.preemption == PreemptionChoice::Recompute;
    result.mustSwap = m_options.preemption == PreemptionChoice::Swap;
    result.progress = request.replied() / std::max(request.predictedTokens, 1.0);
    result.priority = request.spec.priority;
    result.preemptions = request.preemptions;
    return result;
}

void Scheduler::preempt(const Candidate& victim, PreemptionEvent event, std::vector<PreemptionEvent>& events)
{
    Request& request = *victim.request;
    const std::uint32_t before = m_cache.available();
    event.victim = request.id;
    event.recomputeTokens = request.computed;
    event.blocks = static_cast<std::uint32_t>(m_cache.table(request.id).size());
    event.seconds = victim.price.seconds;
    event.price = victim.price.weighted;
    event.action = victim.price.action;
    if (event.action == PreemptionAction::Swap && !m_cache.swapOut(request.id))
        event.action = PreemptionAction::Recompute; // the host tier filled up in the meantime
    if (event.action == PreemptionAction::Recompute) {
        m_cache.close(request.id);
        request.computed = 0;
        m_attention.erase(request.id);
    }
    event.blocksFreed = m_cache.available() - before;
    events.push_back(event);
    requeue(request);
}

void Scheduler::requeue(Request& request)
{
    std::erase(m_running, &request);
    ++request.preemptions;
    request.lastDemand = 0;
    request.state = RequestState::Waiting;
    m_policy->push(request);
}

/// Blocks that those who will still run in a few steps will not find; 0 when that is not looked at.
std::uint32_t Scheduler::blocksMissingSoon() const
{
    if (m_options.watermark <= 0.0 || m_running.size() < 2)
        return 0;
    const KvForecast forecast = forecastBlocks(m_running, m_cache, kForecastSteps);
    const std::uint32_t there = m_cache.available() + forecast.freed;
    return forecast.needed > there ? forecast.needed - there : 0;
}

/// Before the pool runs dry the cheapest goes, in one piece, instead of several in the middle of everybody's
/// work.
void Scheduler::preemptAhead(std::uint32_t missing, StepPlan& plan)
{
    PreemptionEvent event;
    event.reason = PreemptionReason::Predicted;
    event.beneficiary = m_running.front()->id;
    const Candidate victim = chooseVictim(m_running.front(), missing, event);
    if (victim.request != nullptr && victim.request != m_running.front())
        preempt(victim, event, plan.preemptions);
}

bool Scheduler::resizePool(std::uint32_t blocks, std::vector<PreemptionEvent>& preemptions,
                           std::vector<RequestId>& ended)
{
    VT_CHECK(m_inFlight.empty());
    const std::uint32_t pages = blocks * m_cache.options().shape.blockPages();
    while (m_cache.usage().referenced > pages && !m_running.empty()) {
        PreemptionEvent event;
        event.reason = PreemptionReason::PoolShrinks;
        Candidate victim = chooseVictim(nullptr, m_cache.usage().referenced - pages, event);
        if (victim.request == nullptr)
            victim = {m_running.back(), priceOf(caseOf(*m_running.back()), m_rates), 0};
        if (canBePreempted(*victim.request)) {
            preempt(victim, event, preemptions);
        } else {
            ended.push_back(victim.request->id);
            finish(*victim.request, FinishReason::Error);
        }
    }
    if (!m_cache.resize(blocks))
        return false;
    endWhatNeverFits(ended);
    if (m_ahead) // who was to begin and does not run any more has nothing to be told of
        std::erase_if(m_ahead->admissions, [this](const AdmissionEvent& event) {
            const Request* request = find(event.request);
            return request == nullptr || request->state != RequestState::Running;
        });
    return true;
}

void Scheduler::endWhatNeverFits(std::vector<RequestId>& ended)
{
    const std::uint64_t tokens = m_cache.mostTokens();
    for (const auto& [id, request] : m_requests) {
        const std::uint64_t prompt = request->spec.prompt.size();
        if (request->state == RequestState::Finished || prompt + request->spec.maxTokens <= tokens)
            continue;
        if (request->spec.endless.enabled() && mostPages(*request) <= m_cache.totalPages())
            continue;
        // What fits may still be said.
        if (prompt + request->replied() < tokens && !request->spec.endless.enabled()) {
            request->spec.maxTokens = static_cast<std::uint32_t>(tokens - prompt);
            request->spec.fillsContext = true;
        } else {
            ended.push_back(id);
        }
    }
    for (const RequestId id : ended)
        if (m_requests.at(id)->state != RequestState::Finished)
            finish(*m_requests.at(id), FinishReason::Error);
}

/// Of an endless request, at most, from now to its end.
std::uint32_t Scheduler::mostPages(const Request& request) const
{
    constexpr std::uint32_t kEnds = 3;
    const std::uint32_t window = m_cache.pagesAlone(
        m_cache.blocksFor(request.spec.endless.sinkTokens + request.spec.endless.windowTokens) + kEnds);
    if (m_cache.isSwapped(request.id))
        return std::max(window, m_cache.swapInDemand(request.id, request.known()));
    const auto now = static_cast<std::uint32_t>(m_cache.table(request.id).size());
    return std::max(
        window, m_cache.pagesAlone(request.computed > 0 ? now : m_cache.blocksFor(request.known()) + kEnds));
}

} // namespace vitrine::engine
