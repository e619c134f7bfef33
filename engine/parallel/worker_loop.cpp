// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parallel/worker_loop.h"

#include <limits>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/parallel/frame_channel.h"
#include "engine/parallel/worker_frames.h"

namespace vitrine::engine {

namespace {

constexpr std::int64_t kAnswerMilliseconds = 10'000;

/// Between two commands a rank waits as long as nobody writes.
Deadline whenever()
{
    return {std::numeric_limits<std::int64_t>::max()};
}

Result<void> carryOut(Executor& executor, const WorkerCommand& command)
{
    switch (command.call) {
    case WorkerCall::ReserveKv:
        return executor.reserveKv({command.number, command.blockSize});
    case WorkerCall::ReserveHost:
        return executor.reserveHost(command.number);
    case WorkerCall::ResizeKv:
        return executor.resizeKv(command.number);
    case WorkerCall::SetThreads:
        return executor.setThreads(command.number);
    case WorkerCall::Rejoin:
        executor.rejoin();
        return {};
    case WorkerCall::SetDeterministic:
        executor.setDeterministic(command.number != 0);
        return {};
    case WorkerCall::Transfer:
        return executor.transfer(command.transfers);
    case WorkerCall::Step: {
        const Result<std::span<const float>> computed = executor.forward(command.batch);
        return computed ? Result<void>() : computed.error();
    }
    case WorkerCall::Describe:
    case WorkerCall::Stop:
        break;
    }
    return {};
}

Result<void> answer(Communicator& control, const WorkerAnswer& answer)
{
    std::vector<std::byte> frame;
    writeAnswer(answer, frame);
    return sendFrame(control, frame, 0, Deadline::inMilliseconds(kAnswerMilliseconds));
}

WorkerAnswer stateOf(const Executor& executor, Result<void> result)
{
    const ExecutorInfo info = executor.info();
    return {std::move(result), executor.kvBytesPerToken(), info.weightBytes, info.kvBytes,
            info.hostBytes,    info.workspaceBytes,        info.threads,     info.device,
            info.layers};
}

} // namespace

Result<void> serveRank(Executor& executor, Communicator& control)
{
    std::vector<std::byte> frame;
    RankPart part; // of the last step
    while (true) {
        if (Result<void> received = receiveFrame(control, frame, 0, whenever()); !received)
            return received;
        const Result<WorkerCommand> command = readCommand(frame);
        if (!command)
            return command.error();
        if (command->call == WorkerCall::Stop)
            return {};
        const std::int64_t begin = nowNs();
        WorkerAnswer state = stateOf(executor, carryOut(executor, *command));
        if (command->call == WorkerCall::Step)
            part = partSince(begin, executor.rankTimes());
        state.part = part;
        if (Result<void> told = answer(control, state); !told)
            return told;
    }
}

void answerFailure(Communicator& control, const Error& error)
{
    std::vector<std::byte> frame;
    if (!receiveFrame(control, frame, 0, whenever()))
        return;
    WorkerAnswer refused;
    refused.result = error;
    if (answer(control, refused)) // this process stays until that has been read
        static_cast<void>(receiveFrame(control, frame, 0, Deadline::inMilliseconds(kAnswerMilliseconds)));
}

} // namespace vitrine::engine
