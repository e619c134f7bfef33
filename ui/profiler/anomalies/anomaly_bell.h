// SPDX-License-Identifier: GPL-3.0-or-later
// Whether something unusual is worth a word to a person who is doing something else: only what goes on or
// was over just now, none twice, of a kind once in a while, and never one upon the other. Values.
#pragma once

#include <array>
#include <optional>

#include "ui/recording/analysis_pictures.h"

namespace vitrine::ui {

class AnomalyBell
{
public:
    static constexpr qint64 kSameKindNs = 600'000'000'000; ///< at least between two of one kind
    static constexpr qint64 kAnyNs = 60'000'000'000;       ///< and between any two
    static constexpr qint64 kFreshNs = 10'000'000'000;     ///< what ended earlier is history
    static constexpr double kLeastScore = 10;              ///< spreads

    /// The one to tell of. `nowNs` of nowNs().
    std::optional<engine::Anomaly> ring(const AnomalyPicture& picture, qint64 nowNs);

private:
    bool isQuiet(const AnomalyPicture::Entry& entry, qint64 nowNs) const;

    std::array<std::optional<qint64>, engine::kAnomalyKinds> m_told; ///< when
    std::optional<qint64> m_last;
};

} // namespace vitrine::ui
