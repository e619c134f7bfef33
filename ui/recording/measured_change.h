// SPDX-License-Identifier: GPL-3.0-or-later
// What a change of a setting did, by the recording itself: the same figures over the steps before it and
// after it. Any thread.
#pragma once

#include <span>

#include "ui/recording/latency.h"

namespace vitrine::ui {

/// Points of both series of a MeasuredChange together.
inline constexpr qsizetype kMostPoints = 240;

MeasuredChange measureChange(std::span<const engine::RecordedStep> all, const MeasureQuery& query);
} // namespace vitrine::ui
