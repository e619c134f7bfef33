// SPDX-License-Identifier: GPL-3.0-or-later
// Sampling settings with a name: those that come with the program, and those a person keeps. Values.
#pragma once

#include <array>
#include <optional>

#include <QList>
#include <QMetaType>
#include <QString>

#include "ui/chat/sampling_settings.h"

namespace vitrine::ui {

enum class SamplingPreset { Precise, Balanced, Creative, Deterministic };

inline constexpr std::array kSamplingPresets{SamplingPreset::Precise, SamplingPreset::Balanced,
                                             SamplingPreset::Creative, SamplingPreset::Deterministic};

SamplingSettings samplingOf(SamplingPreset preset);
QString presetName(SamplingPreset preset);    ///< "Balanced"
QString presetHint(SamplingPreset preset);    ///< what it is good for, in plain words
const char* presetKey(SamplingPreset preset); ///< in files

/// One of a person's own.
struct Preset
{
    QString name;
    SamplingSettings sampling;
    std::optional<QString> systemPrompt; ///< none: it leaves the conversation's alone

    bool operator==(const Preset&) const = default;
};

/// The built-in one that has exactly these settings.
std::optional<SamplingPreset> builtInOf(const SamplingSettings& settings);
/// The first of `own` that has exactly these; a built-in one goes before it. Empty: none.
QString nameOf(const SamplingSettings& settings, const QString& systemPrompt, const QList<Preset>& own);
/// "Balanced, T 0.7"; "Custom, T 0.8" for an empty name.
QString presetLabel(const QString& name, const SamplingSettings& settings);

} // namespace vitrine::ui

Q_DECLARE_METATYPE(vitrine::ui::Preset)
