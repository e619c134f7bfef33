// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of what was told to NVTX. What they cost grows with the lanes and columns of the screen.
#pragma once

#include "engine/analysis/nvtx_lanes.h"
#include "ui/recording/pictures.h"

namespace vitrine::ui {

/// `recorded`: the whole time there is; lanes with nothing in it are none.
NvtxPicture nvtxOf(const engine::NvtxLanes& nvtx, const TimeRange& recorded, const TimelineQuery& query);

} // namespace vitrine::ui
