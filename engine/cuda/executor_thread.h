// SPDX-License-Identifier: GPL-3.0-or-later
// An executor that lives on a thread of its own, as each of several GPUs has to: calls are made there, in
// order. A step's launch() returns at once, and what came of it is told by await(); every other call returns
// when it is done. One owner; engine thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>

#include "engine/base/ordered_mutex.h"
#include "engine/execution/executor.h"

namespace vitrine::engine {

class ExecutorThread final : public Executor
{
public:
    using Maker = std::function<Result<std::unique_ptr<Executor>>()>;

    ExecutorThread();
    /// The executor ends on its thread, as it began there.
    ~ExecutorThread() override;

    /// Calls `maker` on the thread. Until the future has a result that is no error there is no executor, and
    /// every step is refused.
    std::future<Result<void>> make(Maker maker);
    // prepareAhead() and await(), beside what their owner does: for calls that wait for other threads.
    std::future<bool> preparesAhead();
    std::future<Result<std::span<const float>>> awaits();

    std::uint64_t kvBytesPerToken() const override { return m_executor->kvBytesPerToken(); }
    Result<StepLimits> reserveSteps(const StepLimits& limits) override;
    bool hasRoom(const StepLimits& limits) const override;
    std::uint64_t freeKvBytes() const override;
    Result<void> reserveKv(const KvPlan& plan) override;
    Result<void> reserveHost(std::uint32_t blocks) override;
    Result<void> resizeKv(std::uint32_t blocks) override;
    void setDeterministic(bool on) override;
    Result<void> transfer(std::span<const KvTransfer> transfers) override;
    std::optional<double> moveSeconds() const override;
    bool prepareAhead() override { return preparesAhead().get(); }
    bool mayFollow(const ForwardBatch& batch) const override;
    bool takesFollowers() const override { return m_executor->takesFollowers(); }
    Result<void> launch(const ForwardBatch& batch) override;
    Result<std::span<const float>> await() override { return awaits().get(); }
    ExecutorInfo info() const override;

    // Of the last awaited step, which no later one touches.
    std::span<const TokenId> bestTokens() const override { return m_executor->bestTokens(); }
    std::span<const TokenId> chosenTokens() const override { return m_executor->chosenTokens(); }
    SampledToken report(std::size_t row) const override { return m_executor->report(row); }
    bool canChoose(const SamplingParams& params) const override { return m_executor->canChoose(params); }
    std::size_t mostAdjustments() const override { return m_executor->mostAdjustments(); }
    bool overlaps() const override { return true; }
    bool measuresAttention() const override { return false; }
    std::span<const float> attentionMass(std::size_t /*index*/) const override { return {}; }
    void timeOperations(bool /*on*/) override {}
    OperationTimes operationTimes() const override { return {}; }

private:
    void run();
    void post(std::function<void()> job) const;
    template<class Call>
    std::future<std::invoke_result_t<Call>> begin(Call call) const
    {
        auto task = std::make_shared<std::packaged_task<std::invoke_result_t<Call>()>>(std::move(call));
        auto future = task->get_future();
        post([task] { (*task)(); });
        return future;
    }
    /// call() on the thread, and what it gives.
    template<class Call>
    auto ask(Call call) const
    {
        return begin(std::move(call)).get();
    }

    std::unique_ptr<Executor> m_executor; ///< the thread's; constants of it may be asked for by others
    std::deque<Result<void>> m_launched;  ///< the thread's: what came of launches not yet awaited
    mutable OrderedMutex m_mutex{LockOrder::Gpu};
    mutable std::condition_variable_any m_work;
    mutable std::deque<std::function<void()>> m_jobs; ///< an empty one: the end. Guarded by m_mutex
    std::thread m_thread;
};

} // namespace vitrine::engine
