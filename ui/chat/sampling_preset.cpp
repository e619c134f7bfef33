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

SamplingSettings samplingOf(SamplingPreset preset)
{
    SamplingSettings settings;
    switch (preset) {
    case SamplingPreset::Precise:
        settings.set(SamplingField::Temperature, 0.3);
        settings.set(SamplingField::TopP, 0.9);
        break;
    case SamplingPreset::Balanced:
        settings.set(SamplingField::Temperature, 0.7);
        settings.set(SamplingField::TopP, 0.95);
        settings.set(SamplingField::MinP, 0.05);
        break;
    case SamplingPreset::Creative:
        settings.set(SamplingField::Temperature, 1.0);
        settings.set(SamplingField::MinP, 0.05);
        break;
    case SamplingPreset::Deterministic:
        settings.seed = 0;
        break;
    }
    return settings;
}

const char* presetKey(SamplingPreset preset)
{
    switch (preset) {
    case SamplingPreset::Precise:
        return "precise";
    case SamplingPreset::Balanced:
        return "balanced";
    case SamplingPreset::Creative:
        return "creative";
    case SamplingPreset::Deterministic:
        break;
    }
    return "deterministic";
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
    case SamplingPreset::Deterministic:
        return translated(QT_TRANSLATE_NOOP("SamplingPreset", "Deterministic"));
    }
    return {};
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
    case SamplingPreset::Deterministic:
        return translated(QT_TRANSLATE_NOOP("SamplingPreset",
                                            "Always the likeliest word: the same question, the same reply"));
    }
    return {};
}

std::optional<SamplingPreset> builtInOf(const SamplingSettings& settings)
{
    for (const SamplingPreset preset : kSamplingPresets) {
        if (samplingOf(preset) == settings)
            return preset;
    }
    return std::nullopt;
}

QString nameOf(const SamplingSettings& settings, const QString& systemPrompt, const QList<Preset>& own)
{
    if (const auto builtIn = builtInOf(settings))
        return presetName(*builtIn);
    for (const Preset& preset : own) {
        if (preset.sampling == settings && preset.systemPrompt.value_or(systemPrompt) == systemPrompt)
            return preset.name;
    }
    return {};
}

QString presetLabel(const QString& name, const SamplingSettings& settings)
{
    const double temperature = settings[SamplingField::Temperature];
    const bool fine = qRound(temperature * 100) % 10 != 0;
    //: A preset and its temperature, e.g. "Balanced, T 0.7"
    return translated(QT_TRANSLATE_NOOP("SamplingPreset", "%1, T %2"))
        .arg(name.isEmpty() ? translated(QT_TRANSLATE_NOOP("SamplingPreset", "Custom")) : name,
             QLocale().toString(temperature, 'f', fine ? 2 : 1));
}

} // namespace vitrine::ui
