// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of a step that has landed, or failed.
#include <algorithm>
#include <numeric>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/scheduler/scheduler.h"

namespace vitrine::engine {
namespace {

constexpr float kAttentionKept = 0.9F;   // of the remembered attention, with each new token
constexpr std::size_t kRecentBlocks = 2; // never dropped, like the first one

} // namespace

/// Samples whose leader's prompt is complete with this step begin with it, as many as may run.
void Scheduler::planForks(ScheduledBatch& batch)
{
    // More may run than the limit says, where it was lowered meanwhile.
    std::size_t room = m_options.maxRunning - std::min<std::size_t>(m_options.maxRunning, m_running.size());
    for (const ScheduledRow& row : batch.rows) {
        const Request& leader = *m_requests.at(row.request);
        if (!row.samples || !leader.reply.empty())
            continue;
        for (const RequestId follower : leader.followers) {
            if (room == 0)
                break;
            --room;
            batch.forks.push_back({follower, leader.id, row.logitsRow});
        }
    }
}

/// Before anybody of the step ends: a leader that said its last word still has its blocks.
void Scheduler::takeForks(const ScheduledBatch& batch, std::span<const StepToken> tokens,
                          std::vector<StepOutcome>& outcomes)
{
    std::size_t next = 0;
    for (const ForkedSample& fork : batch.forks) {
        const bool hasToken = next < tokens.size() && tokens[next].request == fork.request;
        const TokenId token = hasToken ? tokens[next++].token : 0;
        const auto found = m_requests.find(fork.request);
        if (found == m_requests.end() || found->second->state != RequestState::Waiting || !hasToken)
            continue; // cancelled since
        Request& sample = *found->second;
        dequeue(sample);
        m_cache.fork(fork.leader, sample.id);
        sample.state = RequestState::Running;
        sample.computed = sample.landed = sample.everComputed = sample.cachedTokens =
            static_cast<std::uint32_t>(sample.spec.prompt.size());
        giveBlocksBack(sample); // its leader has not yet
        sample.times.admittedNs = nowNs();
        const auto older = [](const Request* a, const Request* b) { return a->id < b->id; };
        m_running.insert(std::upper_bound(m_running.begin(), m_running.end(), &sample, older), &sample);
        outcomes.push_back(takeToken(sample, token));
    }
    VT_CHECK(next == tokens.size());
}

std::vector<StepOutcome> Scheduler::update(const ScheduledBatch& batch, std::span<const StepToken> tokens)
{
    VT_CHECK(batch.empty() || (!m_inFlight.empty() && batch.step == m_inFlight.front()));
    if (!batch.empty())
        m_inFlight.erase(m_inFlight.begin());
    m_forking = false;
    std::size_t own = 0; // tokens of rows; those of forks stand behind them
    for (const ScheduledRow& row : batch.rows)
        own += row.samples && own < tokens.size() && tokens[own].request == row.request ? 1 : 0;
    std::vector<StepOutcome> outcomes, forked;
    takeForks(batch, tokens.subspan(own), forked);
    std::size_t next = 0;
    for (const ScheduledRow& row : batch.rows) {
        const bool hasToken = row.samples && next < own && tokens[next].request == row.request;
        const TokenId token = hasToken ? tokens[next++].token : 0;
        const auto found = m_requests.find(row.request);
        if (found == m_requests.end() || found->second->state != RequestState::Running)
            continue; // cancelled since
        Request& request = *found->second;
        VT_CHECK(hasToken == row.samples);
        request.landed = row.firstToken + row.tokens;
        giveBlocksBack(request);
        if (row.samples)
            outcomes.push_back(takeToken(request, token));
    }
    freeDeferred();
    outcomes.insert(outcomes.end(), forked.begin(), forked.end());
    return outcomes;
}

std::vector<RequestId> Scheduler::abandon(const ScheduledBatch& batch)
{
    m_inFlight.clear();
    m_forking = false;
    m_ahead.reset();
    std::vector<RequestId> ended;
    for (const ScheduledRow& row : batch.rows) {
        const auto found = m_requests.find(row.request);
        if (found == m_requests.end() || found->second->state == RequestState::Finished)
            continue;
        finish(*found->second, FinishReason::Error);
        ended.push_back(row.request);
    }
    freeDeferred();
    const std::vector<Request*> others = m_running;
    for (Request* request : others) {
        m_cache.close(request->id);
        request->computed = 0;
        request->tokensPending = 0; // what a step behind the failed one was to bring never was
        request->everComputed = std::min(request->everComputed, request->known() - 1);
        requeue(*request);
    }
    for (const auto& [id, request] : m_requests) { // their swaps may not have been carried out
        if (!m_cache.isSwapped(id))
            continue;
        m_cache.dropSwapped(id);
        request->computed = 0;
        if (request->spec.endless.enabled())
            ended.push_back(id);
    }
    for (Request* request : others)
        if (request->spec.endless.enabled())
            ended.push_back(request->id);
    for (const RequestId id : ended)
        if (m_requests.at(id)->state != RequestState::Finished)
            finish(*m_requests.at(id), FinishReason::Error);
    m_cache.cancelPlans();
    m_cache.dropPrefixes();
    m_cache.takeTransfers(); // of blocks that are gone
    return ended;
}

StepOutcome Scheduler::takeToken(Request& request, TokenId token)
{
    if (request.reply.empty())
        request.times.firstTokenNs = nowNs();
    VT_CHECK(request.tokensPending > 0 || request.computed == request.spec.prompt.size());
    const bool fed = request.tokensPending > 1; // to the step behind, which has computed it then
    request.tokensPending -= std::min(request.tokensPending, 1U);
    request.pendingRows[0] = request.pendingRows[1];
    request.reply.push_back(token);
    if (!request.followers.empty())
        releaseFollowers(request);
    const std::vector<TokenId>& stops = request.spec.stopTokens;
    FinishReason reason = FinishReason::None;
    if (std::find(stops.begin(), stops.end(), token) != stops.end())
        reason = FinishReason::Stop;
    else if (request.reply.size() >= request.spec.maxTokens)
        reason = FinishReason::Length;
    if (reason != FinishReason::None)
        finish(request, reason);
    else if (fed)
        m_cache.markComputed(request.id, std::span(&token, 1));
    return {request.id, token, reason};
}

/// Blocks that no later token looks at.
void Scheduler::giveBlocksBack(Request& request)
{
    const auto beyond = [&](std::uint32_t window) {
        return request.landed + 1 > window ? request.landed + 1 - window : 0;
    };
    m_cache.passWindow(request.id, beyond(m_cache.options().shape.window));
    if (m_options.slidingWindow > 0)
        m_cache.trim(request.id, beyond(m_options.slidingWindow), 0, true);
    const EndlessWindow& endless = request.spec.endless;
    if (endless.enabled())
        m_cache.trim(request.id, beyond(endless.windowTokens), endless.sinkTokens, false);
    if (request.spec.keepTokens > 0)
        dropLeastAttended(request);
}

void Scheduler::noteAttention(RequestId id, std::span<const float> mass)
{
    const Request* request = find(id);
    if (request == nullptr || request->state != RequestState::Running)
        return; // cancelled since
    std::vector<float>& remembered = m_attention[id];
    remembered.resize(std::max(remembered.size(), mass.size()), 0.0F);
    for (std::size_t i = 0; i < mass.size(); ++i)
        remembered[i] = kAttentionKept * remembered[i] + (1.0F - kAttentionKept) * mass[i];
}

/// Heavy hitters stay (Zhang et al., "H2O: Heavy-Hitter Oracle", 2023): while more blocks are held than asked
/// for, the one with the least remembered attention goes; neither the first nor the most recent ones.
void Scheduler::dropLeastAttended(Request& request)
{
    const std::uint32_t most = m_cache.blocksFor(request.spec.keepTokens) + 1;
    const std::vector<float>& mass = m_attention[request.id];
    const std::span<const BlockId> table = m_cache.table(request.id);
    const std::size_t full = request.computed / m_cache.options().blockSize;
    auto held = static_cast<std::uint32_t>(
        std::count_if(table.begin(), table.end(), [](BlockId block) { return block != kNullBlock; }));
    for (; held > most; --held) {
        std::size_t least = 0;
        for (std::size_t i = 1; i + kRecentBlocks < full && i < mass.size(); ++i)
            if (table[i] != kNullBlock && (least == 0 || mass[i] < mass[least]))
                least = i;
        if (least == 0 || !m_cache.dropBlock(request.id, static_cast<std::uint32_t>(least)))
            return;
        request.droppedMass += mass[least];
    }
}

void Scheduler::finish(Request& request, FinishReason reason)
{
    if (request.state == RequestState::Running) {
        if (inFlight(request.lastStep))
            m_deferred.push_back({request.id, request.lastStep});
        else
            m_cache.close(request.id);
        std::erase(m_running, &request);
    } else {
        dequeue(request);
        if (m_cache.isSwapped(request.id))
            m_cache.dropSwapped(request.id);
    }
    request.state = RequestState::Finished;
    request.finish = reason;
    request.tokensPending = 0;
    request.times.finishedNs = nowNs();
    releaseFollowers(request);
    m_attention.erase(request.id);
    if (reason == FinishReason::Stop || reason == FinishReason::Length)
        m_lengths.learn(request.spec.client, request.replied(), request.predictedTokens);
    m_policy->left(request);
}

void Scheduler::freeDeferred()
{
    std::erase_if(m_deferred, [this](const Deferred& ended) {
        if (inFlight(ended.step))
            return false;
        m_cache.close(ended.request);
        return true;
    });
}

std::string Scheduler::checkListing(const Request& request) const
{
    const std::string name = "request " + std::to_string(request.id.value);
    const bool listedRunning = std::find(m_running.begin(), m_running.end(), &request) != m_running.end();
    const bool queued = m_policy->contains(request);
    const bool follows = request.leader.value != 0;
    if (listedRunning != (request.state == RequestState::Running) ||
        (queued || follows) != (request.state == RequestState::Waiting) || (queued && follows))
        return name + " is not listed as its state says";
    const std::size_t blocks = m_cache.table(request.id).size();
    const bool deferred = std::any_of(m_deferred.begin(), m_deferred.end(),
                                      [&](const Deferred& ended) { return ended.request == request.id; });
    if (request.state != RequestState::Running)
        return blocks == 0 || deferred ? std::string() : name + " does not run but holds blocks";
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
    const auto older = [](const Request* a, const Request* b) { return a->id < b->id; };
    if (!std::is_sorted(m_running.begin(), m_running.end(), older))
        return "running requests are out of order";
    if (m_inFlight.empty() && !m_deferred.empty())
        return "blocks of a landed step are still held";
    for (const auto& [id, request] : m_requests)
        if (std::string fault = checkListing(*request); !fault.empty())
            return fault;
    std::size_t unfinished = 0;
    for (const auto& [id, request] : m_requests)
        unfinished += request->state != RequestState::Finished ? 1 : 0;
    return unfinished == m_running.size() + waiting() ? std::string() : "a listed request is unknown";
}

} // namespace vitrine::engine
