// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/sampling_preset.h"

#include <QCoreApplication>
#include <QLocale>

namespace vitrine::ui {

namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("SamplingPreset", text);
}

} // namespace

engine::SamplingParams samplingParams(SamplingPreset preset)
{
    engine::SamplingParams params;
    switch (preset) {
    case SamplingPreset::Precise:
        params.temperature = 0.3F;
        params.topP = 0.9F;
        break;
    case SamplingPreset::Balanced:
        params.temperature = 0.7F;
        params.topP = 0.95F;
        params.minP = 0.05F;
        break;
    case SamplingPreset::Creative:
        params.temperature = 1.0F;
        params.minP = 0.05F;
        break;
    }
    return params;
}

QString presetName(SamplingPreset preset)
{
    switch (preset) {
    case SamplingPreset::Precise:
        return translated(QT_TRANSLATE_NOOP("SamplingPreset", "Precise"));
    case SamplingPreset::Balanced:
        return translated(QT_TRANSLATE_NOOP("SamplingPreset", "Balanced"));
    case SamplingPreset::Creative:
        return translated(QT_TRANSLATE_NOOP("SamplingPreset", "Creative"));
    }
    return {};
}

QString presetLabel(SamplingPreset preset)
{
    const double temperature = double(samplingParams(preset).temperature);
    //: A preset and its temperature, e.g. "Balanced, T 0.7"
    return translated(QT_TRANSLATE_NOOP("SamplingPreset", "%1, T %2"))
        .arg(presetName(preset), QLocale().toString(temperature, 'f', 1));
}

QString presetHint(SamplingPreset preset)
{
    switch (preset) {
    case SamplingPreset::Precise:
        return translated(
            QT_TRANSLATE_NOOP("SamplingPreset", "Facts, code and summaries: the likeliest words"));
    case SamplingPreset::Balanced:
        return translated(QT_TRANSLATE_NOOP("SamplingPreset", "Everyday questions"));
    case SamplingPreset::Creative:
        return translated(QT_TRANSLATE_NOOP("SamplingPreset", "Stories and ideas: rarer words more often"));
    }
    return {};
}

} // namespace vitrine::ui
