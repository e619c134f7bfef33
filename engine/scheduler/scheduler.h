// SPDX-License-Identifier: GPL-3.0-or-later
// Decides who runs in the next step: continuous batching with mixed chunked prefill under one token
// budget, first come first served (fcfs.h), recompute preemption. Never touches a tensor.
//
// There are no phases: each request catches up `computed` to `known` tokens; a decode is a request that is
// one behind. A step is: schedule() → executor → sampler → update(). Owned by the Engine; engine thread only.
//
// A request is admitted with blocks for all its known tokens, so that a prompt once begun is never stuck half
// way: only decodes ask for blocks later. Who gets none takes them from requests that came after it; the last
// to come waits, keeping what it has. The oldest can therefore always go on, and everybody becomes the
// oldest.
//
// Invariants (checkInvariants): running ≤ maxRunning; scheduled tokens ≤ tokenBudget; a request is in exactly
// one of waiting, running, finished; block tables of running requests cover `computed`; waiting ones hold no
// block; both queues are in order.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/result.h"
#include "engine/kv_cache/kv_cache.h"
#include "engine/scheduler/fcfs.h"
#include "engine/scheduler/request.h"
#include "engine/scheduler/scheduled_batch.h"

namespace vitrine::engine {

class StepPlan;

struct SchedulerOptions
{
    std::uint32_t maxRunning = 64;   ///< ≥ 1
    std::uint32_t tokenBudget = 512; ///< ≥ 1: tokens in one step, prefill and decode together
    double watermark = 0.01;         ///< share of the pool kept free at admission, unless nothing runs
    std::uint32_t contextLength = 0; ///< 0: unlimited; prompt + reply must fit
};

/// A token for one sampled row, in the order of the rows that sample.
struct StepToken
{
    RequestId request;
    TokenId token = 0;
};

/// What became of a request in update().
struct StepOutcome
{
    RequestId request;
    TokenId token = 0;
    FinishReason finish = FinishReason::None; ///< None: goes on
};

class Scheduler
{
public:
    Scheduler(const SchedulerOptions& options, KvCache& cache);

    /// Refuses at once what can never fit, naming the largest size that would.
    Result<RequestId> submit(RequestSpec spec);
    /// Ends it and frees its blocks at once; no-op when unknown or finished. Not while its step is computed.
    void cancel(RequestId id, FinishReason reason = FinishReason::Cancelled);
    /// Ends every request, e.g. when the model goes away.
    std::vector<RequestId> cancelAll(FinishReason reason);

    /// Plans one step; empty when nothing can run. A step that failed may be left without update(): the next
    /// schedule() plans the same tokens again.
    ScheduledBatch schedule();
    /// Takes the sampled tokens of that step (one per row with `samples`; rows of requests cancelled since
    /// may be left out), makes full blocks findable, ends who is done. REQUIRES: `batch` is the last one.
    std::vector<StepOutcome> update(const ScheduledBatch& batch, std::span<const StepToken> tokens);

    const Request* find(RequestId id) const; ///< also finished ones until forget()
    void forget(RequestId id);               ///< drops a finished request's record

    bool hasWork() const { return !m_waiting.empty() || !m_running.empty(); }
    std::uint32_t running() const { return static_cast<std::uint32_t>(m_running.size()); }
    std::uint32_t waiting() const { return static_cast<std::uint32_t>(m_waiting.size()); }
    const SchedulerOptions& options() const { return m_options; }

    /// Empty when all invariants hold, else a description. Cost grows with requests and blocks.
    std::string checkInvariants() const;

private:
    struct ComesBefore
    {
        bool operator()(const Request* a, const Request* b) const { return Fcfs::comesBefore(*a, *b); }
    };

    std::uint32_t decodeLimit(std::size_t decodes) const;
    bool promptWaits() const;
    void planDecodes(StepPlan& plan);
    void planPrefills(StepPlan& plan);
    bool secureBlock(const Request& request, StepPlan& plan);
    void preempt(Request& victim, const Request& beneficiary, StepPlan& plan);
    void admitWaiting(StepPlan& plan);
    bool fits(const Request& request) const;
    void admit(Request& request, StepPlan& plan);
    StepOutcome takeToken(Request& request, TokenId token);
    void finish(Request& request, FinishReason reason);
    std::string checkListing(const Request& request) const;

    SchedulerOptions m_options;
    KvCache& m_cache;
    std::uint64_t m_nextId = 1;
    std::uint64_t m_step = 0;
    std::unordered_map<RequestId, std::unique_ptr<Request>> m_requests;
    std::set<Request*, ComesBefore> m_waiting;
    std::vector<Request*> m_running; // in the order of ComesBefore
};

} // namespace vitrine::engine
