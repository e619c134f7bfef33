// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/worker_executor.h"

#include <utility>
#include <vector>

#include "engine/base/check.h"
#include "engine/parallel/frame_channel.h"
#include "engine/parallel/worker_frames.h"

namespace vitrine::engine {

namespace {

constexpr std::int64_t kCommandMilliseconds = 60'000;
constexpr std::int64_t kLoadMilliseconds = 3'600'000; // of a large model from a slow disk

constexpr std::uint32_t kWorker = 1; // in the group that it has with this process

class WorkerExecutor final : public Executor
{
public:
    WorkerExecutor(std::shared_ptr<Communicator> control, std::int64_t answerMs)
        : m_control(std::move(control)), m_answerMs(answerMs)
    {}
    ~WorkerExecutor() override { static_cast<void>(tell({.call = WorkerCall::Stop})); }

    Result<void> describe() { return ask({.call = WorkerCall::Describe}, kLoadMilliseconds); }

    std::uint64_t kvBytesPerToken() const override { return m_state.kvBytesPerToken; }
    Result<void> reserveKv(const KvPlan& plan) override
    {
        return ask({.call = WorkerCall::ReserveKv, .number = plan.blocks, .blockSize = plan.blockSize});
    }
    Result<void> reserveHost(std::uint32_t blocks) override
    {
        return ask({.call = WorkerCall::ReserveHost, .number = blocks});
    }
    Result<void> resizeKv(std::uint32_t blocks) override
    {
        return ask({.call = WorkerCall::ResizeKv, .number = blocks});
    }
    Result<void> setThreads(std::uint32_t threads) override
    {
        return ask({.call = WorkerCall::SetThreads, .number = threads});
    }
    void rejoin() override { static_cast<void>(ask({.call = WorkerCall::Rejoin})); }
    bool isBroken() const override { return m_broken; }
    void setDeterministic(bool on) override
    {
        static_cast<void>(ask({.call = WorkerCall::SetDeterministic, .number = on ? 1U : 0U}));
    }
    Result<void> transfer(std::span<const KvTransfer> transfers) override
    {
        if (transfers.empty())
            return {};
        return ask({.call = WorkerCall::Transfer, .transfers = {transfers.begin(), transfers.end()}});
    }

    Result<void> launch(const ForwardBatch& batch) override
    {
        return tell({.call = WorkerCall::Step}, &batch);
    }
    Result<std::span<const float>> await() override
    {
        if (Result<void> done = hear(m_answerMs); !done)
            return done.error();
        return std::span<const float>();
    }
    std::span<const TokenId> bestTokens() const override { return {}; }
    bool overlaps() const override { return true; }
    bool measuresAttention() const override { return false; }
    std::span<const float> attentionMass(std::size_t /*index*/) const override { return {}; }
    std::vector<RankTimes> rankTimes() const override { return {m_state.part.times}; }
    RankParts rankParts() const override { return {1, {m_state.part}}; }
    void timeOperations(bool /*on*/) override {}
    OperationTimes operationTimes() const override { return {}; }
    ExecutorInfo info() const override
    {
        ExecutorInfo info;
        info.device = m_state.device;
        info.threads = m_state.threads;
        info.layers = m_state.layers;
        info.weightBytes = m_state.weightBytes;
        info.kvBytes = m_state.kvBytes;
        info.hostBytes = m_state.hostBytes;
        info.workspaceBytes = m_state.workspaceBytes;
        return info;
    }

private:
    Result<void> tell(const WorkerCommand& command, const ForwardBatch* batch = nullptr)
    {
        m_frame.clear();
        writeCommand(command, m_frame, batch);
        Result<void> sent =
            sendFrame(*m_control, m_frame, kWorker, Deadline::inMilliseconds(kCommandMilliseconds));
        m_broken = m_broken || !sent;
        return sent;
    }
    Result<void> hear(std::int64_t milliseconds)
    {
        if (Result<void> heard =
                receiveFrame(*m_control, m_frame, kWorker, Deadline::inMilliseconds(milliseconds));
            !heard) {
            m_broken = true;
            return heard;
        }
        Result<WorkerAnswer> answer = readAnswer(m_frame);
        if (!answer) {
            m_broken = true;
            return answer.error();
        }
        m_state = std::move(*answer);
        return m_state.result;
    }
    Result<void> ask(const WorkerCommand& command, std::int64_t milliseconds = kCommandMilliseconds)
    {
        Result<void> told = tell(command);
        return told ? hear(milliseconds) : told;
    }

    std::shared_ptr<Communicator> m_control;
    std::int64_t m_answerMs; ///< of a step
    bool m_broken = false;   ///< it did not answer, or nonsense: nobody knows any more what it has
    WorkerAnswer m_state;
    std::vector<std::byte> m_frame;
};

} // namespace

Result<std::unique_ptr<Executor>> makeWorkerExecutor(std::shared_ptr<Communicator> control,
                                                     std::int64_t answerMs)
{
    auto executor = std::make_unique<WorkerExecutor>(std::move(control), answerMs);
    if (Result<void> described = executor->describe(); !described)
        return described.error();
    return std::unique_ptr<Executor>(std::move(executor));
}

} // namespace vitrine::engine
