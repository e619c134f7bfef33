// SPDX-License-Identifier: GPL-3.0-or-later
// Cache, scheduler and fake executor, wired and checked: every step verifies all invariants.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "engine/kv_cache/block_history.h"
#include "tests/engine/support/fake_executor.h"

namespace vitrine::engine::test {

/// Optimistic admission and the newest victim: the plainest scheduler, that tests of the others start from.
inline SchedulerOptions newestVictim()
{
    SchedulerOptions options;
    options.maxRunning = 4;
    options.tokenBudget = 32;
    options.watermark = 0.0;
    options.victim = VictimChoice::Newest;
    return options;
}

struct RigOptions
{
    KvCacheOptions pool{.blocks = 16, .blockSize = 4, .prefixCache = true, .modelKey = 7, .seed = 11};
    SchedulerOptions scheduler = newestVictim();
    std::uint32_t vocab = 1000;
};

struct SchedulerRig
{
    explicit SchedulerRig(const RigOptions& options = {})
        : cache(options.pool), scheduler(options.scheduler, cache), executor(options.pool, options.vocab),
          history(options.pool.blocks, options.pool.hostBlocks, options.pool.shape)
    {
        cache.setLog(&log);
    }
    SchedulerRig(const SchedulerRig&) = delete;
    SchedulerRig& operator=(const SchedulerRig&) = delete;

    /// One step; false when nothing was scheduled. The first fault ever found stays in `fault`.
    bool step()
    {
        if (behind) {
            batch = std::move(*behind);
            tokens = std::move(behindTokens);
            behind.reset();
        } else {
            batch = scheduler.schedule();
            check();
            note(executor.forward(batch, scheduler, tokens));
        }
        note(batch.forward.tokens() <= batch.tokenBudget ? "" : "over the token budget");
        if (scheduler.options().victim == VictimChoice::Newest)
            for (const PreemptionEvent& event : batch.preemptions)
                note(event.beneficiary < event.victim ? "" : "lost its blocks to one that came later");
        check();
        if (!fault.empty())
            return false;
        if (ahead && !batch.empty() && scheduler.planAhead() && follows)
            launchBehind();
        if (duringStep)
            duringStep();
        check();
        outcomes = scheduler.update(batch, tokens);
        check();
        return !batch.empty() || !batch.ended.empty();
    }

    /// The planned step starts before the tokens of the one under way are known to the scheduler.
    void launchBehind()
    {
        behind = scheduler.draft();
        if (!behind)
            return;
        scheduler.follow(*behind);
        ++followed;
        check();
        note(executor.forward(*behind, scheduler, behindTokens));
    }

    /// Until no step is under way.
    void settle()
    {
        const bool before = std::exchange(follows, false);
        if (behind)
            step();
        follows = before;
    }

    /// Steps until no work is left; false when that takes more than `limit` steps or a fault shows.
    bool drain(std::size_t limit = 10'000)
    {
        while (scheduler.hasWork() && fault.empty() && limit-- > 0)
            if (!step() && batch.preemptions.empty())
                note("work waits, but nothing was scheduled");
        return fault.empty() && !scheduler.hasWork();
    }

    RequestId submit(RequestSpec spec)
    {
        const Result<RequestId> id = scheduler.submit(std::move(spec));
        note(id ? "" : id.error().message);
        return id ? *id : RequestId{};
    }

    const Request& request(RequestId id) const { return *scheduler.find(id); }
    /// The row of the request in the last step, if it had one.
    std::optional<ScheduledRow> row(RequestId id) const
    {
        for (const ScheduledRow& candidate : batch.rows)
            if (candidate.request == id)
                return candidate;
        return std::nullopt;
    }
    void check()
    {
        note(scheduler.checkInvariants());
        note(cache.checkInvariants());
        checkHistory();
    }
    /// What the log alone says is what is.
    void checkHistory()
    {
        history.apply(log);
        log.clear();
        note(history.usage() == cache.usage() ? "" : "the block log tells another pool");
        for (const auto& [request, blocks] : history.tables()) {
            const std::span<const BlockId> table = cache.table(request);
            const bool same = std::equal(table.begin(), table.end(), blocks.begin(), blocks.end());
            note(same ? "" : "the block log tells another table");
        }
    }
    void note(const std::string& text)
    {
        if (fault.empty() && !text.empty())
            fault = text + " [" + state() + "]";
    }
    std::string state() const
    {
        const BlockUsage usage = cache.usage();
        const auto number = [](auto value) { return std::to_string(value); };
        return policyName(scheduler.options().policy) + std::string(", mode ") +
               number(int(scheduler.options().mode)) + ", budget " + number(scheduler.options().tokenBudget) +
               ", running " + number(scheduler.running()) + " of " + number(scheduler.options().maxRunning) +
               ", waiting " + number(scheduler.waiting()) + ", blocks " + number(usage.referenced) + "/" +
               number(usage.cached) + "/" + number(usage.free) + ", host " + number(usage.hostPinned) + "/" +
               number(usage.hostPrefix) + "/" + number(usage.hostFree) + ", preempted " +
               number(batch.preemptions.size());
    }

    KvCache cache;
    Scheduler scheduler;
    FakeExecutor executor;
    BlockLog log;
    BlockHistory history;
    bool ahead = false;               ///< plan the next step while one is in flight
    bool follows = false;             ///< and launch it behind that one
    std::uint64_t followed = 0;       ///< steps that were
    std::function<void()> duringStep; ///< what happens while it is
    ScheduledBatch batch;
    std::vector<StepToken> tokens;
    std::optional<ScheduledBatch> behind; ///< in flight behind `batch`
    std::vector<StepToken> behindTokens;
    std::vector<StepOutcome> outcomes;
    std::string fault;
};

/// A prompt of `length` tokens, first, first + 1, …
inline std::vector<TokenId> countingPrompt(std::uint32_t length, TokenId first = 0)
{
    std::vector<TokenId> prompt(length);
    for (std::uint32_t i = 0; i < length; ++i)
        prompt[i] = first + static_cast<TokenId>(i);
    return prompt;
}

inline RequestSpec makeSpec(std::vector<TokenId> prompt, std::uint32_t maxTokens, std::uint64_t salt = 0)
{
    RequestSpec spec;
    spec.prompt = std::move(prompt);
    spec.maxTokens = maxTokens;
    spec.scope.salt = salt;
    return spec;
}

} // namespace vitrine::engine::test
