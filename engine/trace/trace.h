// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as a file holds it: what the engine did step by step, with enough beside it to be understood
// without the model and without the window that made it. Values; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/nvtx_capture/nvtx_event.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

/// Where a recording comes from.
struct TraceOrigin
{
    RecordingStart pool;
    std::string model;         ///< as a person calls it
    std::string device;        ///< "CPU AMX, 2 threads"
    std::string program;       ///< and version
    std::int64_t unixNs = 0;   ///< the moment `steadyNs` by the calendar, UTC
    std::int64_t steadyNs = 0; ///< by nowNs(), which all times of the recording are of
};

/// What a request is called by people.
struct TraceLabel
{
    std::string title;              ///< of its conversation, or the client's name
    std::uint64_t conversation = 0; ///< 0: none
    std::uint64_t message = 0;
};

struct Trace
{
    TraceOrigin origin;
    std::vector<RecordedStep> steps;
    std::map<RequestId, TraceLabel> labels;
    std::map<TokenId, std::string>
        vocabulary;            ///< of the tokens that occur; bytes, not always whole characters
    NvtxEvents nvtx;           ///< what was told to NVTX meanwhile, where that was captured
    std::uint64_t dropped = 0; ///< steps that were lost to a bound while recording
    bool complete = false;     ///< the recording was ended; else its writer died
    std::string damage;        ///< empty, or where and why reading stopped before the end
};

} // namespace vitrine::engine
