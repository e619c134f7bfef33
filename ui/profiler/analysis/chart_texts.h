// SPDX-License-Identifier: GPL-3.0-or-later
// What the charts of the analyses are made of: histograms of durations and axes of time. Pure; any thread.
#pragma once

#include "engine/analysis/samples.h"
#include "ui/profiler/analysis/xy_chart.h"

namespace vitrine::ui {

/// Of values (> 0), on a logarithmic axis.
struct HistogramLook
{
    QColor Tokens::*colour = &Tokens::accent;
    std::function<QString(double)> text = {}; ///< of any value
    std::function<QString(double)> mark = {}; ///< of one on the axis
    QString empty = {};
    double leastSpan = 4; ///< the axis spans that factor at least
    int bins = 36;
};

/// Bars of how many values lie in each bin, with p50 and p95 marked. Of several samples those after the first
/// are drawn over it in their own colours, over the same bins.
ChartPicture histogramOf(const QList<std::pair<const engine::Samples*, QColor Tokens::*>>& samples,
                         const HistogramLook& look);

/// "1.2 s" of seconds.
QString secondsText(double seconds);
/// "500 ms", "2 s": of round values.
QString shortSecondsText(double seconds);
/// "25 %", "0.9 %"
QString percentText(double share);
/// "p50 1.2 s, p95 3.0 s, 18 in all"; empty of none.
QString percentilesText(const engine::Samples& samples, const std::function<QString(double)>& text);
/// Of a time axis, in seconds after the recording's start.
ChartAxis timeAxis(double from, double to);
/// Whole numbers from 0 to a bit more than `most`.
ChartAxis countAxis(double most);

} // namespace vitrine::ui
