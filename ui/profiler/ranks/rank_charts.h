// SPDX-License-Identifier: GPL-3.0-or-later
// What the Ranks tab says and draws of several processes: their names, how evenly they computed over time,
// what went between them, how far they were apart, what became of those that failed. Pure, but for
// translations: an application has to be there.
#pragma once

#include "engine/analysis/rank_balance.h"
#include "ui/profiler/analysis/xy_chart.h"
#include "ui/recording/analysis_pictures.h"

namespace vitrine::ui {

class RankCharts
{
public:
    /// "Rank 1", "Stage 2 of 3", "Rank 1 of stage 2 of 3".
    static QString nameOf(const engine::RankBalance& balance, std::size_t process);
    /// "3.4 GiB/s"
    static QString rateText(double bytesPerSecond);
    /// What happened, in the language of the window.
    static QString said(const engine::RankEvent& event);

    /// Busiest and least busy process over time, with failures marked.
    static ChartPicture balance(const SharedSteps& picture);
    /// Bytes that went between processes, over time.
    static ChartPicture link(const SharedSteps& picture);
    /// Steps by how far their processes were apart.
    static ChartPicture skew(const SharedSteps& picture);
};

} // namespace vitrine::ui
