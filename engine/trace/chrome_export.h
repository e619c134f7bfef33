// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as Chrome's trace events (JSON), which chrome://tracing, Perfetto and Speedscope open.
// Format: "Trace Event Format" (Google). Process 1 is the engine: its thread, the executor, counters. Process
// 2 has a lane for each request; arrows lead from a request's phase to the step that computed it. Any thread.
#pragma once

#include <iosfwd>

#include "engine/trace/timeline.h"

namespace vitrine::engine {

/// Times count from the first moment of the recording. Whoever owns the stream looks whether it took all.
void writeChromeTrace(const Timeline& timeline, std::ostream& out, const TraceRange& range = {});

} // namespace vitrine::engine
