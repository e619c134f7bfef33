// SPDX-License-Identifier: GPL-3.0-or-later
// What executors that are put together from others have in common: all parts hold KV under the same numbers
// of blocks, and what changes one changes all, or none. One owner (the engine); every call from the engine
// thread.
#pragma once

#include <memory>
#include <vector>

#include "engine/execution/executor.h"

namespace vitrine::engine {

class ComposedExecutor : public Executor
{
public:
    std::uint64_t kvBytesPerToken() const override;
    Result<StepLimits> reserveSteps(const StepLimits& limits) override;
    bool hasRoom(const StepLimits& limits) const override;
    Result<void> reserveKv(const KvPlan& plan) override;
    Result<void> reserveHost(std::uint32_t blocks) override;
    Result<void> resizeKv(std::uint32_t blocks) override;
    Result<void> setThreads(std::uint32_t threads) override;
    void setDeterministic(bool on) override;
    Result<void> transfer(std::span<const KvTransfer> transfers) override;
    std::optional<double> moveSeconds() const override;
    void timeOperations(bool on) override;
    std::vector<RankTimes> rankTimes() const override;

    std::uint32_t ranks() const override { return fastest().ranks(); }
    void forEach(std::size_t count, const std::function<void(std::size_t, std::uint32_t)>& job) override
    {
        fastest().forEach(count, job);
    }

protected:
    using Parts = std::vector<std::unique_ptr<Executor>>;

    explicit ComposedExecutor(Parts parts);
    /// With sums of all parts; the device's name, layers and threads are left to others.
    ExecutorInfo infoOfParts() const;
    /// The part with most compute threads.
    Executor& fastest() const;
    /// Parts that were exchanged get the sizes and settings that all have; nothing lies in any KV any more.
    Result<void> restore();
    /// A part may be computing what a derived class holds: it goes first.
    void dropParts() { m_parts.clear(); }

    Parts m_parts;
    const ForwardBatch* m_batch = nullptr; ///< the launched one

private:
    std::optional<StepLimits> m_limits;
    KvPlan m_plan;
    std::uint32_t m_hostBlocks = 0;
    std::optional<bool> m_deterministic; ///< as it was set last
    std::vector<double> m_moveSeconds;   ///< of the last transfer(), by part
};

} // namespace vitrine::engine
