// SPDX-License-Identifier: GPL-3.0-or-later
// How a load reports where it is and asks whether to go on.
#pragma once

#include <functional>

namespace vitrine::engine {

enum class LoadStage { OpeningFile, ReadingTokenizer, PackingWeights, ReservingKv };

/// Called on the loading thread, at least every 100 ms of work; `fraction` in 0…1 of the whole load.
/// Returning false stops the load, which then ends with ErrorCode::Cancelled. May be empty.
using LoadProgress = std::function<bool(LoadStage stage, double fraction)>;

} // namespace vitrine::engine
