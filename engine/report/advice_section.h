// SPDX-License-Identifier: GPL-3.0-or-later
// What the advisor found, as a part of a report. Any thread.
#pragma once

#include <span>

#include "engine/analysis/diagnosis.h"
#include "engine/report/report_document.h"

namespace vitrine::engine {

/// REQUIRES: at least one diagnosis.
ReportSection adviceSection(std::span<const Diagnosis> diagnoses);

} // namespace vitrine::engine
