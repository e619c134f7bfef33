// SPDX-License-Identifier: GPL-3.0-or-later
// What holds this recording back, and what would help? Rules on evidence (rules/), the worst first, each with
// a setting to change where there is one and a prediction by replaying the requests with it.
//
// Works on a whole recording, a part of one, and what a session has recorded so far. Takes some milliseconds
// for a thousand steps, and with replays up to a second: not for the thread of a window. Any thread.
#pragma once

#include <span>
#include <vector>

#include "engine/analysis/analysis_facts.h"
#include "engine/analysis/diagnosis.h"
#include "engine/telemetry/recorder.h"

namespace vitrine::engine {

struct AdvisorOptions
{
    bool replay = true;   ///< predict gains
    std::size_t most = 8; ///< diagnoses
};

/// The most severe first. Empty: nothing is wrong, or there is too little to judge by.
std::vector<Diagnosis> advise(std::span<const RecordedStep> steps, const RecordingStart& pool,
                              const AnalysisFacts& facts = {}, const AdvisorOptions& options = {});

} // namespace vitrine::engine
