// SPDX-License-Identifier: GPL-3.0-or-later
// Two recordings beside each other, as a part of a report: what changed from A to B and how sure that is.
// Any thread.
#pragma once

#include <string>

#include "engine/analysis/compare.h"
#include "engine/report/report_document.h"

namespace vitrine::engine {

/// `nameA`, `nameB`: what the two are called, as they are; they are shortened.
ReportSection comparisonSection(const Comparison& comparison, const std::string& nameA,
                                const std::string& nameB);

} // namespace vitrine::engine
