// SPDX-License-Identifier: GPL-3.0-or-later
// How freely replies are worded, in three steps a person can choose from.
#pragma once

#include <array>

#include <QString>

#include "engine/sampling/sampling_params.h"

namespace vitrine::ui {

enum class SamplingPreset { Precise, Balanced, Creative };

inline constexpr std::array kSamplingPresets{SamplingPreset::Precise, SamplingPreset::Balanced,
                                             SamplingPreset::Creative};

/// Without a seed.
engine::SamplingParams samplingParams(SamplingPreset preset);
QString presetName(SamplingPreset preset);  ///< "Balanced"
QString presetLabel(SamplingPreset preset); ///< "Balanced, T 0.7"
QString presetHint(SamplingPreset preset);  ///< what it is good for, in plain words

} // namespace vitrine::ui
