// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as a file of any format there is; the suffix of its name says which. Any thread.
#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/trace/timeline.h"
#include "engine/trace/trace_report.h"

namespace vitrine::engine {

enum class TraceFormat : std::uint8_t {
    Recording, ///< .vtrace, what is whole of it, written anew
    Chrome,    ///< .json
    Perfetto,  ///< .pftrace
    Nsys,      ///< .sqlite
    Csv,       ///< .csv, and requests in .requests.csv
    Metrics,   ///< .prom, of the steps that the part touches
    Html,      ///< .html, a report to be read
    Pdf        ///< .pdf, likewise
};

std::optional<TraceFormat> traceFormatOf(const std::string& path);

/// Error: this build does not write it.
Result<void> canExport(TraceFormat format);

/// Replaces the file, whole or not at all. InvalidArgument: the suffix names no format, or a part of a
/// recording was asked for as a .vtrace, whose blocks cannot be understood without what came before.
/// OutOfResources: why it cannot be written. A baseline is for reports alone.
Result<void> exportTrace(const Timeline& timeline, const std::string& path, const TraceRange& range = {},
                         const ReportBaseline& baseline = {});

} // namespace vitrine::engine
