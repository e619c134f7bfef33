// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/conversation_settings.h"

#include <QJsonDocument>

namespace vitrine::ui {

namespace {

// In the order of WhenFull.
constexpr std::array kWhenFullKeys{"stop", "start_and_latest", "leave_out_oldest"};

} // namespace

QString settingsToJson(const ConversationSettings& settings)
{
    QJsonObject object{{"sampling", toJson(settings.sampling)}};
    if (!settings.systemPrompt.isEmpty())
        object["system"] = settings.systemPrompt;
    if (settings.whenFull != WhenFull::Stop)
        object["when_full"] = QLatin1String(kWhenFullKeys[std::size_t(settings.whenFull)]);
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

ConversationSettings settingsFromJson(const QString& json)
{
    ConversationSettings settings;
    const QJsonObject object = QJsonDocument::fromJson(json.toUtf8()).object();
    settings.systemPrompt = object["system"].toString();
    for (const SamplingPreset preset : kSamplingPresets) { // the form of earlier versions
        if (object["preset"].toString() == QLatin1String(presetKey(preset)))
            settings.sampling = samplingOf(preset);
    }
    settings.sampling = samplingFromJson(object["sampling"].toObject(), settings.sampling);
    for (std::size_t i = 0; i < kWhenFullKeys.size(); ++i) {
        if (object["when_full"].toString() == QLatin1String(kWhenFullKeys[i]))
            settings.whenFull = WhenFull(i);
    }
    return settings;
}

} // namespace vitrine::ui
