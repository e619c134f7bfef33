// SPDX-License-Identifier: GPL-3.0-or-later
// A real executor that refuses memory, threads and steps while it is told to.
#pragma once

#include <memory>

#include "engine/execution/executor.h"

namespace vitrine::engine::test {

class RefusingPart final : public Executor
{
public:
    RefusingPart(std::unique_ptr<Executor> real, bool& refuses) : m_real(std::move(real)), m_refuses(refuses)
    {}
    std::uint64_t kvBytesPerToken() const override { return m_real->kvBytesPerToken(); }
    Result<void> reserveKv(const KvPlan& plan) override { return m_real->reserveKv(plan); }
    Result<void> reserveHost(std::uint32_t blocks) override
    {
        return m_refuses ? outOfResources("no host memory") : m_real->reserveHost(blocks);
    }
    Result<void> resizeKv(std::uint32_t blocks) override
    {
        return m_refuses ? outOfResources("no memory") : m_real->resizeKv(blocks);
    }
    Result<void> setThreads(std::uint32_t threads) override
    {
        return m_refuses ? invalidArgument("no threads") : m_real->setThreads(threads);
    }
    Result<void> transfer(std::span<const KvTransfer> transfers) override
    {
        return m_real->transfer(transfers);
    }
    Result<void> launch(const ForwardBatch& batch) override
    {
        return m_refuses ? internalError("a planted failure") : m_real->launch(batch);
    }
    Result<std::span<const float>> await() override { return m_real->await(); }
    bool overlaps() const override { return m_real->overlaps(); }
    std::uint32_t ranks() const override { return m_real->ranks(); }
    std::span<const TokenId> bestTokens() const override { return m_real->bestTokens(); }
    bool measuresAttention() const override { return false; }
    std::span<const float> attentionMass(std::size_t) const override { return {}; }
    void timeOperations(bool on) override { m_real->timeOperations(on); }
    OperationTimes operationTimes() const override { return m_real->operationTimes(); }
    ExecutorInfo info() const override { return m_real->info(); }

private:
    std::unique_ptr<Executor> m_real;
    bool& m_refuses;
};

} // namespace vitrine::engine::test
