// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as the SQLite tables that `nsys export` writes, so that `nsys stats` reports on it and scripts
// that read those tables work. Phases of steps are push/pop ranges of the engine's threads, requests and
// their phases start/end ranges, preemptions marks, all of the NVTX domain "vitrine". Counters, which those
// tables have no place for, are in VITRINE_COUNTERS. Any thread.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/trace/timeline.h"

namespace vitrine::engine {

/// Error: this program was built without SQLite.
Result<void> nsysAvailable();

/// Replaces the file; whole or not at all. Nanoseconds from the first moment of the recording.
Result<void> writeNsysDatabase(const Timeline& timeline, const std::string& path,
                               const TraceRange& range = {});

} // namespace vitrine::engine
