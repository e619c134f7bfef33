// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the time lanes. What they cost grows with the columns of the screen, not with the recording.
#pragma once

#include "ui/recording/request_names.h"

namespace vitrine::ui {

TimelinePicture timelineOf(const engine::Session& session, RequestNames& names, const TimelineQuery& query);
OverviewPicture overviewOf(const engine::Session& session, quint32 columns);

} // namespace vitrine::ui
