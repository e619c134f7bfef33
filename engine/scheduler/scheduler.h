// SPDX-License-Identifier: GPL-3.0-or-later
// Decides who runs in the next step: continuous batching with chunked prefill under one token budget, mixed
// or in two phases; admission by a policy; preemption by cost. Never touches a tensor.
//
// There are no phases in the code: each request catches up `computed` to `known` tokens; a decode is a
// request that is one behind. A step is: schedule() → executor → sampler → update(), or abandon() when the
// executor failed. While a step computes, planAhead() may plan the next one; schedule() then only builds it.
// Owned by the Engine; engine thread only.
//
// A request is admitted with blocks for all its known tokens, so that a prompt once begun is never stuck half
// way: only decodes ask for blocks later. Who gets none takes them from the cheapest victim, but never from
// the request that has run longest: that one can always go on, and everybody becomes it. One round of
// preemption makes room for the whole step, and nobody is admitted in it, so preemptions never cascade.
//
// An endless request has forgotten tokens, so it can only be swapped; where host memory has no room and the
// oldest request needs the blocks, it ends early, as if it had reached its length.
//
// Invariants (checkInvariants): running ≤ maxRunning; scheduled tokens ≤ the step's budget; a request is in
// exactly one of waiting, following (a sample that waits for its leader's prefill), running, finished; block
// tables of running requests cover `computed`; others hold no device block, but for requests that ended while
// their step is in flight: no block of a step in flight is freed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/result.h"
#include "engine/kv_cache/kv_cache.h"
#include "engine/scheduler/length_predictor.h"
#include "engine/scheduler/policy.h"
#include "engine/scheduler/preemption_price.h"
#include "engine/scheduler/request.h"
#include "engine/scheduler/scheduled_batch.h"
#include "engine/scheduler/scheduler_options.h"
#include "engine/scheduler/step_plan.h"
#include "engine/scheduler/step_time_model.h"

namespace vitrine::engine {

/// A token for one sampled row or forked sample, in the order of the rows that sample, then of the forks.
struct StepToken
{
    RequestId request;
    TokenId token = 0;
};

/// What became of a request in update(); in the order of the tokens.
struct StepOutcome
{
    RequestId request;
    TokenId token = 0;
    FinishReason finish = FinishReason::None; ///< None: goes on
};

/// Where a request stands that waits.
struct WaitEstimate
{
    RequestId request;
    std::uint32_t position = 0; ///< 1: the next
    double seconds = 0.0;       ///< until its first token, as far as can be told
};

class Scheduler
{
public:
    /// REQUIRES: checkOptions(options) accepts them.
    Scheduler(const SchedulerOptions& options, KvCache& cache);

    /// Takes effect with the next step; waiting requests are ordered anew when the policy changes.
    Result<void> configure(const SchedulerOptions& options);

    /// Refuses at once what can never fit, naming the largest size that would.
    Result<RequestId> submit(RequestSpec spec);
    /// Several samples of one prompt: it is computed once, then each goes its own way. `sampleKeys` has one
    /// entry a sample; all or none are accepted.
    Result<std::vector<RequestId>> submitSamples(RequestSpec spec, std::span<const std::uint64_t> sampleKeys);
    /// Ends it; blocks of a step in flight are freed when it has landed. No-op when unknown or finished.
    void cancel(RequestId id, FinishReason reason = FinishReason::Cancelled);
    /// Ends every request, e.g. when the model goes away.
    std::vector<RequestId> cancelAll(FinishReason reason);

    /// Plans one step; without rows when nothing can run. REQUIRES: no step is in flight. It is then.
    ScheduledBatch schedule();
    /// While the step from schedule() computes: plans the one after it, as far as that needs no preemption.
    /// False when it has to wait for the step to land.
    bool planAhead();
    /// What planAhead() planned, as it may be launched behind the step in flight: tokens that this one is to
    /// bring are named by their rows (fedToken()). None where that step has to land first: nothing is
    /// planned, blocks have to be moved, samples begin, or what is kept of a request depends on its last
    /// token. REQUIRES: one step is in flight.
    std::optional<ScheduledBatch> draft() const;
    /// The draft is launched: two steps are in flight, which land in order. A request that ends with the
    /// first keeps its blocks until the second has landed, whose token for it is nobody's.
    void follow(ScheduledBatch& draft);
    /// Takes the sampled tokens of the step (those of requests that ended since may be left out), ends who is
    /// done. REQUIRES: of the steps in flight `batch` is the oldest.
    std::vector<StepOutcome> update(const ScheduledBatch& batch, std::span<const StepToken> tokens);
    /// The step failed, and one behind it goes down with it: its requests end with FinishReason::Error (and
    /// endless ones), the others compute their tokens anew, nothing stays cached. Returns who ended.
    std::vector<RequestId> abandon(const ScheduledBatch& batch);
    /// Attention that the last token of a request with keepTokens gave to each of its blocks, before
    /// update().
    void noteAttention(RequestId id, std::span<const float> mass);

    /// The pool grows or shrinks; who has no room any more is preempted, who never will have ends with
    /// FinishReason::Error. REQUIRES: no step is in flight. False when the pool cannot have that size.
    bool resizePool(std::uint32_t blocks, std::vector<PreemptionEvent>& preemptions,
                    std::vector<RequestId>& ended);

    /// Measured: what a step took, and what moving blocks between device and host took.
    void observeStep(const ScheduledBatch& batch, double seconds);
    void observeMoves(std::uint32_t blocks, double seconds);

    const Request* find(RequestId id) const; ///< also finished ones until forget()
    void forget(RequestId id);               ///< drops a finished request's record

    bool hasWork() const { return waiting() > 0 || !m_running.empty(); }
    std::uint32_t running() const { return static_cast<std::uint32_t>(m_running.size()); }
    std::uint32_t waiting() const { return static_cast<std::uint32_t>(m_policy->size()) + m_following; }
    /// The first `most` waiting requests, in the order in which they would be admitted.
    std::vector<WaitEstimate> waitEstimates(std::size_t most) const;
    const SchedulerOptions& options() const { return m_options; }
    const StepTimeModel& stepTimes() const { return m_stepTimes; }
    const LengthPredictor& lengths() const { return m_lengths; }

    /// Empty when all invariants hold, else a description. Cost grows with requests and blocks.
    std::string checkInvariants() const;

private:
    struct Candidate
    {
        Request* request = nullptr;
        PreemptionPrice price;
        std::uint32_t freed = 0;
    };

    /// A request that ended in flight, and the last step that computes tokens of it.
    struct Deferred
    {
        RequestId request;
        std::uint64_t step = 0;
    };

    // scheduler.cpp
    void enqueue(Request& request);
    void dequeue(Request& request);
    std::optional<StepPlan> planStep(bool ahead);
    StepLoad decodeLoad(std::size_t decodes) const;
    std::uint32_t chooseBudget() const;
    std::vector<Request*> decodes() const;
    std::uint32_t decodeLimit(std::size_t decodes, std::uint32_t budget) const;
    bool promptWaits() const;
    bool promptsTurn() const;
    bool planDecodes(StepPlan& plan, std::uint32_t missingSoon);
    void planPrefills(StepPlan& plan);
    void plannedPrefill(Request& request, StepPlan& plan);

    // scheduler_launch.cpp
    void launch(ScheduledBatch& batch);
    void countRow(const ScheduledRow& row, std::span<const TokenId> tokens);
    bool inFlight(std::uint64_t step) const;

    // scheduler_admission.cpp
    void admitWaiting(StepPlan& plan);
    Request* nextAdmissible() const;
    bool mayStillRun(std::size_t more) const;
    bool prefixIsComing(const Request& request) const;
    bool fits(Request& request) const;
    std::uint32_t demand(const Request& request) const;
    std::uint32_t reserve() const;
    bool admit(Request& request, StepPlan& plan);
    bool openTable(Request& request, AdmissionEvent& event);
    void countAdmission(Request& request, const AdmissionEvent& event, StepPlan& plan);
    void releaseFollowers(Request& leader);

    // scheduler_preemption.cpp
    bool secureBlocks(const Request& request, std::uint32_t written, std::uint32_t shortfall, StepPlan& plan);
    Candidate chooseVictim(const Request* beneficiary, std::uint32_t shortfall, PreemptionEvent& event) const;
    std::vector<Candidate> candidates(const Request* beneficiary) const;
    PreemptionCase caseOf(const Request& request) const;
    void preempt(const Candidate& victim, PreemptionEvent event, std::vector<PreemptionEvent>& events);
    std::uint32_t blocksMissingSoon() const;
    void preemptAhead(std::uint32_t missing, StepPlan& plan);
    void requeue(Request& request);
    bool canBePreempted(const Request& request) const;
    void endWhatNeverFits(std::vector<RequestId>& ended);
    std::uint32_t mostPages(const Request& request) const;
    bool endAnEndless(const Request& beneficiary, StepPlan& plan);

    // scheduler_update.cpp
    StepOutcome takeToken(Request& request, TokenId token);
    void takeForks(const ScheduledBatch& batch, std::span<const StepToken> tokens,
                   std::vector<StepOutcome>& outcomes);
    void planForks(ScheduledBatch& batch);
    void giveBlocksBack(Request& request);
    void dropLeastAttended(Request& request);
    void finish(Request& request, FinishReason reason);
    void freeDeferred();
    std::string checkListing(const Request& request) const;

    SchedulerOptions m_options;
    KvCache& m_cache;
    std::unique_ptr<Policy> m_policy; ///< with the waiting requests
    LengthPredictor m_lengths;
    StepTimeModel m_stepTimes;
    PreemptionRates m_rates;
    bool m_moveMeasured = false;
    std::uint64_t m_nextId = 1;
    std::uint64_t m_step = 0;
    std::vector<std::uint64_t> m_inFlight; ///< steps that are, oldest first
    bool m_planningAhead = false;
    bool m_forking = false;          ///< the step in flight begins samples of its prompts
    std::uint32_t m_promptSteps = 0; ///< steps with prompts only, one after another
    std::uint32_t m_following = 0;   ///< requests that wait for their leader
    std::optional<StepPlan> m_ahead;
    std::unordered_map<RequestId, std::unique_ptr<Request>> m_requests;
    std::vector<Request*> m_running;  ///< oldest first
    std::vector<Deferred> m_deferred; ///< ended while in flight: tables to be closed
    std::unordered_map<RequestId, std::vector<float>> m_attention; ///< by block, of requests with keepTokens
};

} // namespace vitrine::engine
