// SPDX-License-Identifier: GPL-3.0-or-later
// How freely a reply is worded and how long it may be, as a person chooses it. Values; any thread.
//
// Invariant: every value is one that the engine takes (engine::validate), whatever was read from a file.
#pragma once

#include <array>
#include <optional>

#include <QJsonObject>

#include "engine/sampling/sampling_params.h"

namespace vitrine::ui {

enum class SamplingField {
    Temperature,
    TopK,
    TopP,
    MinP,
    TypicalP,
    Repetition,
    Presence,
    Frequency,
    MaxTokens
};
inline constexpr std::size_t kSamplingFields = 9;

/// What a field may be. A slider spans the part that makes sense, a number box all of it.
struct SamplingRange
{
    const char* key; ///< in files
    double low, high;
    double sliderLow, sliderHigh;
    double neutral; ///< changes nothing; of the length: the usual one
    double step;
    int decimals;
};
const SamplingRange& rangeOf(SamplingField field);

class SamplingSettings
{
public:
    /// Nothing switched on: the likeliest word each time.
    SamplingSettings();

    double operator[](SamplingField field) const { return m_values[std::size_t(field)]; }
    /// Brought into range; not a number counts as neutral.
    void set(SamplingField field, double value);
    SamplingSettings with(SamplingField field, double value) const;
    /// None: a fresh one for each reply.
    std::optional<quint64> seed;

    quint32 maxTokens() const { return quint32((*this)[SamplingField::MaxTokens]); }
    /// Without a seed.
    engine::SamplingParams params() const;

    bool operator==(const SamplingSettings&) const = default;

private:
    std::array<double, kSamplingFields> m_values;
};

QJsonObject toJson(const SamplingSettings& settings);
/// What is missing or not a number keeps the value of `base`.
SamplingSettings samplingFromJson(const QJsonObject& object, const SamplingSettings& base);

} // namespace vitrine::ui
