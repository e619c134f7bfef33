// SPDX-License-Identifier: GPL-3.0-or-later
// Adds the tabs that analyse a recording to the Profiler page, and leads from them to the timeline.
// Thread: UI.
#pragma once

#include "ui/theme/theme.h"

namespace vitrine::ui {

class ProfilerPage;

/// The page takes them over; the theme outlives it.
void addAnalysisTabs(ProfilerPage& page, const Theme& theme);

} // namespace vitrine::ui
