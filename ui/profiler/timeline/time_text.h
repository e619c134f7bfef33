// SPDX-License-Identifier: GPL-3.0-or-later
// How the Profiler writes times, and where the ruler has its marks. Pure; any thread.
#pragma once

#include <QString>

#include "engine/analysis/time_range.h"

namespace vitrine::ui {

/// "0.3 ms", "47.3 ms", "565 ms", "96.4 s", "2 min 5 s": about three figures.
QString durationText(double ns);
/// A place in the recording, `ns` after its start, as exact as `step` (a distance that has to be told apart)
/// asks for: "42.75 s".
QString placeText(qint64 ns, double step);
/// The same without the unit.
QString placeNumber(qint64 ns, double step);
/// 1, 2 or 5 times a power of ten, in ns: marks that far apart are at least `pixels` pixels from each other.
double markStep(double nsPerPixel, double pixels);
/// "1,024" in the language in force.
QString countText(quint64 count);

} // namespace vitrine::ui
