// SPDX-License-Identifier: GPL-3.0-or-later
// A real executor whose steps a test hears of, and may let fail, before they begin.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "engine/execution/executor.h"

namespace vitrine::engine::test {

class WatchedPart final : public Executor
{
public:
    using Before = std::function<Result<void>(const ForwardBatch& batch)>;

    WatchedPart(std::unique_ptr<Executor> real, Before before)
        : m_real(std::move(real)), m_before(std::move(before))
    {}
    std::uint64_t kvBytesPerToken() const override { return m_real->kvBytesPerToken(); }
    Result<void> reserveKv(const KvPlan& plan) override { return m_real->reserveKv(plan); }
    Result<void> reserveHost(std::uint32_t blocks) override { return m_real->reserveHost(blocks); }
    Result<void> resizeKv(std::uint32_t blocks) override { return m_real->resizeKv(blocks); }
    Result<void> transfer(std::span<const KvTransfer> transfers) override
    {
        return m_real->transfer(transfers);
    }
    Result<void> launch(const ForwardBatch& batch) override
    {
        const Result<void> goes = m_before(batch);
        return goes ? m_real->launch(batch) : goes;
    }
    Result<std::span<const float>> await() override { return m_real->await(); }
    std::span<const float> hiddenRows() const override { return m_real->hiddenRows(); }
    bool overlaps() const override { return m_real->overlaps(); }
    std::uint32_t ranks() const override { return m_real->ranks(); }
    std::span<const TokenId> bestTokens() const override { return m_real->bestTokens(); }
    std::span<const float> attentionMass(std::size_t index) const override
    {
        return m_real->attentionMass(index);
    }
    void timeOperations(bool on) override { m_real->timeOperations(on); }
    OperationTimes operationTimes() const override { return m_real->operationTimes(); }
    ExecutorInfo info() const override { return m_real->info(); }

private:
    std::unique_ptr<Executor> m_real;
    Before m_before;
};

} // namespace vitrine::engine::test
