// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cuda/executor_thread.h"

namespace vitrine::engine {

namespace {

/// In the place of one that is not there yet, or could not be loaded again.
class NoExecutor final : public Executor
{
public:
    std::uint64_t kvBytesPerToken() const override { return 1; }
    Result<void> reserveKv(const KvPlan& /*plan*/) override { return nothing(); }
    Result<void> reserveHost(std::uint32_t /*blocks*/) override { return nothing(); }
    Result<void> resizeKv(std::uint32_t /*blocks*/) override { return nothing(); }
    Result<void> transfer(std::span<const KvTransfer> /*transfers*/) override { return nothing(); }
    Result<void> launch(const ForwardBatch& /*batch*/) override { return nothing(); }
    Result<std::span<const float>> await() override { return nothing(); }
    std::span<const TokenId> bestTokens() const override { return {}; }
    bool overlaps() const override { return true; }
    std::span<const float> attentionMass(std::size_t /*index*/) const override { return {}; }
    void timeOperations(bool /*on*/) override {}
    OperationTimes operationTimes() const override { return {}; }
    ExecutorInfo info() const override { return {}; }

private:
    static Error nothing() { return internalError("the GPUs are gone; load the model again"); }
};

} // namespace

ExecutorThread::ExecutorThread() : m_executor(std::make_unique<NoExecutor>()), m_thread([this] { run(); }) {}

ExecutorThread::~ExecutorThread()
{
    post({});
    m_thread.join();
}

void ExecutorThread::run()
{
    for (;;) {
        std::unique_lock lock(m_mutex);
        m_work.wait(lock, [this] { return !m_jobs.empty(); });
        const std::function<void()> job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        if (!job)
            break;
        job();
    }
    m_executor.reset();
}

void ExecutorThread::post(std::function<void()> job) const
{
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_work.notify_one();
}

std::future<Result<void>> ExecutorThread::make(Maker maker)
{
    return begin([this, maker = std::move(maker)]() -> Result<void> {
        Result<std::unique_ptr<Executor>> made = maker();
        if (!made)
            return made.error();
        m_executor = std::move(*made);
        return {};
    });
}

std::future<bool> ExecutorThread::preparesAhead()
{
    return begin([this] { return m_executor->prepareAhead(); });
}

Result<StepLimits> ExecutorThread::reserveSteps(const StepLimits& limits)
{
    return ask([this, limits] { return m_executor->reserveSteps(limits); });
}

bool ExecutorThread::hasRoom(const StepLimits& limits) const
{
    return ask([this, limits] { return m_executor->hasRoom(limits); });
}

std::uint64_t ExecutorThread::freeKvBytes() const
{
    return ask([this] { return m_executor->freeKvBytes(); });
}

Result<void> ExecutorThread::reserveKv(const KvPlan& plan)
{
    return ask([this, plan] { return m_executor->reserveKv(plan); });
}

Result<void> ExecutorThread::reserveHost(std::uint32_t blocks)
{
    return ask([this, blocks] { return m_executor->reserveHost(blocks); });
}

Result<void> ExecutorThread::resizeKv(std::uint32_t blocks)
{
    return ask([this, blocks] { return m_executor->resizeKv(blocks); });
}

void ExecutorThread::setDeterministic(bool on)
{
    ask([this, on] { m_executor->setDeterministic(on); });
}

Result<void> ExecutorThread::transfer(std::span<const KvTransfer> transfers)
{
    if (transfers.empty())
        return {};
    return ask([this, transfers] { return m_executor->transfer(transfers); });
}

std::optional<double> ExecutorThread::moveSeconds() const
{
    return ask([this] { return m_executor->moveSeconds(); });
}

bool ExecutorThread::mayFollow(const ForwardBatch& batch) const
{
    return ask([this, &batch] { return m_executor->mayFollow(batch); });
}

Result<void> ExecutorThread::launch(const ForwardBatch& batch)
{
    post([this, &batch] { m_launched.push_back(m_executor->launch(batch)); });
    return {};
}

/// A step that was not launched is not awaited either.
std::future<Result<std::span<const float>>> ExecutorThread::awaits()
{
    return begin([this]() -> Result<std::span<const float>> {
        const Result<void> launched = std::move(m_launched.front());
        m_launched.pop_front();
        if (!launched)
            return launched.error();
        return m_executor->await();
    });
}

ExecutorInfo ExecutorThread::info() const
{
    return ask([this] { return m_executor->info(); });
}

} // namespace vitrine::engine
