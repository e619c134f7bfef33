// SPDX-License-Identifier: GPL-3.0-or-later
// What a person chose for one conversation. Values; any thread.
#pragma once

#include <QString>

#include "ui/chat/sampling_preset.h"

namespace vitrine::ui {

struct ConversationSettings
{
    QString systemPrompt;
    SamplingPreset preset = SamplingPreset::Balanced;

    bool operator==(const ConversationSettings&) const = default;
};

QString settingsToJson(const ConversationSettings& settings);
/// What is missing or not understood keeps its default.
ConversationSettings settingsFromJson(const QString& json);

} // namespace vitrine::ui
