// SPDX-License-Identifier: GPL-3.0-or-later
// What scheduling one step costs: 256 requests decode, 10,000 wait, for pools of different size. Prints the
// distribution of schedule() + update() without any model.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "engine/base/clock.h"
#include "engine/scheduler/scheduler.h"

using namespace vitrine::engine;

namespace {

constexpr std::uint32_t kRunning = 256;
constexpr std::uint32_t kWarmUp = 400, kSteps = 4000;

RequestSpec spec(std::uint32_t number)
{
    RequestSpec result;
    for (std::uint32_t i = 0; i < 48; ++i)
        result.prompt.push_back(static_cast<TokenId>((number * 7919 + i * 104729) % 50000));
    result.maxTokens = 400;
    result.client = std::to_string(number % 8);
    return result;
}

std::vector<StepToken> tokensOf(const ScheduledBatch& batch)
{
    std::vector<StepToken> tokens;
    for (const ScheduledRow& row : batch.rows)
        if (row.samples)
            tokens.push_back({row.request, static_cast<TokenId>((batch.step + row.request.value) % 50000)});
    return tokens;
}

void measure(PolicyKind policy, std::uint32_t blocks, std::uint32_t waiting)
{
    KvCacheOptions pool;
    pool.blocks = blocks;
    KvCache cache(pool);
    SchedulerOptions options;
    options.maxRunning = kRunning;
    options.policy = policy;
    Scheduler scheduler(options, cache);
    std::uint32_t number = 0;
    std::vector<double> schedule, update;
    for (std::uint32_t step = 0; step < kWarmUp + kSteps; ++step) {
        while (scheduler.waiting() < waiting)
            if (!scheduler.submit(spec(number++)))
                return;
        const std::int64_t start = nowNs();
        const ScheduledBatch batch = scheduler.schedule();
        const std::int64_t scheduled = nowNs();
        const std::vector<StepToken> tokens = tokensOf(batch);
        const std::int64_t sampled = nowNs();
        const std::vector<StepOutcome> outcomes = scheduler.update(batch, tokens);
        const std::int64_t updated = nowNs();
        for (const StepOutcome& outcome : outcomes)
            if (outcome.finish != FinishReason::None)
                scheduler.forget(outcome.request);
        if (step < kWarmUp)
            continue;
        schedule.push_back(static_cast<double>(scheduled - start) * 1e-3);
        update.push_back(static_cast<double>(updated - sampled) * 1e-3);
    }
    std::sort(schedule.begin(), schedule.end());
    std::sort(update.begin(), update.end());
    const auto at = [](const std::vector<double>& sorted, double share) {
        return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
    };
    std::printf("| %-8s | %9u | %6u | %5.0f | %5.0f | %5.0f | %5.0f |\n", policyName(policy), blocks, waiting,
                at(schedule, 0.5), at(schedule, 0.99), at(update, 0.5), at(update, 0.99));
    std::fflush(stdout);
}

} // namespace

int main()
{
    std::printf("| policy | blocks | waiting | schedule p50 µs | p99 | update p50 µs | p99 |\n|---|---|---|---|---|---|---|\n");
    for (const std::uint32_t blocks : {10'000U, 100'000U, 1'000'000U})
        measure(PolicyKind::Fcfs, blocks, 10'000);
    for (const std::uint32_t waiting : {10U, 1'000U, 10'000U})
        for (const PolicyKind policy : {PolicyKind::Priority, PolicyKind::Fair, PolicyKind::Shortest})
            measure(policy, 100'000, waiting);
    return 0;
}
