// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a recording (format: trace_chunk.h), whole or as far as it is whole. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/base/result.h"
#include "engine/trace/trace.h"

namespace vitrine::engine {

struct TraceLimits
{
    std::uint64_t mostBytes = std::uint64_t{4} << 30U; ///< of memory that steps, labels and words take
};

/// An error: not a recording, of a version to come, or its first chunk is damaged. What is damaged further on
/// ends the reading there: Trace::damage says where, and what stands before is in the trace.
/// What a recording says of itself, without its steps.
Result<TraceOrigin> readTraceOrigin(const std::string& path);
Result<Trace> readTrace(const std::string& path, const TraceLimits& limits = {});
Result<Trace> readTrace(std::span<const std::uint8_t> bytes, const std::string& name,
                        const TraceLimits& limits = {});

} // namespace vitrine::engine
