// SPDX-License-Identifier: GPL-3.0-or-later
// What the A/B panel says and draws of a comparison. Pure but for the language.
#pragma once

#include <array>

#include "engine/analysis/compare.h"
#include "ui/profiler/latency/comparison_chart.h"

namespace vitrine::ui {

class ComparisonTexts
{
public:
    static constexpr std::size_t kCharts = 4;

    static QString metric(const engine::CompareRow& row);
    static QString value(const engine::CompareRow& row, double value);
    /// Of B against A, signed: per cent, of shares points, of counts how many.
    static QString change(const engine::CompareRow& row);
    /// "−31 … −22 %"; of too few values it says so.
    static QString interval(const engine::CompareRow& row);
    /// "aligned by request, 41 of 41"
    static QString pairing(const engine::Comparison& comparison);
    /// First token, between tokens, throughput, KV blocks in use.
    static std::array<ComparedLines, kCharts> charts(const engine::Comparison& comparison);
};

} // namespace vitrine::ui
