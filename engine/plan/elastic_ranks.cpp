// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/elastic_ranks.h"

#include <cstdio>
#include <utility>

namespace vitrine::engine {

namespace {

double inSeconds(std::int64_t ns)
{
    return static_cast<double>(ns) * 1e-9;
}

std::vector<RankNumber> numbersOf(const RankPlan& plan)
{
    std::vector<RankNumber> numbers;
    const std::vector<PlanCost> costs = plan.ranksAlone();
    for (const PlanCost& cost : costs)
        numbers.push_back({cost.plan.ranks, relativeCost(cost, costs.front())});
    return numbers;
}

/// The rows that a record has no room for are taken to be as long as the others.
StepWork shapeOf(const StepRecord& step)
{
    StepWork shape{step.prefillTokens + step.decodeTokens, step.decodeTokens, 0.0};
    for (std::uint32_t i = 0; i < step.rowCount; ++i)
        shape.kvTokens += step.rows[i].contextLength;
    if (step.rowCount > 0)
        shape.kvTokens *= 1.0 + double(step.rowsOmitted) / step.rowCount;
    return shape;
}

EngineLoad loadOf(const Engine& engine, std::int64_t nowNs)
{
    const Scheduler& scheduler = *engine.scheduler();
    const KvCache& cache = *engine.kvCache();
    return {inSeconds(nowNs), scheduler.running() + scheduler.waiting(), engine.ranks(),
            std::uint64_t{cache.usageInBlocks().referenced} * cache.options().blockSize};
}

const char* textOf(RankDecision::Reason reason)
{
    switch (reason) {
    case RankDecision::Reason::Faster:
        return ", since that was measured faster";
    case RankDecision::Reason::Trial:
        return ", to see whether that is faster";
    case RankDecision::Reason::NotFaster:
        return ", since more are not faster";
    case RankDecision::Reason::Known:
        return ", which can be compared with other numbers";
    case RankDecision::Reason::Idle:
        break;
    }
    return ", since nothing was asked for a while";
}

std::string processes(std::uint32_t count)
{
    return count == 1 ? "one process" : std::to_string(count) + " processes";
}

} // namespace

std::string sentenceOf(const RankChange& change)
{
    if (!change.refusal.empty())
        return "the number of processes stays " + std::to_string(change.before) + " instead of " +
               std::to_string(change.wanted) + ": " + change.refusal;
    char took[32];
    std::snprintf(took, sizeof took, " (%.2f s)", change.seconds);
    return processes(change.now) + (change.now == 1 ? " computes" : " compute") + " instead of " +
           std::to_string(change.before) + textOf(change.reason) + took;
}

ElasticRanks::ElasticRanks(std::shared_ptr<const RankPlan> plan, const RankPolicyOptions& options,
                           std::function<std::int64_t()> clock)
    : m_plan(std::move(plan)), m_clock(std::move(clock)), m_policy(options, numbersOf(*m_plan))
{}

void ElasticRanks::take(const StepRecord& step)
{
    const StepWork shape = shapeOf(step);
    if (shape.tokens == 0)
        return;
    m_policy.took({inSeconds(step.endNs), inSeconds(step.endNs - step.startNs), m_plan->aloneSeconds(shape),
                   shape.tokens, step.prefillTokens});
}

std::optional<RankChange> ElasticRanks::act(Engine& engine)
{
    if (!engine.hasModel())
        return std::nullopt;
    const std::int64_t start = m_clock();
    const EngineLoad load = loadOf(engine, start);
    const std::optional<RankDecision> decision = m_policy.choose(load);
    if (!decision)
        return std::nullopt;
    RankChange change{load.ranks, decision->ranks, decision->reason, 0.0, {}, decision->ranks};
    if (const Result<void> done = engine.setRanks(decision->ranks, RankEventKind::Followed); !done) {
        m_policy.refused(load, *decision);
        change.refusal = done.error().message;
        change.now = load.ranks;
        return change;
    }
    change.seconds = inSeconds(m_clock() - start);
    m_policy.changed(load, *decision, change.seconds);
    return change;
}

} // namespace vitrine::engine
