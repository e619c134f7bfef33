// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as Perfetto's own trace (protobuf), which ui.perfetto.dev and its trace processor open. A
// process track, threads of the engine and the executor, counters, a child track for each request; flows lead
// from a request's phase to the step that computed it. Any thread.
#pragma once

#include <iosfwd>

#include "engine/trace/timeline.h"

namespace vitrine::engine {

/// Nanoseconds from the first moment of the recording. Whoever owns the stream looks whether it took all.
void writePerfettoTrace(const Timeline& timeline, std::ostream& out, const TraceRange& range = {});

} // namespace vitrine::engine
