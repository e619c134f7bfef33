// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/executor.h"

#include "engine/telemetry/machine.h"

namespace vitrine::engine {

Result<std::span<const float>> Executor::forward(const ForwardBatch& batch)
{
    if (const Result<void> launched = launch(batch); !launched)
        return launched.error();
    return await();
}

Result<RankRecovery> Executor::recover()
{
    return internalError("there is nothing that could be replaced");
}

std::uint64_t Executor::freeKvBytes() const
{
    return machineMemory().availableBytes;
}

} // namespace vitrine::engine
