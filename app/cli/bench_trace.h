// SPDX-License-Identifier: GPL-3.0-or-later
// bench --trace: the whole engine, or several replicas of it, on a load.
#pragma once

#include <cstdint>
#include <string>

#include "app/cli/command.h"
#include "engine/workload/workload.h"

namespace vitrine::cli {

struct BenchTrace
{
    std::string source;             ///< a file, or "nano"
    std::uint64_t nanoRequests = 0; ///< of the nano kind; 0: as usual
    std::uint32_t repeat = 3;
    std::uint32_t replicas = 1;
};

engine::Result<engine::Workload> traceItems(const BenchTrace& trace);

/// Everything is submitted at once, each round with an empty prefix cache. One entry more in `results`.
engine::Result<void> runTrace(const engine::EngineOptions& options, const std::string& path,
                              const BenchTrace& trace, const engine::Workload& items, Json& results);

} // namespace vitrine::cli
