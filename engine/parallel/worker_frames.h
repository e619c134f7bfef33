// SPDX-License-Identifier: GPL-3.0-or-later
// The frames between rank 0 and a worker process: a command for each call of Executor that changes something,
// and one answer to each command. Reading refuses what is not whole, to the byte. Plain values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/execution/forward_batch.h"
#include "engine/execution/kv_transfer.h"
#include "engine/execution/layer_range.h"
#include "engine/telemetry/rank_record.h"

namespace vitrine::engine {

enum class WorkerCall : std::uint32_t {
    Describe, ///< once, when the model is loaded
    ReserveKv,
    ReserveHost,
    ResizeKv,
    SetThreads,
    SetDeterministic,
    Rejoin, ///< the group of the steps was renewed
    Transfer,
    Step, ///< answered when it has been computed
    Stop  ///< not answered
};

struct WorkerCommand
{
    WorkerCall call = WorkerCall::Stop;
    std::uint32_t number = 0;    ///< blocks, slots, threads, on
    std::uint32_t blockSize = 0; ///< of ReserveKv
    std::vector<KvTransfer> transfers = {};
    ForwardBatch batch = {};
};

/// What a worker has, after its last command.
struct WorkerAnswer
{
    Result<void> result;
    std::uint64_t kvBytesPerToken = 0, weightBytes = 0, kvBytes = 0, hostBytes = 0, workspaceBytes = 0;
    std::uint32_t threads = 0;
    std::string device;
    LayerRange layers = {}; ///< that it computes
    RankPart part = {};     ///< what it had of the last step, by its own clock
};

/// `batch` in place of command.batch, so that none has to be copied; null: that one.
void writeCommand(const WorkerCommand& command, std::vector<std::byte>& frame,
                  const ForwardBatch* batch = nullptr);
/// BadInput: the frame is damaged.
Result<WorkerCommand> readCommand(std::span<const std::byte> frame);
void writeAnswer(const WorkerAnswer& answer, std::vector<std::byte>& frame);
Result<WorkerAnswer> readAnswer(std::span<const std::byte> frame);

} // namespace vitrine::engine
