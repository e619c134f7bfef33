// SPDX-License-Identifier: GPL-3.0-or-later
// The whole report of a recording as a file: figures, what the analyses found, charts, tables. Any thread;
// takes seconds for a long recording.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/trace/trace.h"
#include "engine/trace/trace_range.h"

namespace vitrine::engine {

/// Another recording that a report compares with: it is A, what the report is about is B.
struct ReportBaseline
{
    const Trace* trace = nullptr;
    std::string name, ownName; ///< what A and B are called
};

/// HTML or PDF, by the suffix; of the steps that lie in the range at least in part. A baseline is compared
/// with as a whole.
Result<void> writeTraceReport(const Trace& trace, const std::string& path, const TraceRange& range = {},
                              const ReportBaseline& baseline = {});

} // namespace vitrine::engine
