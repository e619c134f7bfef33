// SPDX-License-Identifier: GPL-3.0-or-later
// What would have become of the recorded requests with another setting? They go through the real scheduler
// and cache again, on a reckoned clock whose steps cost what they cost in the recording; once with the
// settings of the recording and once with the other one. What changes between the two is the prediction.
// Any thread; bounded in requests and steps.
#pragma once

#include <vector>

#include "engine/analysis/diagnosis.h"
#include "engine/analysis/recording_view.h"

namespace vitrine::engine {

/// Of the figures that people feel, those that change by a twentieth or more. Empty where the requests or the
/// setting cannot be played again.
std::vector<Gain> predictByReplay(const RecordingView& view, const Suggestion& suggestion);

} // namespace vitrine::engine
