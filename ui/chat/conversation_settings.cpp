// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation_settings.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace vitrine::ui {

namespace {

constexpr std::array kPresetKeys{"precise", "balanced", "creative"};

} // namespace

QString settingsToJson(const ConversationSettings& settings)
{
    QJsonObject object{{"preset", QLatin1String(kPresetKeys[std::size_t(settings.preset)])}};
    if (!settings.systemPrompt.isEmpty())
        object["system"] = settings.systemPrompt;
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

ConversationSettings settingsFromJson(const QString& json)
{
    ConversationSettings settings;
    const QJsonObject object = QJsonDocument::fromJson(json.toUtf8()).object();
    settings.systemPrompt = object["system"].toString();
    for (const SamplingPreset preset : kSamplingPresets) {
        if (object["preset"].toString() == QLatin1String(kPresetKeys[std::size_t(preset)]))
            settings.preset = preset;
    }
    return settings;
}

} // namespace vitrine::ui
