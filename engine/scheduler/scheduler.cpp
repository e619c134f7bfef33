// SPDX-License-Identifier: GPL-3.0-or-later
// What is planned in which order. Admission, preemption and landing have files of their own.
#include "engine/scheduler/scheduler.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/scheduler/batch_builder.h"
#include "engine/scheduler/request_limits.h"

namespace vitrine::engine {
namespace {

constexpr std::uint32_t kShare = 8;          // at least one part in eight for prompts, and for decodes
constexpr std::uint32_t kSmallestChunk = 16; // prefill tokens a step at least, however tight the target
constexpr double kAloneFactor = 4.0;         // times the target that a step may take while nobody decodes
constexpr double kHostBytesPerSecond = 4e9;  // assumed for swaps until one was measured

} // namespace

Scheduler::Scheduler(const SchedulerOptions& options, KvCache& cache)
    : m_options(options), m_cache(cache), m_policy(makePolicy(options.policy))
{
    VT_CHECK(checkOptions(options));
    const KvCacheOptions& pool = cache.options();
    const double pageBytes =
        static_cast<double>(options.kvBytesPerToken) * pool.blockSize / pool.shape.blockPages();
    if (pageBytes > 0.0)
        m_rates.secondsPerBlockMove = pageBytes / kHostBytesPerSecond;
}

Result<void> Scheduler::configure(const SchedulerOptions& options)
{
    if (Result<void> checked = checkOptions(options); !checked)
        return checked;
    const bool reorder = options.policy != m_options.policy;
    m_options = options;
    if (!reorder)
        return {};
    const std::vector<Request*> waiting = m_policy->all();
    m_policy = makePolicy(options.policy);
    for (const auto& entry : m_requests)
        if (entry.second->state != RequestState::Finished)
            m_policy->arrived(*entry.second);
    for (Request* request : waiting)
        m_policy->push(*request);
    return {};
}

Result<RequestId> Scheduler::submit(RequestSpec spec)
{
    const std::uint64_t key = spec.sampleKey;
    Result<std::vector<RequestId>> ids = submitSamples(std::move(spec), std::span(&key, 1));
    if (!ids)
        return ids.error();
    return ids->front();
}

Result<std::vector<RequestId>> Scheduler::submitSamples(RequestSpec spec,
                                                        std::span<const std::uint64_t> sampleKeys)
{
    VT_CHECK(!sampleKeys.empty());
    const RequestLimits limits{m_cache.mostTokens(), m_options.contextLength, m_cache.options().blockSize};
    if (Result<void> accepted = checkRequest(spec, limits); !accepted)
        return accepted.error();
    const double predicted = m_lengths.predict(spec.client, spec.maxTokens);
    std::vector<RequestId> ids;
    Request* leader = nullptr;
    for (std::size_t i = 0; i < sampleKeys.size(); ++i) {
        auto request = std::make_unique<Request>();
        request->id = RequestId{m_nextId++};
        request->spec = i + 1 < sampleKeys.size() ? spec : std::move(spec);
        request->spec.sampleKey = sampleKeys[i];
        request->predictedTokens = predicted;
        request->times.arrivalNs = nowNs();
        m_policy->arrived(*request);
        ids.push_back(request->id);
        if (leader == nullptr) {
            leader = request.get();
            enqueue(*request);
        } else {
            request->leader = leader->id;
            leader->followers.push_back(request->id);
            ++m_following;
        }
        m_requests.emplace(ids.back(), std::move(request));
    }
    return ids;
}

void Scheduler::enqueue(Request& request)
{
    request.state = RequestState::Waiting;
    request.leader = {};
    m_policy->push(request);
}

void Scheduler::dequeue(Request& request)
{
    if (request.leader.value == 0)
        return m_policy->erase(request);
    if (const auto leader = m_requests.find(request.leader); leader != m_requests.end())
        std::erase(leader->second->followers, request.id);
    request.leader = {};
    --m_following;
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
    for (const auto& [id, request] : m_requests)
        if (request->state != RequestState::Finished)
            ended.push_back(id);
    std::sort(ended.begin(), ended.end());
    for (const RequestId id : ended)
        cancel(id, reason);
    return ended;
}

ScheduledBatch Scheduler::schedule()
{
    VT_CHECK(m_inFlight.empty());
    ScheduledBatch batch;
    if (m_ahead)
        batch = buildBatch(std::move(*m_ahead), m_cache);
    m_ahead.reset();
    if (batch.empty()) { // nothing was planned ahead, or all of it has ended since
        std::vector<AdmissionEvent> admissions = std::move(batch.admissions);
        batch = buildBatch(*planStep(false), m_cache);
        batch.admissions.insert(batch.admissions.begin(), admissions.begin(), admissions.end());
    }
    batch.step = m_step;
    batch.transfers = m_cache.takeTransfers();
    batch.predictedSeconds = batch.empty() ? 0.0 : m_stepTimes.predict(batch.load);
    launch(batch);
    return batch;
}

std::optional<StepPlan> Scheduler::planStep(bool ahead)
{
    ++m_step;
    m_planningAhead = ahead;
    StepPlan plan(chooseBudget());
    const bool apart = m_options.mode == BatchMode::TwoPhase;
    if (apart && promptsTurn()) {
        planPrefills(plan);
        if (plan.preemptions.empty())
            admitWaiting(plan);
        if (!plan.rows().empty())
            return plan;
    }
    const std::uint32_t dry = blocksMissingSoon();
    if ((ahead && dry > 0) || !planDecodes(plan, dry)) {
        --m_step;
        return std::nullopt;
    }
    if (apart && !plan.rows().empty())
        return plan;
    planPrefills(plan);
    if (plan.preemptions.empty())
        admitWaiting(plan);
    return plan;
}

std::vector<Request*> Scheduler::decodes() const
{
    std::vector<Request*> decodes;
    std::copy_if(m_running.begin(), m_running.end(), std::back_inserter(decodes), [](const Request* request) {
        return request->decoding() && request->replied() < request->spec.maxTokens;
    });
    return decodes;
}

StepLoad Scheduler::decodeLoad(std::size_t more) const
{
    StepLoad load;
    for (const Request* request : m_running) {
        load.decodeRows += request->decoding() ? 1 : 0;
        load.attendedKeys += request->decoding() ? request->known() : 0;
    }
    load.decodeRows += static_cast<std::uint32_t>(more);
    return load;
}

/// With a target for the time between tokens: what fits beside the decodes, but never less than a small
/// chunk, so that prompts are not starved by a target that cannot be met. While nobody decodes steps may be
/// longer, but not so long that Stop or a new request would be felt to wait.
std::uint32_t Scheduler::chooseBudget() const
{
    const StepLoad load = decodeLoad(0);
    if (m_options.itlTarget <= 0.0)
        return m_options.tokenBudget;
    const double seconds = load.decodeRows == 0 ? kAloneFactor * m_options.itlTarget : m_options.itlTarget;
    const auto prefills = [](const Request* request) { return !request->decoding(); };
    const auto next = std::find_if(m_running.begin(), m_running.end(), prefills);
    const double context = next == m_running.end() ? 0.0 : (*next)->computed;
    const double room = m_stepTimes.prefillRoom(load, seconds, context);
    const double tokens = std::max<double>(room, kSmallestChunk) + load.decodeRows;
    return static_cast<std::uint32_t>(std::clamp<double>(tokens, 1.0, m_options.tokenBudget));
}

bool Scheduler::promptWaits() const
{
    const auto prefills = [this](const Request* request) { // the oldest finds room, others may have to wait
        return !request->decoding() && (request == m_running.front() || m_cache.writable(request->id, 1) > 0);
    };
    return std::any_of(m_running.begin(), m_running.end(), prefills) ||
           (mayStillRun(1) && nextAdmissible() != nullptr);
}

/// Two phases: prompts go first, but after kShare - 1 steps of them decodes get one.
bool Scheduler::promptsTurn() const
{
    return m_promptSteps + 1 < kShare || decodes().empty();
}

/// Decodes go first, but when they would take the whole budget a part of it is kept for prompts. A budget of
/// one token goes to both in turn.
std::uint32_t Scheduler::decodeLimit(std::size_t decodes, std::uint32_t budget) const
{
    const std::uint32_t share = budget == 1 ? m_step % 2 : std::max(budget / kShare, 1U);
    if (m_options.mode == BatchMode::TwoPhase || decodes + share <= budget)
        return budget;
    return promptWaits() ? budget - share : budget;
}

/// False, and nothing changed, when planning ahead would need a preemption.
bool Scheduler::planDecodes(StepPlan& plan, std::uint32_t missingSoon)
{
    if (missingSoon > 0)
        preemptAhead(missingSoon, plan);
    std::vector<Request*> all = decodes();
    const std::uint32_t limit = decodeLimit(all.size(), plan.left());
    const auto servedEarlier = [](const Request* a, const Request* b) { return a->lastStep < b->lastStep; };
    if (all.size() > limit)
        std::stable_sort(all.begin(), all.end(), servedEarlier);
    std::uint32_t needed = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(limit, all.size()); ++i)
        needed += m_cache.growDemand(all[i]->id, all[i]->known());
    if (m_planningAhead && needed > m_cache.available())
        return false;
    for (Request* request : all) {
        if (plan.rows().size() == limit)
            break;
        if (request->state != RequestState::Running)
            continue; // preempted for one before it
        const std::uint32_t own = m_cache.growDemand(request->id, request->known());
        if (secureBlocks(*request, request->known(), needed, plan))
            plan.add(*request, 1);
        needed -= std::min(needed, own);
    }
    return true;
}

void Scheduler::planPrefills(StepPlan& plan)
{
    std::vector<Request*> prefills;
    std::copy_if(m_running.begin(), m_running.end(), std::back_inserter(prefills),
                 [](const Request* request) { return !request->decoding(); });
    for (Request* request : prefills) {
        if (plan.left() == 0)
            return;
        if (request->state != RequestState::Running)
            continue; // preempted for one before it
        // It has its blocks; only window pages of mixed models may be wanting.
        const bool room = m_cache.writable(request->id, 1) > 0;
        if (room || (!m_planningAhead && secureBlocks(*request, request->computed + 1, 0, plan)))
            plannedPrefill(*request, plan);
    }
}

/// As much of it as the budget and the pages for what is written allow.
void Scheduler::plannedPrefill(Request& request, StepPlan& plan)
{
    const std::uint32_t left = request.known() - request.computed;
    const std::uint32_t tokens = m_cache.writable(request.id, std::min(left, plan.left()));
    if (tokens == 0)
        return;
    VT_CHECK(m_cache.grow(request.id, request.known(), request.computed + tokens));
    m_cache.plan(request.id, plan.add(request, tokens));
}

void Scheduler::observeStep(const ScheduledBatch& batch, double seconds)
{
    m_stepTimes.observe(batch.load, seconds);
    m_rates.secondsPerPrefillToken = m_stepTimes.secondsPerPrefillToken();
}

void Scheduler::observeMoves(std::uint32_t blocks, double seconds)
{
    if (blocks == 0 || !(seconds > 0.0))
        return;
    const double each = seconds / blocks;
    m_rates.secondsPerBlockMove = m_moveMeasured ? 0.8 * m_rates.secondsPerBlockMove + 0.2 * each : each;
    m_moveMeasured = true;
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
    if (m_ahead)
        m_ahead->remove(*found->second);
    m_requests.erase(found);
}

} // namespace vitrine::engine
