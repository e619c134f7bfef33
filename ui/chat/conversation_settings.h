// SPDX-License-Identifier: GPL-3.0-or-later
// What a person chose for one conversation. Values; any thread.
#pragma once

#include <QString>

#include "ui/chat/sampling_preset.h"

namespace vitrine::ui {

/// What happens when a conversation no longer fits the model's context. None of them happens silently.
enum class WhenFull {
    Stop,               ///< the reply ends, or is refused, and says why
    KeepStartAndLatest, ///< the beginning and the latest stay; a reply goes on past the context
    LeaveOutOldest,     ///< whole questions with their replies, from the beginning on
};

struct ConversationSettings
{
    QString systemPrompt;
    SamplingSettings sampling = samplingOf(SamplingPreset::Balanced);
    WhenFull whenFull = WhenFull::Stop;

    bool operator==(const ConversationSettings&) const = default;
};

QString settingsToJson(const ConversationSettings& settings);
/// What is missing or not understood keeps its default.
ConversationSettings settingsFromJson(const QString& json);

} // namespace vitrine::ui
