// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scheduler/scheduler.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/scheduler/batch_builder.h"
#include "engine/scheduler/request_limits.h"
#include "engine/scheduler/step_plan.h"

namespace vitrine::engine {
namespace {

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

Scheduler::Scheduler(const SchedulerOptions& options, KvCache& cache) : m_options(options), m_cache(cache)
{
    VT_CHECK(options.maxRunning >= 1 && options.tokenBudget >= 1);
    VT_CHECK(options.watermark >= 0.0 && options.watermark < 1.0);
}

Result<RequestId> Scheduler::submit(RequestSpec spec)
{
    const KvCacheOptions& pool = m_cache.options();
    const std::uint64_t poolTokens = std::uint64_t{pool.blocks} * pool.blockSize;
    if (Result<void> accepted = checkRequest(spec, {poolTokens, m_options.contextLength}); !accepted)
        return accepted.error();
    auto request = std::make_unique<Request>();
    request->id = RequestId{m_nextId++};
    request->spec = std::move(spec);
    request->times.arrivalNs = nowNs();
    m_waiting.insert(request.get());
    const RequestId id = request->id;
    m_requests.emplace(id, std::move(request));
    return id;
}

void Scheduler::cancel(RequestId id, FinishReason reason)
{
    const auto found = m_requests.find(id);
    if (found != m_requests.end() && found->second->state != RequestState::Finished)
        finish(*found->second, reason);
}

std::vector<RequestId> Scheduler::cancelAll(FinishReason reason)
{
    std::vector<RequestId> ended;
    for (const Request* request : m_running)
        ended.push_back(request->id);
    for (const Request* request : m_waiting)
        ended.push_back(request->id);
    for (const RequestId id : ended)
        cancel(id, reason);
    return ended;
}

ScheduledBatch Scheduler::schedule()
{
    ++m_step;
    StepPlan plan(m_options.tokenBudget);
    planDecodes(plan);
    planPrefills(plan);
    if (plan.preemptions().empty())
        admitWaiting(plan);
    for (const PlannedRow& row : plan.rows())
        row.request->lastStep = m_step;
    return buildBatch(plan, m_cache);
}

bool Scheduler::promptWaits() const
{
    const auto prefills = [](const Request* request) { return !request->decoding(); };
    if (std::any_of(m_running.begin(), m_running.end(), prefills))
        return true;
    return !m_waiting.empty() && running() < m_options.maxRunning && fits(**m_waiting.begin());
}

/// Decodes go first, but when they would take the whole budget an eighth of it is kept for prompts. A budget
/// of one token goes to both in turn.
std::uint32_t Scheduler::decodeLimit(std::size_t decodes) const
{
    const std::uint32_t budget = m_options.tokenBudget;
    const std::uint32_t share = budget == 1 ? m_step % 2 : std::max(budget / 8, 1U);
    return decodes + share > budget && promptWaits() ? budget - share : budget;
}

void Scheduler::planDecodes(StepPlan& plan)
{
    std::vector<Request*> decodes;
    std::copy_if(m_running.begin(), m_running.end(), std::back_inserter(decodes),
                 [](const Request* request) { return request->decoding(); });
    const std::uint32_t limit = decodeLimit(decodes.size());
    const auto servedEarlier = [](const Request* a, const Request* b) { return a->lastStep < b->lastStep; };
    if (decodes.size() > limit)
        std::stable_sort(decodes.begin(), decodes.end(), servedEarlier);
    for (Request* request : decodes) {
        if (plan.rows().size() == limit)
            return;
        if (request->state == RequestState::Running && secureBlock(*request, plan))
            plan.add(*request, 1);
    }
}

void Scheduler::planPrefills(StepPlan& plan)
{
    for (Request* request : m_running) {
        if (plan.left() == 0)
            return;
        if (!request->decoding())
            plan.add(*request, request->known() - request->computed);
    }
}

bool Scheduler::secureBlock(const Request& request, StepPlan& plan)
{
    while (!m_cache.grow(request.id, request.known())) {
        Request* victim = Fcfs::victim(m_running, request);
        if (victim == nullptr)
            return false;
        preempt(*victim, request, plan);
    }
    return true;
}

void Scheduler::preempt(Request& victim, const Request& beneficiary, StepPlan& plan)
{
    const std::uint32_t before = m_cache.available();
    m_cache.close(victim.id);
    plan.countPreemption({victim.id, beneficiary.id, victim.computed, m_cache.available() - before});
    plan.remove(victim);
    std::erase(m_running, &victim);
    victim.state = RequestState::Waiting;
    victim.computed = 0;
    ++victim.preemptions;
    m_waiting.insert(&victim);
}

void Scheduler::admitWaiting(StepPlan& plan)
{
    while (plan.left() > 0 && running() < m_options.maxRunning && !m_waiting.empty()) {
        Request& next = **m_waiting.begin();
        if (!fits(next))
            return;
        admit(next, plan);
    }
}

/// Room for all known tokens and the watermark. Alone a request may take the whole pool, else one that was
/// accepted might never start.
bool Scheduler::fits(const Request& request) const
{
    std::vector<TokenId> scratch;
    const double share = m_options.watermark * m_cache.options().blocks;
    const std::uint32_t reserve = m_running.empty() ? 0 : static_cast<std::uint32_t>(std::ceil(share));
    const std::uint32_t demand = m_cache.demand(knownTokens(request, scratch), request.spec.cacheSalt);
    return std::uint64_t{demand} + reserve <= m_cache.available();
}

void Scheduler::admit(Request& request, StepPlan& plan)
{
    std::vector<TokenId> scratch;
    request.computed = m_cache.open(request.id, knownTokens(request, scratch), request.spec.cacheSalt);
    VT_CHECK(m_cache.grow(request.id, request.known()));
    // After a preemption a request finds its own blocks again: no saving, so nothing is counted.
    if (request.times.admittedNs == 0) {
        request.times.admittedNs = nowNs();
        request.cachedTokens = request.computed;
        plan.countLookup(request.known(), request.computed);
    }
    request.everComputed = std::max(request.everComputed, request.computed);
    request.state = RequestState::Running;
    m_waiting.erase(&request);
    m_running.insert(std::upper_bound(m_running.begin(), m_running.end(), &request, ComesBefore()), &request);
    plan.add(request, request.known() - request.computed);
}

std::vector<StepOutcome> Scheduler::update(const ScheduledBatch& batch, std::span<const StepToken> tokens)
{
    std::vector<StepOutcome> outcomes;
    std::size_t next = 0;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        const ScheduledRow& row = batch.rows[i];
        const bool hasToken = row.samples && next < tokens.size() && tokens[next].request == row.request;
        const TokenId token = hasToken ? tokens[next++].token : 0;
        const auto found = m_requests.find(row.request);
        if (found == m_requests.end() || found->second->state != RequestState::Running)
            continue; // cancelled since
        Request& request = *found->second;
        VT_CHECK(request.computed == row.firstToken && hasToken == row.samples);
        const auto begin = static_cast<std::size_t>(batch.forward.queryStart[i]);
        m_cache.markComputed(request.id, std::span(batch.forward.tokenIds).subspan(begin, row.tokens));
        request.computed += row.tokens;
        request.everComputed = std::max(request.everComputed, request.computed);
        if (row.samples)
            outcomes.push_back(takeToken(request, token));
    }
    VT_CHECK(next == tokens.size());
    return outcomes;
}

StepOutcome Scheduler::takeToken(Request& request, TokenId token)
{
    if (request.reply.empty())
        request.times.firstTokenNs = nowNs();
    request.reply.push_back(token);
    const std::vector<TokenId>& stops = request.spec.stopTokens;
    FinishReason reason = FinishReason::None;
    if (std::find(stops.begin(), stops.end(), token) != stops.end())
        reason = FinishReason::Stop;
    else if (request.reply.size() >= request.spec.maxTokens)
        reason = FinishReason::Length;
    if (reason != FinishReason::None)
        finish(request, reason);
    return {request.id, token, reason};
}

void Scheduler::finish(Request& request, FinishReason reason)
{
    if (request.state == RequestState::Running) {
        m_cache.close(request.id);
        std::erase(m_running, &request);
    } else {
        m_waiting.erase(&request);
    }
    request.state = RequestState::Finished;
    request.finish = reason;
    request.times.finishedNs = nowNs();
}

const Request* Scheduler::find(RequestId id) const
{
    const auto found = m_requests.find(id);
    return found == m_requests.end() ? nullptr : found->second.get();
}

void Scheduler::forget(RequestId id)
{
    const auto found = m_requests.find(id);
    if (found == m_requests.end())
        return;
    VT_CHECK(found->second->state == RequestState::Finished);
    m_requests.erase(found);
}

std::string Scheduler::checkListing(const Request& request) const
{
    const std::string name = "request " + std::to_string(request.id.value);
    const bool listedRunning = std::find(m_running.begin(), m_running.end(), &request) != m_running.end();
    const bool listedWaiting = m_waiting.contains(const_cast<Request*>(&request));
    if (listedRunning != (request.state == RequestState::Running) ||
        listedWaiting != (request.state == RequestState::Waiting))
        return name + " is not listed as its state says";
    const std::size_t blocks = m_cache.table(request.id).size();
    if (request.state != RequestState::Running)
        return blocks == 0 ? std::string() : name + " does not run but holds blocks";
    if (request.computed >= request.known() || request.computed > request.everComputed)
        return name + " has computed more tokens than it can";
    if (request.finish != FinishReason::None || request.reply.size() >= request.spec.maxTokens)
        return name + " runs though it is done";
    const std::uint32_t needed = request.decoding() ? request.computed : request.known();
    return blocks >= m_cache.blocksFor(needed) ? std::string() : name + " has too few blocks";
}

std::string Scheduler::checkInvariants() const
{
    if (m_running.size() > m_options.maxRunning)
        return "more requests run than maxRunning allows";
    if (!std::is_sorted(m_running.begin(), m_running.end(), ComesBefore()))
        return "running requests are out of order";
    for (const auto& [id, request] : m_requests)
        if (std::string fault = checkListing(*request); !fault.empty())
            return fault;
    std::size_t unfinished = 0;
    for (const auto& [id, request] : m_requests)
        unfinished += request->state != RequestState::Finished ? 1 : 0;
    return unfinished == m_running.size() + m_waiting.size() ? std::string() : "a listed request is unknown";
}

} // namespace vitrine::engine
