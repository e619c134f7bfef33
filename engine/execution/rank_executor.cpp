// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/rank_executor.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/execution/composed_executor.h"
#include "engine/parallel/communicator.h"
#include "engine/parallel/stage_plan.h"
#include "kernels/cpu/cpu_topology.h"

namespace vitrine::engine {

namespace {

/// As the parts say which layers they have; one stage where that makes no sense.
StagePlan planOf(const std::vector<ExecutorInfo>& parts)
{
    const auto all = static_cast<std::uint32_t>(parts.size());
    std::uint32_t stages = 1;
    for (std::size_t i = 1; i < parts.size(); ++i)
        stages += parts[i].layers == parts[i - 1].layers ? 0 : 1;
    return all % stages == 0 ? StagePlan{stages, all / stages} : StagePlan{1, all};
}

class RankExecutor final : public ComposedExecutor
{
public:
    RankExecutor(Parts ranks, std::shared_ptr<Communicator> group, std::unique_ptr<RankSource> source)
        : ComposedExecutor(std::move(ranks)), m_group(std::move(group)), m_source(std::move(source))
    {
        for (const std::unique_ptr<Executor>& rank : m_parts)
            VT_CHECK(rank->overlaps());
        m_stages = planOf(infoOfParts().parts).stages;
    }
    /// Nobody waits for a rank that is gone.
    ~RankExecutor() override
    {
        if (m_batch != nullptr && m_group != nullptr)
            m_group->abort("the model is unloaded");
        dropParts();
    }

    /// Shared out among the ranks.
    Result<void> setThreads(std::uint32_t threads) override
    {
        Result<void> set =
            ComposedExecutor::setThreads(threadsOfRank(threads, static_cast<std::uint32_t>(m_parts.size())));
        if (set)
            m_threads = threads;
        return set;
    }
    bool isBroken() const override;
    bool mayBreak() const override { return m_source != nullptr && m_parts.size() > 1; }
    Result<RankRecovery> recover() override;
    Result<void> launch(const ForwardBatch& batch) override;
    Result<std::span<const float>> await() override;
    std::span<const TokenId> bestTokens() const override { return m_parts.front()->bestTokens(); }
    bool overlaps() const override { return true; }
    bool measuresAttention() const override { return false; }
    std::span<const float> attentionMass(std::size_t /*index*/) const override { return {}; }
    RankParts rankParts() const override { return m_shares; }
    OperationTimes operationTimes() const override { return m_parts.front()->operationTimes(); }
    ExecutorInfo info() const override;

private:
    bool ranksAreBroken() const;
    void blameWhoFailed();
    Result<void> restoreAll();
    void takeShares(std::int64_t awaitedNs);

    std::shared_ptr<Communicator> m_group;  ///< null: rank 0 is alone
    std::unique_ptr<RankSource> m_source;   ///< null: who fails is not replaced
    bool m_isUnrestored = false;            ///< some have not the KV that all should have
    std::optional<std::uint32_t> m_threads; ///< of all together, as they were set last
    std::uint32_t m_stages = 1;
    std::int64_t m_launchedNs = 0; ///< of the last step
    RankParts m_shares;            ///< likewise
};

bool RankExecutor::isBroken() const
{
    if (m_source == nullptr)
        return false; // for good, but nobody can do anything about it
    return m_isUnrestored || ranksAreBroken();
}

bool RankExecutor::ranksAreBroken() const
{
    return m_source->isBroken() ||
           std::any_of(m_parts.begin(), m_parts.end(), [](const auto& part) { return part->isBroken(); });
}

/// Who did not come to an exchange, and who does not answer.
void RankExecutor::blameWhoFailed()
{
    if (m_group == nullptr)
        return; // rank 0 is alone
    if (const std::optional<std::uint32_t> culprit = m_group->culprit())
        m_source->blame(*culprit, "rank " + std::to_string(*culprit) + " did not keep up with the others");
    for (std::uint32_t rank = 1; rank < m_parts.size(); ++rank)
        if (m_parts[rank]->isBroken())
            m_source->blame(rank, "the process of rank " + std::to_string(rank) + " does not answer");
}

Result<void> RankExecutor::restoreAll()
{
    m_isUnrestored = true;
    if (m_threads)
        if (Result<void> set = setThreads(*m_threads); !set)
            return set;
    Result<void> restored = restore();
    m_isUnrestored = !restored;
    return restored;
}

/// Who takes the place of another may fail too.
Result<RankRecovery> RankExecutor::recover()
{
    constexpr int kMostTries = 20;
    if (m_source == nullptr)
        return Executor::recover();
    VT_CHECK(m_batch == nullptr);
    blameWhoFailed();
    const RankRecovery before{.reason = m_source->reason(),
                              .ranksBefore = static_cast<std::uint32_t>(m_parts.size()),
                              .failedNs = nowNs()};
    Result<RankRecovery> recovery = internalError("no rank was replaced");
    for (int i = 0; i < kMostTries && isBroken(); ++i) {
        blameWhoFailed();
        recovery = m_source->repair(m_parts);
        m_group = m_source->group();
        if (!recovery)
            continue;
        if (const Result<void> restored = restoreAll(); !restored)
            recovery = restored.error();
        if (!recovery && !ranksAreBroken())
            break; // it was no rank's fault: no memory, say
    }
    m_stages = planOf(infoOfParts().parts).stages;
    if (recovery) { // as one, however often it was tried
        recovery->reason = before.reason;
        recovery->failedNs = before.failedNs;
        recovery->ranksBefore = before.ranksBefore;
        recovery->recoveredNs = nowNs();
    }
    return recovery;
}

Result<void> RankExecutor::launch(const ForwardBatch& batch)
{
    VT_CHECK(m_batch == nullptr && batch.hidden.empty() && batch.massRows.empty());
    m_launchedNs = nowNs();
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        Result<void> launched = m_parts[i]->launch(batch);
        if (launched)
            continue;
        if (i > 0)
            m_group->abort("rank " + std::to_string(i) +
                           " takes no steps: " + launched.error().message); // the others must not wait for it
        while (i > 0)
            static_cast<void>(m_parts[--i]->await());
        return launched;
    }
    m_batch = &batch;
    return {};
}

Result<std::span<const float>> RankExecutor::await()
{
    VT_CHECK(m_batch != nullptr);
    m_batch = nullptr;
    m_shares = {};
    Result<std::span<const float>> result = m_parts.front()->await();
    for (std::size_t i = 1; i < m_parts.size(); ++i)
        if (const Result<std::span<const float>> other = m_parts[i]->await(); !other && result)
            result = other.error();
    if (result)
        takeShares(nowNs());
    return result;
}

/// Nothing where one of them does not tell, or computes alone.
void RankExecutor::takeShares(std::int64_t awaitedNs)
{
    if (m_parts.size() == 1)
        return;
    for (const std::unique_ptr<Executor>& rank : m_parts) {
        RankParts told = rank->rankParts();
        if (told.processes.empty()) // it began when it was launched
            told.processes = {partSince(m_launchedNs, rank->rankTimes())};
        for (const RankPart& own : told.processes)
            m_shares.processes.push_back(boundedPart(own, m_launchedNs, awaitedNs));
    }
    if (m_shares.processes.size() == m_parts.size())
        m_shares.stages = m_stages;
    else
        m_shares.processes.clear();
}

std::string titleOf(const StagePlan& plan)
{
    const std::string ranks = std::to_string(plan.ranks) + " ranks";
    if (plan.stages == 1)
        return ranks;
    return std::to_string(plan.stages) + " stages" + (plan.ranks > 1 ? " of " + ranks : "");
}

ExecutorInfo RankExecutor::info() const
{
    ExecutorInfo info = infoOfParts();
    const StagePlan plan = planOf(info.parts);
    info.device = titleOf(plan) + ", " + info.parts.front().device;
    info.layers = {0, info.parts.back().layers.end()};
    for (std::uint32_t rank = 0; rank < info.parts.size(); ++rank) {
        ExecutorInfo& part = info.parts[rank];
        info.threads += part.threads;
        part.device = plan.nameOf(rank) + ", " + part.device;
    }
    return info;
}

} // namespace

std::uint32_t threadsOfRank(std::uint32_t threads, std::uint32_t ranks)
{
    const std::uint32_t all =
        threads != 0 ? threads : kernels::cpu::CpuTopology::ofThisProcess().bestThreads();
    return std::max<std::uint32_t>(1, all / ranks);
}

std::unique_ptr<Executor> makeRankExecutor(std::vector<std::unique_ptr<Executor>> ranks,
                                           std::shared_ptr<Communicator> group,
                                           std::unique_ptr<RankSource> source)
{
    return std::make_unique<RankExecutor>(std::move(ranks), std::move(group), std::move(source));
}

} // namespace vitrine::engine
