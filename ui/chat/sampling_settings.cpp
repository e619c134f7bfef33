// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/sampling_settings.h"

#include <algorithm>
#include <cmath>

namespace vitrine::ui {

namespace {

// In the order of SamplingField. The engine takes no 0 for top-p, typical-p and the repetition penalty.
constexpr std::array<SamplingRange, kSamplingFields> kRanges{{
    {"temperature", 0, 100, 0, 2, 0, 0.05, 2},
    {"top_k", 0, 1'000'000, 0, 200, 0, 1, 0},
    {"top_p", 0.01, 1, 0.01, 1, 1, 0.01, 2},
    {"min_p", 0, 1, 0, 0.5, 0, 0.01, 2},
    {"typical_p", 0.01, 1, 0.01, 1, 1, 0.01, 2},
    {"repetition_penalty", 0.01, 10, 0.8, 1.5, 1, 0.01, 2},
    {"presence_penalty", -10, 10, -2, 2, 0, 0.05, 2},
    {"frequency_penalty", -10, 10, -2, 2, 0, 0.05, 2},
    {"max_tokens", 1, 1'000'000, 16, 8192, 2048, 16, 0},
}};

} // namespace

const SamplingRange& rangeOf(SamplingField field)
{
    return kRanges[std::size_t(field)];
}

SamplingSettings::SamplingSettings() : m_values{}
{
    for (std::size_t i = 0; i < kSamplingFields; ++i)
        m_values[i] = kRanges[i].neutral;
}

void SamplingSettings::set(SamplingField field, double value)
{
    const SamplingRange& range = rangeOf(field);
    if (!std::isfinite(value))
        value = range.neutral;
    const double scale = std::pow(10.0, range.decimals); // so that what is shown is what is used
    m_values[std::size_t(field)] = std::clamp(std::round(value * scale) / scale, range.low, range.high);
}

SamplingSettings SamplingSettings::with(SamplingField field, double value) const
{
    SamplingSettings changed = *this;
    changed.set(field, value);
    return changed;
}

engine::SamplingParams SamplingSettings::params() const
{
    const auto number = [this](SamplingField field) { return static_cast<float>((*this)[field]); };
    engine::SamplingParams params;
    params.temperature = number(SamplingField::Temperature);
    params.topK = std::uint32_t((*this)[SamplingField::TopK]);
    params.topP = number(SamplingField::TopP);
    params.minP = number(SamplingField::MinP);
    params.typicalP = number(SamplingField::TypicalP);
    params.repetitionPenalty = number(SamplingField::Repetition);
    params.presencePenalty = number(SamplingField::Presence);
    params.frequencyPenalty = number(SamplingField::Frequency);
    return params;
}

QJsonObject toJson(const SamplingSettings& settings)
{
    QJsonObject object;
    for (std::size_t i = 0; i < kSamplingFields; ++i)
        object[QLatin1String(kRanges[i].key)] = settings[SamplingField(i)];
    if (settings.seed)
        object["seed"] = QString::number(*settings.seed); // a JSON number would lose digits
    return object;
}

SamplingSettings samplingFromJson(const QJsonObject& object, const SamplingSettings& base)
{
    SamplingSettings settings = base;
    for (std::size_t i = 0; i < kSamplingFields; ++i) {
        const QJsonValue value = object[QLatin1String(kRanges[i].key)];
        if (value.isDouble())
            settings.set(SamplingField(i), value.toDouble());
    }
    const QJsonValue seed = object["seed"];
    bool whole = false;
    const quint64 number = seed.isDouble() ? QString::number(seed.toDouble(), 'f', 0).toULongLong(&whole)
                                           : seed.toString().toULongLong(&whole);
    if (whole)
        settings.seed = number;
    return settings;
}

} // namespace vitrine::ui
